"""Where the students study: university, level, college, class and major."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from placement.demo.province.draws import Ints, Reals, Texts, rank_within, share_out, texts
from placement.demo.province.words import read_words, split_words
from placement.reference import majors, universities

UNIVERSITIES = 89
"""How many the province's report of 2016 counts."""

DEMO_SCHOOL = "10394"
"""The university that the accounts of the demo belong to."""

_CLASS_SIZE = 45
_WITH_MASTERS = {"10384", "10385", "10386", "10389", "10390", "10392", "10393", "10394", "10402"}
_WITH_DOCTORS = {"10384", "10386", "10389", "10392", "10394"}
_STUDY_YEARS = {"01": 4, "11": 3, "31": 4, "41": 3}
_LARGE = {"10394": 2.4, "10386": 2.0, "10389": 1.9, "10390": 1.8, "10384": 1.7, "10385": 1.6}


@dataclass(frozen=True, slots=True)
class School:
    """A university of the province as the demo needs it."""

    code: str
    name: str
    city: str
    kind: str
    theme: str
    has_vocational: bool


@dataclass(frozen=True, slots=True)
class Programme:
    """A major as one college of one university teaches it at one level."""

    school: int
    level: str
    college: str
    major_code: str
    major: str


@dataclass(frozen=True, slots=True)
class Places:
    """Columns of a class year: where each student studies; `school` counts in `all_schools()`."""

    school: Ints
    level: Texts
    college: Texts
    class_name: Texts
    major_code: Texts
    major: Texts
    entry_year: Ints


@cache
def all_schools() -> tuple[School, ...]:
    """Return the universities that had graduates in 2016, as many as the report counts.

    Where the table knows fewer, younger ones stand in.
    """
    known = universities.all_universities().values()
    chosen = sorted(known, key=lambda found: not found.holds_in(2016))[:UNIVERSITIES]
    return tuple(
        School(
            code=found.code,
            name=found.name,
            city=found.city,
            kind=found.kind,
            theme=_theme(found.name),
            has_vocational=any("职业" in name or "专科" in name for name in found.former_names),
        )
        for found in chosen
    )


def _theme(name: str) -> str:
    return next((row["theme"] for row in read_words("themes") if row["word"] in name), "general")


def school_counts(seed: int, total: int, *, demo_share: float | None = None) -> Ints:
    """Share `total` students out over the universities, each a fair number if there are enough.

    With `demo_share` that share of all (0 to 1) is at the university of the demo.
    """
    rng = np.random.default_rng([seed, 1])
    schools = all_schools()
    weights = np.asarray(
        [_LARGE.get(s.code, 1.4 if s.kind == "undergraduate" else 0.9) for s in schools]
    ) * rng.lognormal(0, 0.35, len(schools))
    at_demo = 0
    if demo_share is not None:
        demo = next(i for i, school in enumerate(schools) if school.code == DEMO_SCHOOL)
        at_demo = round(total * demo_share)
        weights[demo] = 0
    floor = np.where(weights > 0, min(21, (total - at_demo) // (2 * len(schools))), 0)
    counts = floor + share_out(total - at_demo - int(floor.sum()), weights)
    if demo_share is not None:
        counts[demo] = at_demo
    return counts


def place_students(seed: int, counts: Ints, class_year: int) -> Places:
    """Give `counts[i]` students of university i a level, college, class and major."""
    programmes: list[Programme] = []
    people: list[Ints] = []
    for index, count in enumerate(counts.tolist()):
        rng = np.random.default_rng([seed, 2, index])
        offered = _offered(rng, index, count)
        people.append(share_out(count, rng.uniform(0.6, 1.4, len(offered)) * _weights(offered)))
        programmes.extend(offered)
    which = np.repeat(np.arange(len(programmes)), np.concatenate(people))
    entry = np.asarray([class_year - _STUDY_YEARS[p.level] for p in programmes], dtype=np.int64)
    classes, in_class = np.unique(
        which * 1000 + rank_within(which) // _CLASS_SIZE + 1, return_inverse=True
    )
    return Places(
        school=np.asarray([p.school for p in programmes], dtype=np.int64)[which],
        level=texts([p.level for p in programmes])[which],
        college=texts([p.college for p in programmes])[which],
        class_name=texts(
            [
                f"{entry[p]}级{programmes[p].major}{number}班"
                for p, number in (divmod(key, 1000) for key in classes.tolist())
            ]
        )[in_class],
        major_code=texts([p.major_code for p in programmes])[which],
        major=texts([p.major for p in programmes])[which],
        entry_year=entry[which],
    )


def _weights(offered: list[Programme]) -> Reals:
    return np.asarray([{"01": 0.12, "11": 0.45}.get(p.level, 1.0) for p in offered])


def _offered(rng: np.random.Generator, index: int, count: int) -> list[Programme]:
    """Return the programmes of one university: more of them the more students it has."""
    school = all_schools()[index]
    limit = max(1, min(48, round(count / 16)))
    found = list(_programmes(rng, school, index))
    first = found[: max(1, limit - limit // 5)]
    colleges = {p.college for p in first}
    graduate = [
        Programme(index, level, p.college, p.major_code, p.major)
        for p in first[:8]
        for level in _graduate_levels(school)
        if p.level == "31" and p.college in colleges and limit >= 8
    ]
    return sorted(first + graduate, key=lambda p: (p.college, p.major_code, p.level))


def _graduate_levels(school: School) -> tuple[str, ...]:
    if school.code in _WITH_DOCTORS:
        return ("11", "01")
    return ("11",) if school.code in _WITH_MASTERS else ()


def _programmes(rng: np.random.Generator, school: School, index: int) -> Iterator[Programme]:
    """Yield the programmes in the order in which a university opens them: its own theme first."""
    kinds = [school.kind, "vocational"] if school.has_vocational else [school.kind]
    rows = [row for row in read_words("colleges") if row["kind"] in kinds]
    own = [row for row in rows if row["theme"] == school.theme != "general"]
    general = [row for row in rows if row["theme"] == "general"]
    rng.shuffle(general)
    waiting = [
        (row["college"], "31" if row["kind"] == "undergraduate" else "41", list(_majors(rng, row)))
        for row in [*own, *general]
    ]
    while waiting:
        for college, level, offered in waiting:
            major = offered.pop(0)
            yield Programme(index, level, college, major.digits, major.zh)
        waiting = [entry for entry in waiting if entry[2]]


def _majors(rng: np.random.Generator, row: Mapping[str, str]) -> list[majors.Major]:
    found = _taught(row["kind"], row["classes"])
    # The first of a catalogue's class are its common majors.
    return [found[i] for i in np.argsort(np.arange(len(found)) + rng.uniform(0, 4, len(found)))]


@cache
def _taught(kind: str, classes: str) -> list[majors.Major]:
    return [
        major
        for major in majors.all_majors().values()
        if major.kind == kind
        and major.class_code in split_words(classes)
        and major.digits[4] == "0"
    ]
