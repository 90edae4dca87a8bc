"""Papers that support an outcome."""

from sqlalchemy import func, select

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError
from placement.files import StoredFile, erase_file, store_file
from placement.outcomes.evidence_files import clean_paper
from placement.outcomes.models import Evidence, Outcome

MOST_PAPERS = 20


def add_evidence(outcome: Outcome, *, actor: Viewer, data: bytes, kind: str) -> Evidence:
    """Keep a picture or PDF with an outcome; the file's own name is not kept.

    Raises EvidenceRefusedError for another kind of file and InvalidValueError for too many.
    """
    count = select(func.count()).where(
        Evidence.outcome_id == outcome.id, Evidence.removed_at.is_(None)
    )
    if db.session.execute(count).scalar_one() >= MOST_PAPERS:
        raise InvalidValueError("There are 20 papers already.", remedy="Remove one first.")
    paper = clean_paper(data)
    file = store_file(
        paper.data,
        name=f"evidence-{clock.today():%Y%m%d}.{paper.ending}",
        content_type=paper.content_type,
        purpose="evidence",
        created_by=actor.user_id,
        student_id=outcome.student_id,
    )
    evidence = Evidence(
        outcome_id=outcome.id,
        student_id=outcome.student_id,
        file_id=file.id,
        kind=kind,
        added_by=actor.user_id,
    )
    db.session.add(evidence)
    record_event("evidence.added", actor_id=actor.user_id, subject=evidence)
    return evidence


def remove_evidence(evidence: Evidence, *, actor: Viewer) -> None:
    """Remove a paper that was added by mistake; its content is erased. Raises NotAllowedError."""
    if evidence.added_by != actor.user_id:
        raise NotAllowedError("Only who added a paper can remove it.")
    if evidence.removed_at is None:
        evidence.removed_at = clock.now()
        erase_file(db.session.get_one(StoredFile, evidence.file_id))
        record_event("evidence.removed", actor_id=actor.user_id, subject=evidence)
