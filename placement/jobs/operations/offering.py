"""Postings brought by hand: added, changed, closed, opened again; employers verified."""

import datetime as dt
import uuid
from dataclasses import asdict, dataclass

from placement import clock, queue
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations import claim_version
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError
from placement.jobs.models import Employer, Posting, PostingState
from placement.jobs.queries import employer_known_as, may_change, open_postings_of, posting_numbered

VERIFIERS = (Role.UNIVERSITY, Role.PROVINCE)
"""Who answers for an employer; a counselor's new one waits for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingPlan:
    """What a posting says; columns and units as in the model."""

    title: str
    openings: int
    occupation_code: str | None = None
    city: str | None = None
    industry: str | None = None
    salary_min: int | None = None
    salary_max: int | None = None
    level: str | None = None
    majors: tuple[str, ...] = ()
    majors_strict: bool = False
    deadline: dt.date | None = None
    description: str = ""
    reserved_for: tuple[str, ...] = ()
    accommodations: tuple[str, ...] = ()


def add_posting(
    plan: PostingPlan,
    *,
    employer_name: str,
    employer_code: str | None,
    actor: Viewer,
    submission_id: uuid.UUID,
) -> Posting:
    """Add a posting of the actor's university, or of the province; students get it at once.

    A second submit of the same form (`submission_id`) gives the first posting back.

    An employer who is not known is added: verified by a university or the province, while a
    counselor's waits for one of them and is proposed to nobody until then.
    Raises InvalidValueError.
    """
    _check(plan)
    employer = know_employer(employer_name, employer_code, actor=actor)
    number = f"W{submission_id.hex[:12]}"
    known = posting_numbered(employer, number)
    if known is not None:
        return known
    posting = Posting(
        employer_id=employer.id,
        number=number,
        university_id=actor.university_id,
        **_columns(plan),
    )
    db.session.add(posting)
    record_event("posting.added", actor_id=actor.user_id, subject=posting)
    queue.after_commit(queue.RECOMMEND_POSTING, posting.id)
    return posting


def change_posting(posting: Posting, plan: PostingPlan, *, actor: Viewer, version: int) -> None:
    """Change what a posting says. Raises NotAllowedError, InvalidValueError, EditConflictError."""
    require_own(posting, actor)
    _check(plan)
    claim_version(posting, expected=version)
    for name, value in _columns(plan).items():
        setattr(posting, name, value)
    _changed(posting, actor, "posting.changed")


def close_posting(posting: Posting, *, actor: Viewer) -> None:
    """Take a posting off: it is shown to nobody any more. Raises NotAllowedError."""
    require_own(posting, actor)
    if posting.state is PostingState.OPEN:
        posting.state = PostingState.CLOSED
        posting.version += 1
        _changed(posting, actor, "posting.closed")


def reopen_posting(posting: Posting, *, actor: Viewer) -> None:
    """Offer a posting again. Raises NotAllowedError, and InvalidValueError past its deadline."""
    require_own(posting, actor)
    if posting.deadline is not None and posting.deadline < clock.today():
        raise InvalidValueError("Its deadline has passed.", remedy="Set a later one first.")
    if posting.state is PostingState.CLOSED:
        posting.state = PostingState.OPEN
        posting.version += 1
        _changed(posting, actor, "posting.reopened")


def verify_employer(posting: Posting, *, actor: Viewer) -> None:
    """Answer for the employer of a posting, so that it is proposed. Raises NotAllowedError."""
    if actor.role not in VERIFIERS:
        raise NotAllowedError("Employers are verified by a university or the province.")
    employer = posting.employer
    if employer.verified_at is None:
        employer.verified_at = clock.now()
        record_event("employer.verified", actor_id=actor.user_id, subject=employer)
        for offered in open_postings_of(employer):
            queue.after_commit(queue.RECOMMEND_POSTING, offered)


def require_own(posting: Posting, actor: Viewer) -> None:
    """Raise NotAllowedError unless the actor's institution brought the posting."""
    if not may_change(actor, posting):
        raise NotAllowedError("This posting was brought by another university or by the province.")


def _changed(posting: Posting, actor: Viewer, action: str) -> None:
    record_event(action, actor_id=actor.user_id, subject=posting)
    queue.after_commit(queue.RECOMMEND_POSTING, posting.id)


def know_employer(name: str, code: str | None, *, actor: Viewer) -> Employer:
    """The employer of this name and code, added if nobody knows them yet.

    One whom a university or the province adds is verified by that.
    """
    found = employer_known_as(name, code)
    if found is None:
        found = Employer(name=name.strip(), code=code or None)
        if actor.role in VERIFIERS:
            found.verified_at = clock.now()
        db.session.add(found)
        db.session.flush()
        record_event("employer.added", actor_id=actor.user_id, subject=found)
    return found


def _columns(plan: PostingPlan) -> dict[str, object]:
    columns = asdict(plan)
    return {n: list(v) if isinstance(v, tuple) else v for n, v in columns.items()}


def _check(plan: PostingPlan) -> None:
    low, high = plan.salary_min, plan.salary_max
    if low is not None and high is not None and low > high:
        raise InvalidValueError("The lowest pay is above the highest.", field="salary_min")
    if plan.deadline is not None and plan.deadline < clock.today():
        raise InvalidValueError(
            "The deadline has passed.", remedy="Set a later one.", field="deadline"
        )
    if plan.majors_strict and not any(code.isdecimal() for code in plan.majors):
        raise InvalidValueError(
            "Nobody of another major is taken, but no major is named that the catalogues know.",
            remedy="Name the majors by their national names or codes.",
            field="majors",
        )
