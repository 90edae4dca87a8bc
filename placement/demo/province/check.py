"""Do the files hold what they promise? The figures of a plan, computed from its files alone."""

import datetime as dt
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
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


def check_plan(plan: Plan) -> Figures:
    """Write the plan, read its files back and return what they say; see `check_files`."""
    with tempfile.TemporaryDirectory() as folder:
        return check_files(write_files(plan, Path(folder)), today=plan.today)


def check_files(manifest: Manifest, *, today: dt.date) -> Figures:
    """Return the figures of written files: of 2016 on its counting days, of this year today.

    Counts are people; rates are texts in percent with two decimals, half up, None over nobody.
    """
    now = dt.datetime.combine(today, dt.time(23, 59, 59), tzinfo=clock.ZONE)
    ledgers: dict[int, Ledger] = {}
    for step in manifest.steps:
        if step.class_year is not None:
            year = step.class_year
            ledgers.setdefault(year, Ledger(year, now)).take(step)
    history, current = ledgers[min(ledgers)], ledgers[max(ledgers)]
    year_end = dt.date(history.class_year, 12, 31)
    return {
        "universities": len(read_file(manifest.steps[0].path)),
        "history": figures(history, year_end)
        | {"known_then": rate_of(_deciding(history, year_end, _end_of(year_end)))},
        "august": figures(history, dt.date(history.class_year, 8, 31)),
        "current": figures(current, today),
        "identities": _identities(list(ledgers.values())),
    }


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(23, 59, 59), tzinfo=clock.ZONE)


def rate_of(placed: Iterable[bool]) -> str | None:
    """Return the share of those who are placed in percent, two decimals, half up."""
    values = list(placed)
    if not values:
        return None
    share = Decimal(100 * sum(values)) / len(values)
    return str(share.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def figures(ledger: Ledger, day: dt.date) -> Figures:
    """Return the figures of a class year as of a day, as it is known now."""
    register = [person for person in ledger.people.values() if person.categories_on(day)]
    counted = [person for person in register if _is_counted(person, day)]
    left_out = [person for person in register if not _is_counted(person, day)]
    headline = set(categories.headline)
    return {
        "students": len(ledger.people),
        "registered": len(register),
        "universities": len({person.row["院校代码"] for person in register}),
        "excluded": dict(Counter(person.standing_on(day) for person in left_out)),
        "excluded_placed": sum(is_placed(person, day, ledger.now) for person in left_out),
        "denominator": len(counted),
        "placed": sum(is_placed(person, day, ledger.now) for person in counted),
        "known": sum(deciding(person, day, ledger.now) is not None for person in counted),
        "rate": rate_of(is_placed(person, day, ledger.now) for person in counted),
        "rate_registered": rate_of(is_placed(person, day, ledger.now) for person in register),
        "only_employment_difficulty": sum(
            not person.categories_on(day) & headline for person in register
        ),
        "only_by_list": sum(
            all(b.basis != "file" for b in person.belongings) for person in register
        ),
        "categories": {
            category: _of_category(counted, register, category, day, ledger.now)
            for category in categories.codes
        },
        "codes": dict(sorted(_codes(counted, day, ledger.now).items())),
        "lists": {name: asdict(result) for name, result in ledger.lists.items()},
        "baseline": _baseline(ledger, day),
    }


def _of_category(
    counted: list[Person], register: list[Person], category: str, day: dt.date, known: dt.datetime
) -> Figures:
    members = [person for person in counted if category in person.categories_on(day)]
    return {
        "registered": sum(category in person.categories_on(day) for person in register),
        "denominator": len(members),
        "placed": sum(is_placed(person, day, known) for person in members),
        "rate": rate_of(is_placed(person, day, known) for person in members),
    }


def _codes(counted: list[Person], day: dt.date, known: dt.datetime) -> Counter[str]:
    found = (deciding(person, day, known) for person in counted)
    return Counter(happening.code for happening in found if happening is not None)


def _is_counted(person: Person, day: dt.date) -> bool:
    return standings.is_counted(person.standing_on(day))


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


def is_placed(person: Person, day: dt.date, known: dt.datetime) -> bool:
    """Say whether the person counts as placed on a day, by what was known at a moment."""
    happening = deciding(person, day, known)
    return happening is not None and destinations.is_placed(happening.code)


def _deciding(ledger: Ledger, day: dt.date, known: dt.datetime) -> list[bool]:
    return [
        is_placed(person, day, known)
        for person in ledger.people.values()
        if person.categories_on(day) and _is_counted(person, day)
    ]


def _baseline(ledger: Ledger, day: dt.date) -> Figures | None:
    """Return the sums of the newest counts of all graduates on or before the day."""
    days = {row["统计日期"] for row in ledger.baseline if row["统计日期"] <= day.isoformat()}
    rows = [row for row in ledger.baseline if days and row["统计日期"] == max(days)]
    if not rows:
        return None
    graduates = sum(int(row["毕业生数"]) for row in rows)
    placed = sum(int(row["落实人数"]) for row in rows)
    share = Decimal(100 * placed) / graduates
    rate = str(share.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
    return {"graduates": graduates, "placed": placed, "rate": rate}


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
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    dt.datetime.strptime(number[6:14], "%Y%m%d").replace(tzinfo=clock.ZONE)
    is_male = int(number[16]) % 2 == 1
    return (
        number.startswith("350000")
        and len(number) == 18
        and number[17] == "10X98765432"[total % 11]
        and is_male == (row["性别代码"] == "1")
    )
