"""The stands of a fair: who has which place, and which postings they bring."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations import claim_version
from placement.db import db
from placement.errors import InvalidValueError
from placement.fairs.models import Fair, Stand, StandPosting
from placement.fairs.operations.standing import require_host
from placement.jobs.models import Employer, Posting
from placement.jobs.operations import know_employer
from placement.jobs.queries import is_live


@dataclass(frozen=True, slots=True, kw_only=True)
class StandPlan:
    """What a stand is: its number, who has it, what they offer, which postings they bring.

    `employer_id` names an employer who is known; without it `employer_name` and, if known, the
    `employer_code` (GB 32100) find or make one.
    """

    number: str
    employer_name: str
    employer_id: int | None = None
    employer_code: str | None = None
    offers: str = ""
    openings: int | None = None
    posting_ids: Sequence[int] = ()


def add_stand(fair: Fair, plan: StandPlan, *, actor: Viewer) -> Stand:
    """Give an employer a stand.

    Raises NotAllowedError and InvalidValueError for a taken number or a foreign posting.
    """
    require_host(fair, actor)
    return _add(fair, plan, actor=actor, taken=_numbers(fair))


def add_stands(
    fair: Fair, plans: Sequence[StandPlan], *, actor: Viewer | None, with_postings: bool = True
) -> int:
    """Give several employers a stand each, all or none; how many.

    Each brings the postings of theirs that take people today, if `with_postings`. `actor` None
    is the program itself, for which an employer who is not known stays a name. Raises as
    `add_stand` does.
    """
    if actor is not None:
        require_host(fair, actor)
    taken = _numbers(fair)
    stands = [_add(fair, plan, actor=actor, taken=taken) for plan in plans]
    if with_postings:
        bring_postings(stands, today=clock.today())
    return len(stands)


def bring_postings(stands: Iterable[Stand], *, today: dt.date, most: int | None = None) -> None:
    """Let stands that bring nothing yet bring what their employers offer on a local day.

    `most` is how many a stand brings, the newest first; all without it.
    """
    empty = [stand for stand in stands if stand.employer_id is not None and not stand.brought]
    rows = db.session.execute(
        select(Posting.employer_id, Posting.id)
        .where(Posting.employer_id.in_({stand.employer_id for stand in empty}), is_live(today))
        .order_by(Posting.id.desc())
    )
    live: dict[int, list[int]] = {}
    for employer_id, posting_id in rows:
        live.setdefault(employer_id, []).append(posting_id)
    for stand in empty:
        chosen = live.get(stand.employer_id or 0, [])[:most]
        stand.brought = [StandPosting(posting_id=posting_id) for posting_id in sorted(chosen)]


def change_stand(stand: Stand, plan: StandPlan, *, fair: Fair, actor: Viewer, version: int) -> None:
    """Change a stand; its employer stays. Raises as `add_stand` does, and EditConflictError."""
    require_host(fair, actor)
    if plan.number.strip() != stand.number:
        _free_number(plan.number, _numbers(fair))
    claim_version(stand, expected=version)
    stand.number, stand.openings = plan.number.strip(), plan.openings
    stand.employer_name, stand.offers = plan.employer_name.strip(), plan.offers.strip()
    wanted = {brought.posting_id for brought in _brought(plan, stand.employer)}
    stand.brought = [brought for brought in stand.brought if brought.posting_id in wanted] + [
        StandPosting(posting_id=posting_id)
        for posting_id in sorted(wanted - {brought.posting_id for brought in stand.brought})
    ]
    record_event("stand.changed", actor_id=actor.user_id, subject=stand)


def remove_stand(stand: Stand, *, fair: Fair, actor: Viewer) -> None:
    """Take a stand away; it can be put back. Raises NotAllowedError."""
    require_host(fair, actor)
    if stand.removed_at is None:
        stand.removed_at = clock.now()
        record_event("stand.removed", actor_id=actor.user_id, subject=stand)


def restore_stand(stand: Stand, *, fair: Fair, actor: Viewer) -> None:
    """Put a stand back. Raises NotAllowedError, and InvalidValueError if its place is taken."""
    require_host(fair, actor)
    if stand.removed_at is not None:
        _free_number(stand.number, _numbers(fair))
        stand.removed_at = None
        record_event("stand.restored", actor_id=actor.user_id, subject=stand)


def _add(fair: Fair, plan: StandPlan, *, actor: Viewer | None, taken: set[str]) -> Stand:
    number = _free_number(plan.number, taken)
    taken.add(number)
    employer = _employer(plan, actor)
    stand = Stand(
        fair_id=fair.id,
        number=number,
        employer_id=employer.id if employer else None,
        employer_name=plan.employer_name.strip() or (employer.name if employer else ""),
        offers=plan.offers.strip(),
        openings=plan.openings,
        brought=_brought(plan, employer),
    )
    db.session.add(stand)
    record_event("stand.added", actor_id=actor.user_id if actor else None, subject=stand)
    return stand


def _numbers(fair: Fair) -> set[str]:
    used = select(Stand.number).where(Stand.fair_id == fair.id, Stand.removed_at.is_(None))
    return set(db.session.execute(used).scalars())


def _free_number(number: str, taken: set[str]) -> str:
    if number.strip() in taken:
        raise InvalidValueError(
            "Stand %(number)s is taken.",
            remedy="Choose another number.",
            number=number.strip(),
            field="number",
        )
    return number.strip()


def _employer(plan: StandPlan, actor: Viewer | None) -> Employer | None:
    if plan.employer_id is not None:
        employer = db.session.get(Employer, plan.employer_id)
        if employer is None:
            raise InvalidValueError("There is no such employer.", remedy="Search again.")
        return employer
    if actor is None:
        return None
    if not plan.employer_name.strip():
        raise InvalidValueError("A stand needs an employer.")
    return know_employer(plan.employer_name, plan.employer_code, actor=actor)


def _brought(plan: StandPlan, employer: Employer | None) -> list[StandPosting]:
    wanted = sorted(set(plan.posting_ids))
    if not wanted:
        return []
    own = select(Posting.id).where(
        Posting.id.in_(wanted), Posting.employer_id == (employer.id if employer else None)
    )
    if set(db.session.execute(own).scalars()) != set(wanted):
        raise InvalidValueError("A stand brings postings of its own employer only.")
    return [StandPosting(posting_id=posting_id) for posting_id in wanted]
