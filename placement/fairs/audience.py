"""Who is invited: students of a register by category, university, level and destination."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal, or_, select

from placement.accounts.viewer import Viewer
from placement.fairs.models import Fair
from placement.outcomes.models import Decision, Outcome, Verification
from placement.outcomes.queries import decided, in_dispute
from placement.reference import destinations, standings
from placement.students.models import Category, Membership, MembershipState, Student
from placement.students.queries import in_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """How an audience is chosen; an empty choice narrows nothing.

    `parts` are the six parts of the rate, as a report of today under verified outcomes has them.
    """

    categories: tuple[Category, ...] = ()
    university_ids: tuple[int, ...] = ()
    levels: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    def as_codes(self) -> dict[str, Any]:
        """The choice in codes, as it is kept with the notice."""
        return {
            "categories": [category.value for category in self.categories],
            "universities": list(self.university_ids),
            "levels": list(self.levels),
            "parts": list(self.parts),
        }


def audience_of(
    fair: Fair, audience: Audience, *, viewer: Viewer | None, today: dt.date
) -> Select[int]:
    """Select the ids of the students to invite to a fair.

    A fair with a class year is for that register; without one, for every student in a category
    of those chosen, or for all. Withdrawn, transferred and deceased students are left out.
    `viewer` limits it to whom they may see; none is the program itself.
    """
    notified = [code for code in standings.codes if standings.is_notified(code)]
    conditions: list[ColumnElement[bool]] = [
        Student.voided_at.is_(None) if viewer is None else in_scope(viewer),
        Student.standing.in_(notified),
    ]
    if fair.class_year is not None:
        conditions += [Student.class_year == fair.class_year, _registered(fair, (), today)]
    if audience.categories:
        conditions.append(_registered(fair, audience.categories, today))
    if audience.university_ids:
        conditions.append(Student.university_id.in_(audience.university_ids))
    if audience.levels:
        conditions.append(Student.level.in_(audience.levels))
    if audience.parts:
        conditions.append(_in_parts(fair, audience.parts, today))
    return select(Student.id).where(*conditions).order_by(Student.id)


def _registered(
    fair: Fair, categories: tuple[Category, ...], today: dt.date
) -> ColumnElement[bool]:
    last = today if fair.class_year is None else min(today, dt.date(fair.class_year, 12, 31))
    narrowed = Membership.category.in_(categories) if categories else literal(value=True)
    return exists().where(
        Membership.student_id == Student.id,
        narrowed,
        Membership.state == MembershipState.CONFIRMED,
        Membership.voided_at.is_(None),
        Membership.holds_from <= today,
        or_(Membership.holds_to.is_(None), Membership.holds_to > last),
    )


def _in_parts(fair: Fair, parts: tuple[str, ...], today: dt.date) -> ColumnElement[bool]:
    """The condition that the outcome which decides today is in one of `parts`.

    Nobody's outcome, and one in dispute, is seeking.
    """
    scheme = destinations.scheme_for(fair.class_year or today.year)
    codes = [code for part in parts for code in destinations.codes_of(part, scheme)]
    deciding = _deciding_outcome(today)
    chosen = Outcome.__table__.alias("chosen")
    settled = exists().where(
        chosen.c.id == deciding, chosen.c.code.in_(codes), ~_disputed(chosen.c.id)
    )
    if "seeking" not in parts:
        return settled
    unsettled = exists().where(chosen.c.id == deciding, ~_disputed(chosen.c.id))
    return or_(settled, ~unsettled)


def _deciding_outcome(today: dt.date) -> ColumnElement[int]:
    placed = [code for code in destinations.codes if destinations.is_placed(code)]
    counts = or_(decided(Decision.VERIFIED), Outcome.code.not_in(placed))
    return (
        select(Outcome.id)
        .where(
            Outcome.student_id == Student.id,
            Outcome.effective_on <= today,
            Outcome.voided_at.is_(None),
            ~decided(Decision.REJECTED),
            counts,
        )
        .order_by(Outcome.effective_on.desc(), Outcome.recorded_at.desc(), Outcome.id.desc())
        .limit(1)
        .correlate_except(Outcome, Verification)
        .scalar_subquery()
    )


def _disputed(outcome_id: ColumnElement[int]) -> ColumnElement[bool]:
    disputed = select(Outcome.id).where(in_dispute())
    return outcome_id.in_(disputed)


def count_audience(chosen: Select[int]) -> Select[int]:
    """Select the head count of an audience."""
    return select(func.count()).select_from(chosen.order_by(None).subquery())
