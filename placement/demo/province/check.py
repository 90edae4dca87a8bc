"""Do the files hold what they promise? The figures of a plan, computed from its files alone."""

import datetime as dt
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from placement import clock
from placement.demo.province.files import write_files
from placement.demo.province.ledger import Happening, Ledger, Person, read_file
from placement.demo.province.plan import Plan
from placement.demo.province.steps import Manifest
from placement.reference import categories, destinations, standings

Figures = dict[str, Any]

_WEIGHTS = [2**place % 11 for place in range(17, 0, -1)]


def check_plan(plan: Plan) -> Figures:
    """Write the plan, read its files back and return what they say; see `check_files`."""
    with tempfile.TemporaryDirectory() as folder:
        return check_files(write_files(plan, Path(folder)), today=plan.today)


def check_files(manifest: Manifest, *, today: dt.date) -> Figures:
    """Return the figures of written files: of 2016 on its counting days, of this year today.

    Counts are people; rates are texts in percent with two decimals, half up, None over nobody.
    """
    now = _end_of(today)
    ledgers: dict[int, Ledger] = {}
    for step in manifest.steps:
        if step.class_year is not None:
            year = step.class_year
            ledgers.setdefault(year, Ledger(year, now)).take(step)
    history, current = ledgers[min(ledgers)], ledgers[max(ledgers)]
    year_end = dt.date(history.class_year, 12, 31)
    return {
        "universities": len(read_file(manifest.steps[0].path)),
        "history": figures(history, year_end) | {"known_then": _rate_known_on(history, year_end)},
        "august": figures(history, dt.date(history.class_year, 8, 31)),
        "current": figures(current, today),
        "identities": _identities(list(ledgers.values())),
    }


def _rate_known_on(ledger: Ledger, day: dt.date) -> str | None:
    """Return the rate as of a day by what was known when it ended."""
    register = register_on(ledger, day, _end_of(day))
    return rate_of([seen for seen in register if seen.is_counted])


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(23, 59, 59), tzinfo=clock.ZONE)


@dataclass(frozen=True, slots=True)
class Seen:
    """A person of the register as of a day, as it was known at a moment."""

    person: Person
    categories: frozenset[str]
    standing: str
    happening: Happening | None

    @property
    def is_counted(self) -> bool:
        """Say whether the standing leaves the person in the denominator."""
        return standings.is_counted(self.standing)

    @property
    def is_placed(self) -> bool:
        """Say whether the deciding outcome counts as placed."""
        return self.happening is not None and destinations.is_placed(self.happening.code)


def register_on(ledger: Ledger, day: dt.date, known: dt.datetime) -> list[Seen]:
    """Return the register of a class year as of a day, with what was known at a moment."""
    return [
        Seen(person, frozenset(held), person.standing_on(day), deciding(person, day, known))
        for person in ledger.people.values()
        if (held := person.categories_on(day))
    ]


def deciding(person: Person, day: dt.date, known: dt.datetime) -> Happening | None:
    """Return the outcome that decides under basis verified: a claim is checked, a need believed."""
    taken = [
        happening
        for happening in person.happenings
        if happening.day <= day
        and happening.recorded_at <= known
        and (happening.is_verified or not destinations.is_placed(happening.code))
    ]
    return max(taken, key=lambda happening: (happening.day, happening.recorded_at), default=None)


def figures(ledger: Ledger, day: dt.date) -> Figures:
    """Return the figures of a class year as of a day, as it is known now."""
    register = register_on(ledger, day, ledger.now)
    counted = [seen for seen in register if seen.is_counted]
    left_out = [seen for seen in register if not seen.is_counted]
    headline = set(categories.headline)
    return {
        "students": len(ledger.people),
        "registered": len(register),
        "universities": len({seen.person.row["院校代码"] for seen in register}),
        "excluded": dict(Counter(seen.standing for seen in left_out)),
        "excluded_placed": sum(seen.is_placed for seen in left_out),
        "denominator": len(counted),
        "placed": sum(seen.is_placed for seen in counted),
        "known": sum(seen.happening is not None for seen in counted),
        "rate": rate_of(counted),
        "rate_registered": rate_of(register),
        "only_employment_difficulty": sum(not seen.categories & headline for seen in register),
        "only_by_list": sum(
            all(belonging.basis != "file" for belonging in seen.person.belongings)
            for seen in register
        ),
        "categories": {name: _of_category(register, name) for name in categories.codes},
        "codes": dict(
            sorted(Counter(seen.happening.code for seen in counted if seen.happening).items())
        ),
        "lists": {name: asdict(result) for name, result in ledger.lists.items()},
        "baseline": _baseline(ledger, day),
    }


def _of_category(register: list[Seen], category: str) -> Figures:
    members = [seen for seen in register if category in seen.categories]
    counted = [seen for seen in members if seen.is_counted]
    return {
        "registered": len(members),
        "denominator": len(counted),
        "placed": sum(seen.is_placed for seen in counted),
        "rate": rate_of(counted),
    }


def rate_of(people: list[Seen]) -> str | None:
    """Return the share of those who are placed in percent, two decimals, half up."""
    if not people:
        return None
    return _percent(sum(seen.is_placed for seen in people), len(people))


def _percent(part: int, whole: int) -> str:
    share = Decimal(100 * part) / whole
    return str(share.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def _baseline(ledger: Ledger, day: dt.date) -> Figures | None:
    """Return the sums of the newest counts of all graduates on or before the day."""
    days = {row["统计日期"] for row in ledger.baseline if row["统计日期"] <= day.isoformat()}
    rows = [row for row in ledger.baseline if days and row["统计日期"] == max(days)]
    if not rows:
        return None
    graduates = sum(int(row["毕业生数"]) for row in rows)
    placed = sum(int(row["落实人数"]) for row in rows)
    return {"graduates": graduates, "placed": placed, "rate": _percent(placed, graduates)}


def _identities(ledgers: list[Ledger]) -> Figures:
    people = [person for ledger in ledgers for person in ledger.people.values()]
    numbers = [person.row["身份证号"] for person in people]
    return {
        "people": len(people),
        "distinct_id_numbers": len(set(numbers)),
        "bad_id_numbers": sum(not _is_well_formed(person.row) for person in people),
        "counselors": len({person.row["辅导员"] for person in people}),
        "largest_caseload": max(Counter(person.row["辅导员"] for person in people).values()),
    }


def _is_well_formed(row: dict[str, str]) -> bool:
    """Say whether an ID number has the form, a date, the sex and the check digit of GB 11643."""
    number = row["身份证号"]
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    dt.date.fromisoformat(number[6:14])
    is_male = int(number[16]) % 2 == 1
    return (
        number.startswith("350000")
        and len(number) == 18
        and number[17] == "10X98765432"[total % 11]
        and is_male == (row["性别代码"] == "1")
    )
