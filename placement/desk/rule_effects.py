"""Whom a change of the rules would touch, by university and by name, before it is made.

People are judged as they stand today, by the rules of the day from which the change would hold:
once as they are, once as they would be.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    exists,
    false,
    func,
    not_,
    or_,
    select,
)

from placement.accounts.models import University
from placement.accounts.viewer import Viewer
from placement.cases.entitlement import Window, window_on
from placement.cases.models import Case
from placement.cases.standard import CONTACT
from placement.db import db
from placement.desk.rule_people import Behind, Judged, people_behind
from placement.desk.service import given_by, met_by
from placement.outcomes.models import Outcome
from placement.outcomes.queries import last_outcome_id
from placement.reference import destinations
from placement.reference.service_standards import Standard, standard_of
from placement.reference.subsidies import Subsidy, subsidy_of
from placement.rulebook.models import Rule, RuleSet
from placement.rulebook.queries import STANDARD, Held, history_in, own_rules
from placement.students.models import Membership, Student
from placement.students.queries import in_scope, membership_holds
from placement.web import Page

Histories = Mapping[RuleSet, list[Held]]
Rows = list[Mapping[str, str]]
_DAY = dt.timedelta(days=1)
YEARS_ROUND = 8
"""How many class years before and after a day may have a window open on it."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does at one university, in people."""

    university_id: int
    name: str
    people: int
    before: int
    """Who has it all, is in touch, or is probably entitled, by the rules as they are."""
    after: int
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Look:
    """What an act on the rules would do, seen without doing it."""

    effects: list[Effect]
    """By university in the order of their names; only those with anybody whom the set concerns."""
    digest: str
    """The rules as they would be: what is done must be what was looked at."""
    behind: Behind | None
    people: Page | None
    """The page of `Person` that was asked for."""

    @property
    def moved(self) -> int:
        """How many people stand otherwise afterwards."""
        return self.gained + self.lost

    @property
    def gained(self) -> int:
        """How many people have it, are in touch or may apply only afterwards."""
        return sum(effect.gained for effect in self.effects)

    @property
    def lost(self) -> int:
        """How many people had it, were in touch or might apply only before."""
        return sum(effect.lost for effect in self.effects)


def look_at(
    act: Callable[[], Rule],
    set_: RuleSet,
    viewer: Viewer,
    *,
    today: dt.date,
    behind: Behind | None = None,
) -> Look:
    """Try an act, count whom it touches, and take everything back: the transaction is rolled back.

    `behind` asks for a page of the people as well. Raises what the act raises.
    """
    before = _histories(set_)
    rule = act()
    day = max(today, rule.valid_from if rule.valid_to is None else rule.valid_to + _DAY)
    after = _histories(set_)
    if set_ is RuleSet.SUBSIDIES:
        judged = _by_subsidy(rule.code, (before, after), viewer, day=day)
    else:
        judged = _by_standard(set_, (before, after), viewer, day=day, today=today)
    look = Look(
        [Effect(*row) for row in db.session.execute(_counted(judged))],
        digest_of(set_),
        behind,
        None if behind is None else people_behind(judged, behind, viewer),
    )
    db.session.rollback()
    return look


def digest_of(set_: RuleSet) -> str:
    """The rules of a set as they stand, in one short word; not by the codes, which are drawn."""
    rules = [
        [
            str(held.valid_from),
            str(held.valid_to),
            {name: text for name, text in held.row.items() if name != "code"},
        ]
        for held in history_in(set_, own_rules(set_))
    ]
    return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()[:32]


def _histories(set_: RuleSet) -> Histories:
    sets = STANDARD if set_ in STANDARD else (set_,)
    return {each: history_in(each, own_rules(each)) for each in sets}


def _by_standard(
    set_: RuleSet,
    histories: tuple[Histories, Histories],
    viewer: Viewer,
    *,
    day: dt.date,
    today: dt.date,
) -> Judged:
    now, then = (
        standard_of(
            _rows(known[RuleSet.SERVICE], day), _rows(known[RuleSet.CONTACTS], day), day.month
        )
        for known in histories
    )
    parts = [(now, given_by(now, "given_now")), (then, given_by(then, "given_then"))]
    only = set_ is RuleSet.CONTACTS
    before, after = (_judged(given, standard, today, only=only) for standard, given in parts)
    query = select(Student.id).select_from(Student).join(Case, Case.student_id == Student.id)
    for _standard, given in parts:
        query = query.outerjoin(given, given.c.student_id == Student.id)
    query = query.join(University, University.id == Student.university_id).where(
        in_scope(viewer), Case.voided_at.is_(None), Case.closed_on.is_(None)
    )
    return Judged(query, before, after)


def _judged(given: Subquery, standard: Standard, today: dt.date, *, only: bool) -> Any:
    """The condition that somebody was given everything; `only` looks at the contact alone."""
    met = met_by(given, standard, today)
    contact = met.pop(CONTACT)
    return contact if only else and_(*met.values())


def _by_subsidy(
    code: str, histories: tuple[Histories, Histories], viewer: Viewer, *, day: dt.date
) -> Judged:
    before, after = (
        or_(
            false(),
            *(
                _probably(subsidy_of(row), day)
                for row in _rows(known[RuleSet.SUBSIDIES], day)
                if row["code"] == code
            ),
        )
        for known in histories
    )
    query = (
        select(Student.id)
        .select_from(Student)
        .join(University, University.id == Student.university_id)
        .where(
            in_scope(viewer),
            Student.class_year.between(day.year - YEARS_ROUND, day.year + YEARS_ROUND),
            exists().where(Membership.student_id == Student.id, membership_holds(day)),
        )
    )
    return Judged(query, before, after)


def _probably(subsidy: Subsidy, day: dt.date) -> ColumnElement[bool]:
    """The condition on `Student` that a subsidy is probably theirs and open on a day."""
    years = range(day.year - YEARS_ROUND, day.year + YEARS_ROUND + 1)
    is_open = [year for year in years if window_on(subsidy, year, day) is Window.OPEN]
    last = last_outcome_id(day=day)
    if subsidy.seeking:
        placed = [code for code in destinations.codes if destinations.is_placed(code)]
        fits = not_(exists().where(Outcome.id == last, Outcome.code.in_(placed)))
    else:
        fits = exists().where(Outcome.id == last, Outcome.code.in_(subsidy.outcomes))
    conditions: list[ColumnElement[bool]] = [Student.class_year.in_(is_open)]
    if subsidy.classes:
        named = Membership.hardship_class.in_(subsidy.classes)
        conditions.append(
            exists().where(
                Membership.student_id == Student.id,
                membership_holds(day),
                or_(named, Membership.category.in_(subsidy.classes)),
            )
        )
    # The outcome last, since it takes longest to find.
    return case((and_(*conditions), fits), else_=false())


def _rows(known: Iterable[Held], day: dt.date) -> Rows:
    return [held.row for held in known if held.holds_on(day)]


def _counted(judged: Judged) -> Select[*tuple[Any, ...]]:
    counts = [judged.before, judged.after, judged.gained, judged.lost]
    return (
        judged.query.with_only_columns(
            University.id,
            University.name,
            func.count(),
            *(func.count().filter(condition) for condition in counts),
        )
        .group_by(University.id, University.name, University.name_key)
        .order_by(University.name_key, University.id)
    )
