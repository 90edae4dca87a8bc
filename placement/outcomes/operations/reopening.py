"""A job that is lost opens the case again."""

from collections.abc import Sequence

from placement import clock
from placement.accounts.viewer import Viewer
from placement.cases.models import Case
from placement.cases.operations import reopen_case
from placement.db import db
from placement.outcomes.queries import closed_but_not_placed


def reopen_if_no_longer_placed(student_id: int, *, actor: Viewer) -> bool:
    """Open a case that was closed as placed once no placed outcome stands; whether it was.

    Called after an outcome was reported, rejected or taken back. Whoever closed it for another
    reason decided something else, so that case stays closed.
    """
    db.session.flush()
    return bool(reopen(lost_placements([student_id]), actor_id=actor.user_id))


def lost_placements(student_ids: Sequence[int]) -> Sequence[Case]:
    """The cases among these students that are closed as placed and whose job is lost, locked."""
    found = closed_but_not_placed(student_ids, day=clock.today())
    return db.session.execute(found.with_for_update(of=Case)).scalars().all()


def reopen(cases: Sequence[Case], *, actor_id: int | None) -> Sequence[Case]:
    """Open these cases again, due today; without `actor_id` the program does."""
    for case in cases:
        reopen_case(case, actor_id=actor_id, today=clock.today(), version=case.version)
    return cases
