"""Which rules hold on a day: the tables that ship, overlaid by the province's own rows."""

import datetime as dt
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select

from placement.db import db
from placement.errors import NotVisibleError
from placement.reference.service_standards import Standard, standard_of
from placement.reference.subsidies import Subsidy, subsidy_of
from placement.reference.tables import read_rows
from placement.rulebook.models import Rule, RuleSet

STANDARD = (RuleSet.SERVICE, RuleSet.CONTACTS)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Held:
    """A rule with the days on which it holds; `rule` is the province's row, none for a default."""

    code: str
    row: Mapping[str, str]
    valid_from: dt.date | None
    valid_to: dt.date | None
    rule: Rule | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Whether it holds on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)

    def label(self, locale: str) -> str:
        """What it is called in the language of `locale`, Chinese where there is no English."""
        zh, en = self.row["zh"], self.row["en"]
        return zh if locale.startswith("zh") or not en else en


def of_standard() -> ColumnElement[bool]:
    """The condition on `Rule` that it belongs to the service standard, for reads side by side."""
    return Rule.rule_set.in_(STANDARD)


def own_rules(*sets: RuleSet) -> Sequence[Rule]:
    """The province's rows of some sets."""
    return db.session.execute(_rules_of(sets)).scalars().all()


@functools.cache
def _rules_of(sets: tuple[RuleSet, ...]) -> Select[Rule]:
    # Every list asks for the standard: made once.
    return select(Rule).where(Rule.rule_set.in_(sets))


def rule_by_id(rule_id: int) -> Rule:
    """One row of the province. Raises NotVisibleError."""
    rule = db.session.get(Rule, rule_id)
    if rule is None:
        raise NotVisibleError("There is no such rule.")
    return rule


def history_in(set_: RuleSet, rules: Iterable[Rule]) -> list[Held]:
    """Every rule that a set ever had, those of one code together and in their order."""
    own: dict[str, list[Rule]] = {}
    for rule in sorted(rules, key=lambda rule: (rule.valid_from, rule.id)):
        if rule.rule_set is set_:
            own.setdefault(rule.code, []).append(rule)
    found: list[Held] = []
    for row in read_rows(set_.value):
        later = own.pop(row["code"], [])
        until = later[0].valid_from - _DAY if later else _day(row["valid_to"])
        found.append(Held(row["code"], row, _day(row["valid_from"]), until))
        found += map(_held, later)
    for added in sorted(own.values(), key=lambda rules: rules[0].id):
        found += map(_held, added)
    return found


def rows_in(set_: RuleSet, rules: Iterable[Rule], day: dt.date) -> list[Mapping[str, str]]:
    """The rows of a set that hold on a day."""
    return [held.row for held in history_in(set_, rules) if held.holds_on(day)]


def standard_in(rules: Sequence[Rule], day: dt.date) -> Standard:
    """The service standard of a day, from the province's rows that were read already."""
    service, contacts = (rows_in(set_, rules, day) for set_ in STANDARD)
    return standard_of(service, contacts, day.month)


def standard_on(day: dt.date) -> Standard:
    """The service standard of a day."""
    return standard_in(own_rules(*STANDARD), day)


def subsidies_on(day: dt.date) -> tuple[Subsidy, ...]:
    """The subsidies by the rules of a day."""
    rules = own_rules(RuleSet.SUBSIDIES)
    return tuple(map(subsidy_of, rows_in(RuleSet.SUBSIDIES, rules, day)))


def _held(rule: Rule) -> Held:
    row = {**rule.content, "code": rule.code, "source": rule.source}
    return Held(rule.code, row, rule.valid_from, rule.valid_to, rule)


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
