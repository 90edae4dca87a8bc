"""The lists of the partner agencies, with what real ones have: strangers, doubles, old forms."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from placement.demo.province.cohort import Cohort
from placement.demo.province.draws import Flags, Ints, Texts, choose, digits, rank_within, texts
from placement.demo.province.hardship import DISABILITY, FILE_BITS, HARDSHIP, PENDING_LIST
from placement.demo.province.people import FEMALE, MALE, draw_names, make_id_numbers
from placement.demo.province.words import read_words

_CARDS = {
    "poverty": ("扶贫手册号", "FP"),
    "low_income": ("低保证号", "DB"),
    "extreme_poverty": ("特困证号", "TK"),
    "zero_employment_family": ("零就业家庭证号", "LJ"),
    "disability": ("残疾证号", "CJ"),
}
_DISABILITY_LEVELS = ("一级", "二级", "三级", "四级")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerList:
    """One list of an agency as it was sent: its columns and how it is to be imported.

    It says who was on it on `as_of` and came on `recorded_on`; `confirm` makes memberships of
    the matched at once, `complete` says that it is the whole of its kind.
    """

    kind: str
    class_year: int
    as_of: dt.date
    recorded_on: dt.date
    confirm: bool
    complete: bool
    headings: tuple[str, ...]
    columns: tuple[Texts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOrder:
    """Who of a class year is on a list besides those of the plan, and when it came.

    `members` are students whose category it confirms; `extra` are also matched, but it decides
    nothing about them (they left later, or wait for a decision).
    """

    kind: str
    as_of: dt.date
    recorded_on: dt.date
    members: Flags
    extra: Ints
    confirm: bool = True
    complete: bool = False


@cache
def _variants() -> Mapping[str, str]:
    return {row["char"]: row["variant"] for row in read_words("variants")}


def history_lists(seed: int, cohort: Cohort) -> tuple[PartnerList, ...]:
    """Return the lists of 2016: one of each kind in spring, the poverty list again in autumn.

    Those who left the poverty list by autumn are poor by their university's file too, so that
    only the basis of their membership changes.
    """
    year = cohort.class_year
    rng = np.random.default_rng([seed, 4, year])
    poverty = cohort.hardship.lists["poverty"]
    joiners = choose(rng, np.flatnonzero(poverty), round(0.03 * poverty.sum()))
    in_spring = poverty.copy()
    in_spring[joiners] = False
    by_file = (cohort.hardship.code & FILE_BITS["poverty"]) != 0
    leavers = choose(rng, np.flatnonzero(by_file & ~poverty), round(0.02 * poverty.sum()))
    orders = [
        ListOrder(
            kind=kind,
            as_of=dt.date(year, *as_of),
            recorded_on=dt.date(year, *recorded_on),
            members=in_spring if kind == "poverty" else cohort.hardship.lists[kind],
            extra=leavers if kind == "poverty" else leavers[:0],
            complete=kind == "poverty",
        )
        for kind, as_of, recorded_on in (
            ("poverty", (3, 31), (4, 8)),
            ("low_income", (3, 31), (4, 11)),
            ("extreme_poverty", (3, 31), (4, 11)),
            ("zero_employment_family", (4, 30), (5, 10)),
            ("disability", (4, 30), (5, 12)),
        )
    ]
    autumn = ListOrder(
        kind="poverty",
        as_of=dt.date(year, 9, 30),
        recorded_on=dt.date(year, 10, 12),
        members=poverty,
        extra=leavers[:0],
        complete=True,
    )
    return tuple(_make_list(rng, cohort, order) for order in [*orders, autumn])


def current_lists(
    seed: int, cohort: Cohort, *, start: dt.date, today: dt.date
) -> tuple[PartnerList, ...]:
    """Return the lists of the class under way; the last waits for the universities' decision.

    `start` is the day on which the register began; the lists come in the weeks after it, the one
    that waits a fortnight before `today`.
    """
    rng = np.random.default_rng([seed, 5, cohort.class_year])
    newcomers = np.flatnonzero(cohort.registered & ~cohort.hardship.has(HARDSHIP))
    orders = [
        ListOrder(
            kind=kind,
            as_of=start + dt.timedelta(days=after),
            recorded_on=start + dt.timedelta(days=after + 6),
            members=cohort.hardship.lists[kind],
            extra=choose(rng, newcomers, max(1, len(cohort) // 250))
            if kind == PENDING_LIST
            else _NONE,
            confirm=kind != PENDING_LIST,
        )
        for kind, after in (
            ("poverty", 10),
            ("low_income", 14),
            ("extreme_poverty", 14),
            ("disability", 20),
            (PENDING_LIST, (today - start).days - 20),
        )
    ]
    return tuple(_make_list(rng, cohort, order) for order in orders)


_NONE: Ints = np.zeros(0, dtype=np.int64)


def _make_list(rng: np.random.Generator, cohort: Cohort, order: ListOrder) -> PartnerList:
    own = np.concatenate([np.flatnonzero(order.members), order.extra])
    names, numbers = cohort.name[own].copy(), cohort.id_number[own].copy()
    by_file = (cohort.hardship.code[own] & FILE_BITS[order.kind]) != 0
    _spell_otherwise(names, np.flatnonzero(by_file & (rng.random(len(own)) < 0.04)))
    _type_otherwise(numbers, choose(rng, np.flatnonzero(by_file), round(0.01 * len(own))))
    others = _namesakes(rng, cohort, order)
    away = _strangers(rng, max(1, round(0.25 * len(own))))
    names = np.concatenate([names, others[0], away[0]])
    numbers = np.concatenate([numbers, others[1], away[1]])
    cards = digits(rng.permutation(len(names)) + 100_000)
    again = choose(rng, np.arange(len(own)), max(1, round(0.006 * len(own))))
    order_of_rows = rng.permutation(np.concatenate([np.arange(len(names)), again]))
    heading, prefix = _CARDS[order.kind]
    columns = [names, numbers, prefix + cards, *_more(rng, order, len(names))]
    columns = [column[order_of_rows] for column in columns]
    # A double is the same person with another card.
    double = rank_within(order_of_rows) > 0
    columns[2][double] += "-2"
    last = "残疾等级" if order.kind == "disability" else "有效期至"
    return PartnerList(
        kind=order.kind,
        class_year=cohort.class_year,
        as_of=order.as_of,
        recorded_on=order.recorded_on,
        confirm=order.confirm,
        complete=order.complete,
        headings=("姓名", "身份证号", heading, last),
        columns=tuple(columns),
    )


def _more(rng: np.random.Generator, order: ListOrder, size: int) -> list[Texts]:
    if order.kind == "disability":
        return [texts(_DISABILITY_LEVELS)[rng.integers(0, 4, size)]]
    ends = [f"{order.as_of.year + 1}-{month:02d}-30" for month in (6, 9, 12)]
    return [texts(ends)[rng.integers(0, len(ends), size)]]


def _spell_otherwise(names: Texts, rows: Ints) -> None:
    """Write the names of these rows with older forms of their characters."""
    table = str.maketrans(dict(_variants()))
    for row in rows.tolist():
        names[row] = names[row].translate(table)


def _type_otherwise(numbers: Texts, rows: Ints) -> None:
    """Type the ID numbers of these rows as people do: in full width, with a small x or a space."""
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    for place, row in enumerate(rows.tolist()):
        number = str(numbers[row])
        numbers[row] = (number.translate(wide), number.lower(), number + " ")[place % 3]


def _namesakes(rng: np.random.Generator, cohort: Cohort, order: ListOrder) -> tuple[Texts, Texts]:
    """Return rows with a student's ID number and quite another name: possible, never sure.

    They are students who would be in one more category if somebody took them for certain.
    """
    category = DISABILITY if order.kind == "disability" else HARDSHIP
    pool = np.flatnonzero(cohort.registered & ~cohort.hardship.has(category))
    pool = np.setdiff1d(pool, order.extra)
    rows = choose(rng, pool, max(1, round(0.003 * int(order.members.sum()))))
    names = draw_names(rng, texts(["01"] * len(rows)), cohort.sex[rows])
    for place, row in enumerate(rows.tolist()):
        # Two made-up names may be alike by chance; turned round they are not.
        if set(names[place]) & set(cohort.name[row]):
            names[place] = "司马" + ("明远" if "明" not in cohort.name[row] else "若安")
    return names, cohort.id_number[rows]


def _strangers(rng: np.random.Generator, size: int) -> tuple[Texts, Texts]:
    """Return names and ID numbers of people of the students' parents' age, so of no student."""
    sex = np.where(rng.random(size) < 0.5, FEMALE, MALE).astype(np.int64)
    first = np.datetime64("1940-01-01")
    birthdays = first + rng.integers(0, 40 * 365, size).astype("timedelta64[D]")
    return draw_names(rng, texts(["01"] * size), sex), make_id_numbers(birthdays, sex)
