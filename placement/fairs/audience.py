"""Who is invited: students of a register by category, university, level and destination."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, literal, or_, select

from placement import clock
from placement.accounts.viewer import Viewer
from placement.fairs.models import Fair, SignUp
from placement.notices.models import (
    ACCOUNT_KINDS,
    Delivery,
    DeliveryState,
    Notice,
    NoticeKind,
    OptOut,
)
from placement.outcomes.models import Decision, Outcome, Verification
from placement.outcomes.queries import decided, in_dispute
from placement.reference import destinations, standings
from placement.students.models import Category, Membership, MembershipState, Student
from placement.students.queries import in_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusions:
    """Who of an audience is left out although the choice fits them."""

    answered: bool = False
    """Who has said for this fair that they come, wait for a place, or do not come."""
    placed: bool = False
    """Who has found a place, as a report of today under verified outcomes has it."""
    opted_out: bool = False
    """Who does not want notices of fairs by mail or by SMS; else they find it in the inbox."""
    contacted_days: int = 0
    """Whom we have written to in so many days, mails about their account aside; 0 for nobody."""
    student_ids: tuple[int, ...] = ()
    """Persons named one by one."""

    def as_codes(self) -> dict[str, Any]:
        """What is left out, in codes; nothing for what is not."""
        codes = {
            "without_answered": self.answered,
            "without_placed": self.placed,
            "without_opted_out": self.opted_out,
            "without_contacted_days": self.contacted_days,
            "without_students": sorted(self.student_ids),
        }
        return {name: value for name, value in codes.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """How an audience is chosen; an empty choice narrows nothing.

    `parts` are the six parts of the rate, as a report of today under verified outcomes has them.
    """

    categories: tuple[Category, ...] = ()
    university_ids: tuple[int, ...] = ()
    levels: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    without: Exclusions = Exclusions()

    def as_codes(self) -> dict[str, Any]:
        """The choice in codes, as it is kept with the notice."""
        return {
            "categories": [category.value for category in self.categories],
            "universities": list(self.university_ids),
            "levels": list(self.levels),
            "parts": list(self.parts),
            **self.without.as_codes(),
        }


def audience_from(codes: Mapping[str, Any]) -> Audience:
    """The choice that `as_codes` wrote."""
    return Audience(
        categories=tuple(Category(code) for code in codes.get("categories", ())),
        university_ids=tuple(codes.get("universities", ())),
        levels=tuple(codes.get("levels", ())),
        parts=tuple(codes.get("parts", ())),
        without=Exclusions(
            answered=bool(codes.get("without_answered")),
            placed=bool(codes.get("without_placed")),
            opted_out=bool(codes.get("without_opted_out")),
            contacted_days=int(codes.get("without_contacted_days", 0)),
            student_ids=tuple(codes.get("without_students", ())),
        ),
    )


def audience_of(
    fair: Fair, audience: Audience, *, viewer: Viewer | None, today: dt.date
) -> Select[int]:
    """Select the ids of the students to invite to a fair.

    A fair with a class year is for that register; without one, for every student in a category
    of those chosen, or for all. Withdrawn, transferred and deceased students are left out.
    `viewer` limits it to whom they may see; none is the program itself.
    """
    left_out = _left_out(fair, audience.without, today)
    return (
        select(Student.id)
        .where(
            *_choice(fair, audience, viewer, today), *(~condition for _code, condition in left_out)
        )
        .order_by(Student.id)
    )


def left_out_of(
    fair: Fair, audience: Audience, *, viewer: Viewer | None, today: dt.date
) -> Select[int, str]:
    """Select whom the choice fits and who are left out all the same, each with the first reason.

    The reasons are `left` for those whom nothing is sent to any more, and the names of exclusions.
    """
    left_out = _left_out(fair, audience.without, today)
    reason = case(*((condition, code) for code, condition in left_out))
    return select(Student.id, reason.label("reason")).where(
        *_choice(fair, audience, viewer, today),
        or_(*(condition for _code, condition in left_out)),
    )


def _choice(
    fair: Fair, audience: Audience, viewer: Viewer | None, today: dt.date
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Student.voided_at.is_(None) if viewer is None else in_scope(viewer)
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
    return conditions


def _left_out(
    fair: Fair, without: Exclusions, today: dt.date
) -> list[tuple[str, ColumnElement[bool]]]:
    """Each way to be left out with its condition, the strongest first."""
    notified = [code for code in standings.codes if standings.is_notified(code)]
    ways: list[tuple[str, ColumnElement[bool]]] = [("left", Student.standing.not_in(notified))]
    if without.student_ids:
        ways.append(("named", Student.id.in_(without.student_ids)))
    if without.answered:
        answered = exists().where(SignUp.fair_id == fair.id, SignUp.student_id == Student.id)
        ways.append(("answered", answered))
    if without.placed:
        placed = [part for part in destinations.PARTS if destinations.is_placed_part(part)]
        ways.append(("placed", _in_parts(fair, tuple(placed), today)))
    if without.opted_out:
        unwanted = exists().where(OptOut.student_id == Student.id, OptOut.kind == NoticeKind.FAIR)
        ways.append(("opted_out", unwanted))
    if without.contacted_days:
        ways.append(("contacted", _contacted(without.contacted_days)))
    return ways


def _contacted(days: int) -> ColumnElement[bool]:
    """Who got a notice in so many days or has one on its way; what failed counts for nothing."""
    since = clock.now() - dt.timedelta(days=days)
    missed = (DeliveryState.SKIPPED, DeliveryState.FAILED, DeliveryState.EXPIRED)
    return Student.id.in_(
        select(Delivery.student_id)
        .join(Notice, Notice.id == Delivery.notice_id)
        .where(
            Notice.kind.not_in(ACCOUNT_KINDS),
            Notice.created_at > since,
            Delivery.student_id.is_not(None),
            Delivery.state.not_in(missed),
        )
    )


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
