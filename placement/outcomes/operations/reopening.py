"""A job that is lost opens the case again."""

from sqlalchemy import select

from placement import clock
from placement.accounts.viewer import Viewer
from placement.cases.models import Case, CloseReason
from placement.cases.operations import reopen_case
from placement.db import db
from placement.outcomes.queries import deciding_outcome
from placement.reference import destinations


def reopen_if_no_longer_placed(student_id: int, *, actor: Viewer) -> bool:
    """Open a case that was closed as placed once no placed outcome stands; whether it was.

    Called after an outcome was reported, rejected or taken back. Whoever closed it for another
    reason decided something else, so that case stays closed.
    """
    db.session.flush()
    case = db.session.execute(
        select(Case).where(
            Case.student_id == student_id,
            Case.voided_at.is_(None),
            Case.close_reason == CloseReason.PLACED,
        )
    ).scalar_one_or_none()
    if case is None:
        return False
    today = clock.today()
    deciding = deciding_outcome(student_id, day=today)
    if deciding is not None and destinations.is_placed(deciding.code):
        return False
    reopen_case(case, actor=actor, today=today, version=case.version)
    return True
