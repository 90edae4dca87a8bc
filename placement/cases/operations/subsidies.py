"""The steps of a subsidy, ticked off by the student or the counselor."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import select

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.models import Case, SubsidyClaim
from placement.cases.operations.opening import claim_version, set_next_step
from placement.db import db
from placement.errors import EditConflictError, InvalidValueError
from placement.reference.subsidies import Subsidy

BEFORE_THE_END = dt.timedelta(days=14)
"""How long before a window closes the reminder of a next step comes."""


def keep_steps(  # noqa: PLR0913 - the steps, each by its name
    case: Case,
    subsidy: Subsidy,
    *,
    actor: Viewer,
    papers: Iterable[str],
    applied_on: dt.date | None,
    settled_on: dt.date | None,
    paid: bool | None,
    set_aside: bool,
    version: int,
) -> SubsidyClaim:
    """Keep how far somebody is with a subsidy; `version` is 0 where nothing was kept before.

    `papers` are codes of those at hand. Raises InvalidValueError for a day in the future, an
    answer without an application or before it, and EditConflictError.
    """
    _check_days(applied_on, settled_on)
    claim = claim_of(case, subsidy)
    if claim is None and version == 0:
        claim = SubsidyClaim(case_id=case.id, student_id=case.student_id, subsidy=subsidy.code)
        db.session.add(claim)
    elif claim is None or version == 0:
        raise EditConflictError(
            "Somebody else changed this in the meantime.",
            remedy="Compare both, then save again.",
        )
    else:
        claim_version(claim, expected=version)
    claim.papers = [code for code in subsidy.papers if code in set(papers)]
    claim.applied_on, claim.settled_on = applied_on, settled_on
    claim.paid = None if settled_on is None else bool(paid)
    claim.set_aside = set_aside
    claim.changed_by, claim.changed_at = actor.user_id, clock.now()
    record_event("subsidy.steps_kept", actor_id=actor.user_id, subject=claim)
    return claim


def _check_days(applied_on: dt.date | None, settled_on: dt.date | None) -> None:
    today = clock.today()
    if (applied_on or today) > today or (settled_on or today) > today:
        raise InvalidValueError("The day lies in the future.", remedy="Enter it when it is there.")
    if settled_on is not None and (applied_on is None or settled_on < applied_on):
        raise InvalidValueError(
            "There is an answer but no application before it.",
            remedy="Enter the day on which you applied.",
            field="applied_on",
        )


def remind_of_subsidy(
    case: Case, subsidy: Subsidy, *, actor: Viewer, text: str, version: int
) -> None:
    """Make a subsidy the next step of a case, due two weeks before its window closes.

    An earlier contact stays. Raises CaseClosedError, EditConflictError, and InvalidValueError
    where the window is over.
    """
    today = clock.today()
    closes = subsidy.window(case.student.class_year)[1]
    if closes < today:
        raise InvalidValueError("The window of this subsidy is over.")
    due = max(today, closes - BEFORE_THE_END)
    if case.next_contact_on is not None:
        due = min(due, case.next_contact_on)
    set_next_step(case, actor=actor, next_step=text, next_contact_on=due, version=version)


def claim_of(case: Case, subsidy: Subsidy) -> SubsidyClaim | None:
    """The steps kept for a subsidy, if there are any."""
    return db.session.execute(
        select(SubsidyClaim).where(
            SubsidyClaim.student_id == case.student_id, SubsidyClaim.subsidy == subsidy.code
        )
    ).scalar_one_or_none()
