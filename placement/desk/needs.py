"""Who needs the counselor today, in order of need, each with the one reason why."""

import datetime as dt
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from placement.accounts.viewer import Viewer
from placement.cases.models import Case, FollowUp, FollowUpResult
from placement.cases.queries import due_cases, visible_cases
from placement.db import db
from placement.outcomes.queries import outcomes_in_dispute
from placement.students.models import Student

NO_CONTACT_DAYS = 30
"""Follow-up at least every 30 days: the rule that the page shows beside the name."""
LONGEST_LIST = 60


@dataclass(frozen=True, slots=True)
class Need:
    """One person who needs something today."""

    case: Case
    reason: str
    due_on: dt.date | None
    rank: int

    @property
    def student(self) -> Student:
        """Who it is."""
        return self.case.student


def needs_today(viewer: Viewer, *, today: dt.date) -> tuple[list[Need], int]:
    """The people to act on today, most urgent first, and how many there are in all."""
    due = due_cases(viewer, today=today)
    total = int(
        db.session.execute(
            select(func.count()).select_from(due.order_by(None).subquery())
        ).scalar_one()
    )
    cases = list(db.session.execute(due.limit(LONGEST_LIST)).scalars())
    missed = _missed_calls([case.id for case in cases])
    disputed = {
        outcome.student_id for outcome in db.session.execute(outcomes_in_dispute(viewer)).scalars()
    }
    needs = [
        _need(case, today, missed.get(case.id, 0), case.student_id in disputed) for case in cases
    ]
    return sorted(needs, key=lambda need: (need.rank, need.due_on or dt.date.max)), total


def tomorrow_count(viewer: Viewer, *, today: dt.date) -> int:
    """How many people come up tomorrow."""
    tomorrow = today + dt.timedelta(days=1)
    query = visible_cases(viewer).where(Case.closed_on.is_(None), Case.next_contact_on == tomorrow)
    return int(db.session.execute(select(func.count()).select_from(query.subquery())).scalar_one())


def _need(case: Case, today: dt.date, missed: int, disputed: bool) -> Need:  # noqa: FBT001 - a fact
    silent = (today - case.last_contact_on).days if case.last_contact_on else None
    if disputed:
        return Need(case, _("says that the recorded outcome is wrong"), case.next_contact_on, 0)
    if missed >= 2:
        reason = ngettext("%(num)d call not answered", "%(num)d calls not answered", missed)
        return Need(case, reason, case.next_contact_on, 1)
    if case.last_contact_on is None:
        return Need(case, _("new in your caseload, no contact yet"), case.next_contact_on, 2)
    if silent is not None and silent > NO_CONTACT_DAYS:
        reason = ngettext("no contact for %(num)d day", "no contact for %(num)d days", silent)
        return Need(case, reason, case.next_contact_on, 2)
    if case.next_step is None:
        return Need(case, _("no next step"), case.next_contact_on, 3)
    return Need(case, case.next_step, case.next_contact_on, 3)


def _missed_calls(case_ids: list[int]) -> dict[int, int]:
    """How many contacts in a row, the last ones, were not answered."""
    reached = (
        select(func.max(FollowUp.contacted_on))
        .where(
            FollowUp.case_id == Case.id,
            FollowUp.voided_at.is_(None),
            FollowUp.result != FollowUpResult.NO_ANSWER,
        )
        .correlate(Case)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(FollowUp.case_id, func.count())
        .join(Case, Case.id == FollowUp.case_id)
        .where(
            FollowUp.case_id.in_(case_ids),
            FollowUp.voided_at.is_(None),
            FollowUp.result == FollowUpResult.NO_ANSWER,
            (reached.is_(None)) | (FollowUp.contacted_on > reached),
        )
        .group_by(FollowUp.case_id)
    )
    return {row[0]: row[1] for row in rows}
