"""What happened to the students: events with a code and a day, each known in one file."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from placement.demo.province.draws import Days, Flags, Ints, Texts, draw, texts
from placement.demo.province.employers import Employers, all_trades

SEEKING, PLANS_STUDY, NOT_FOR_NOW, STILL_ENROLLED = "70", "71", "72", "65"

_CODES = ("10", "11", "12", "27", "46", "50", "51", "75", "76", "80", "85")
_WEIGHTS_BY_LEVEL = {
    "01": (30, 42, 6, 16, 0.1, 0.5, 1, 1, 1, 1, 2.4),
    "11": (30, 44, 7, 2.5, 0.3, 0.8, 1.5, 1.5, 1.4, 9, 2),
    "31": (23, 35, 12, 0.5, 1, 1.8, 1.3, 2.3, 2.1, 17, 4),
    "41": (25, 38, 17, 0.1, 1.7, 1.2, 0.9, 3.2, 2.4, 10, 0.5),
}
_EMPLOYED = frozenset({"10", "11", "12"})
_NAMED = {
    "27": "福建示例大学",
    "46": "",
    "50": "大学生志愿服务西部计划",
    "51": "福建省志愿服务欠发达地区计划",
    "75": "个体工商户（示例网店）",
    "76": "",
    "80": "福建示例大学",
    "85": "Example University",
}
_GRASS_ROOTS = ("大学生志愿服务西部计划", "高校毕业生三支一扶计划", "农村义务教育特岗教师计划")


@dataclass(frozen=True, slots=True)
class Events:
    """Columns of events: whose (a place in the class year), what, from which day, in which file.

    `file` counts in the files of the class year; -1 is the file of what nobody has verified.
    """

    person: Ints
    code: Texts
    day: Days
    file: Ints

    @classmethod
    def join(cls, parts: Iterable["Events"]) -> "Events":
        """Return the events of all parts one after another."""
        found = list(parts)
        return cls(
            np.concatenate([part.person for part in found]),
            np.concatenate([part.code for part in found]),
            np.concatenate([part.day for part in found]),
            np.concatenate([part.file for part in found]),
        )

    def in_file(self, file: int, people: Flags) -> "Events":
        """Return the events of one file about these people, in the order of the class year."""
        rows = np.flatnonzero((self.file == file) & people[self.person])
        rows = rows[np.argsort(self.person[rows], kind="stable")]
        return Events(self.person[rows], self.code[rows], self.day[rows], self.file[rows])

    def __len__(self) -> int:
        """Count the events."""
        return len(self.person)


def same_code(person: Ints, code: str, day: Days, file: Ints) -> Events:
    """Return events that all have one code."""
    return Events(person, texts([code] * len(person)), day, file)


def draw_placed_codes(rng: np.random.Generator, level: Texts) -> Texts:
    """Return destination codes that count as placed, in the shares of each level."""
    codes = texts(list(_CODES))
    found = texts([""] * len(level))
    for name, weights in _WEIGHTS_BY_LEVEL.items():
        rows = np.flatnonzero(level == name)
        found[rows] = codes[draw(rng, weights, len(rows))]
    return found


@dataclass(frozen=True, slots=True)
class Details:
    """Columns: who took the student, as the outcomes' file says it; empty where there is nobody."""

    employer: Texts
    employer_code: Texts
    industry: Texts
    nature: Texts
    division: Texts
    position: Texts


def draw_details(
    rng: np.random.Generator, code: Texts, city: Texts, employers: Employers
) -> Details:
    """Return the details of outcomes; three in five employers are where the university is."""
    size = len(code)
    which = _pick_employers(rng, city, employers)
    trade = employers.trade[which]
    by_unit = np.isin(code.astype(str), list(_EMPLOYED))
    names = employers.name[which]
    for destination, name in _NAMED.items():
        names[code == destination] = name
    grass_roots = np.flatnonzero(code == "50")
    names[grass_roots] = texts(_GRASS_ROOTS)[rng.integers(0, 3, len(grass_roots))]
    known = np.isin(code.astype(str), list(_CODES))
    blank = texts([""] * size)
    with_code = by_unit & (rng.random(size) < 0.85)
    return Details(
        employer=np.where(known, names, blank),
        employer_code=np.where(with_code, employers.code[which], blank),
        industry=np.where(by_unit, _of_trades("industry")[trade], blank),
        nature=np.where(by_unit, _of_trades("nature")[trade], blank),
        division=np.where(by_unit, employers.city[which], blank),
        position=np.where(by_unit, _of_trades("position")[trade], blank),
    )


@cache
def _of_trades(field: str) -> Texts:
    return texts([getattr(trade, field) for trade in all_trades()])


def _pick_employers(rng: np.random.Generator, city: Texts, employers: Employers) -> Ints:
    """Pick an employer for each: large ones, which stand first, take many."""
    size = len(city)
    found = (len(employers) * rng.random(size) ** 1.7).astype(np.int64)
    near = rng.random(size) < 0.6
    for place in set(city.tolist()):
        there = np.flatnonzero(employers.city == place)
        rows = np.flatnonzero(near & (city == place))
        if len(there):
            found[rows] = there[(len(there) * rng.random(len(rows)) ** 1.7).astype(np.int64)]
    return found


def day(date: dt.date) -> np.datetime64:
    """Return a date as numpy keeps it."""
    return np.datetime64(date, "D")


def spread(rng: np.random.Generator, size: int, first: dt.date, last: dt.date) -> Days:
    """Return days spread evenly from `first` to `last`, both included."""
    return day(first) + rng.integers(0, (last - first).days + 1, size).astype("timedelta64[D]")
