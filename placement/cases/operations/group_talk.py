"""One talk with several students: a note for each, and all of them taken back at once."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import select

from placement.accounts.viewer import Viewer
from placement.cases.models import Case, FollowUp, FollowUpMethod, FollowUpResult
from placement.cases.operations.contacts import record_follow_up, undo_follow_up
from placement.cases.operations.opening import promise_next_step
from placement.cases.queries import visible_cases
from placement.db import db
from placement.errors import NotVisibleError


def record_group_talk(
    cases: Sequence[Case],
    *,
    counselor: Viewer,
    group_id: uuid.UUID,
    contacted_on: dt.date,
    next_contact_on: dt.date,
    summary: str,
    next_step: str = "",
) -> list[FollowUp]:
    """Record one talk in the case of each who took part; the same `group_id` again does nothing.

    `next_step` is for those who have none. Raises what `record_follow_up` does, and
    InvalidValueError when somebody is left without a next step; then nobody has a note.
    """
    noted = []
    for case in cases:
        noted.append(
            record_follow_up(
                case,
                counselor=counselor,
                contacted_on=contacted_on,
                method=FollowUpMethod.GROUP,
                result=FollowUpResult.REACHED,
                version=case.version,
                summary=summary,
                next_contact_on=next_contact_on,
                submission_id=uuid.uuid5(group_id, str(case.id)),
                group_id=group_id,
            )
        )
        text = "" if case.next_step else next_step
        promise_next_step(case, actor=counselor, text=text)
    return noted


def undo_group_talk(group_id: uuid.UUID, *, actor: Viewer) -> int:
    """Take back all notes of a group talk; how many. Raises NotVisibleError and NotAllowedError."""
    rows = db.session.execute(
        select(FollowUp, Case)
        .join(Case, Case.id == FollowUp.case_id)
        .where(
            FollowUp.group_id == group_id,
            Case.id.in_(visible_cases(actor).with_only_columns(Case.id).order_by(None)),
        )
    ).all()
    if not rows:
        raise NotVisibleError("There is no such group talk.")
    for follow_up, case in rows:
        undo_follow_up(follow_up, case=case, actor=actor)
    return len(rows)
