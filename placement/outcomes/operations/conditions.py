"""What the rule of a code asks of one outcome, and the minimum wages that it is held to."""

import datetime as dt

from sqlalchemy import func, literal, select

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError
from placement.outcomes.models import Evidence, MinimumWage, Outcome
from placement.outcomes.rules import unmet
from placement.reference.outcome_rules import OutcomeRule, rule_for


def rule_of(outcome: Outcome) -> OutcomeRule:
    """The rule that an outcome is held to: that of the day from which it holds."""
    return rule_for(outcome.code, outcome.effective_on)


def unmet_of(outcome: Outcome) -> tuple[str, ...]:
    """What the rule asks for and is not there; words of `outcomes.rules`."""
    rule = rule_of(outcome)
    papers = db.session.execute(
        select(Evidence.kind).where(
            Evidence.outcome_id == outcome.id, Evidence.removed_at.is_(None)
        )
    ).scalars()
    floor = None
    if rule.minimum_wage:
        place = outcome.employer_division or outcome.student.university.city
        floor = minimum_wage(place, on=outcome.effective_on)
    return unmet(rule, papers=set(papers), pay=outcome.monthly_pay, floor=floor)


def minimum_wage(division: str, *, on: dt.date) -> int | None:
    """The minimum wage of a place on a day in yuan a month; none where nobody entered it."""
    if not division:
        return None
    return db.session.execute(
        select(MinimumWage.monthly)
        .where(
            literal(division).startswith(MinimumWage.division, autoescape=False),
            MinimumWage.holds_from <= on,
        )
        .order_by(func.length(MinimumWage.division).desc(), MinimumWage.holds_from.desc())
        .limit(1)
    ).scalar_one_or_none()


def set_minimum_wage(
    *, actor: Viewer, division: str, monthly: int, holds_from: dt.date, source: str
) -> MinimumWage:
    """Enter the minimum wage of a place from a day on, with where it is written.

    Raises NotAllowedError for anybody but the province, InvalidValueError for a place that is no
    beginning of a division code, a sum of nothing, a missing source, or a day entered before.
    """
    if actor.role is not Role.PROVINCE:
        raise NotAllowedError("Minimum wages are entered by the province.")
    if not (division.isdecimal() and len(division) in {2, 4, 6}):
        raise InvalidValueError("A place is 2, 4 or 6 digits of the division code.")
    if monthly <= 0 or len(source.strip()) < 2:
        raise InvalidValueError("A minimum wage needs its sum and its source.")
    known = select(MinimumWage.id).where(
        MinimumWage.division == division, MinimumWage.holds_from == holds_from
    )
    if db.session.execute(known).first() is not None:
        raise InvalidValueError(
            "This place has a minimum wage from this day.", remedy="Choose another day."
        )
    row = MinimumWage(
        division=division,
        monthly=monthly,
        holds_from=holds_from,
        source=source.strip(),
        set_by=actor.user_id,
        set_at=clock.now(),
    )
    db.session.add(row)
    record_event("minimum_wage.set", actor_id=actor.user_id, subject=row)
    return row
