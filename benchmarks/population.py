"""A made-up class of any size for the benchmarks of figures, written by binary COPY.

The proportions are those of the province's report: 96 in 100 with an outcome, a third with a
second one, nine of ten outcomes verified, two peaks in the year.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from multiprocessing import get_context
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

from benchmarks.binary_copy import copy_in
from placement.reference import divisions, ethnic_groups

YEAR = 2016
CATEGORIES = (
    "family_hardship",
    "ethnic_minority",
    "rural_origin",
    "disability",
    "employment_difficulty",
)
CODES = np.array(
    ["10", "11", "12", "27", "46", "50", "51", "70", "71", "72", "75", "76", "80", "85"]
)
CODE_SHARES = np.array([30, 22, 9, 1, 1, 2, 2, 9, 2, 2, 1, 6, 11, 2]) / 100
LEVELS, LEVEL_SHARES = np.array(["31", "41", "11", "01"]), np.array([0.55, 0.36, 0.08, 0.01])
_START = dt.date(2000, 1, 1)
NEW_YEAR = (dt.date(YEAR, 1, 1) - _START).days
SCHOOL = (dt.date(YEAR, 9, 1) - _START).days
_MICROSECONDS = 86_400_000_000
AT_ONCE = 500_000
MANY = 1_000_000  # so many come from the whole nation, and several writers write them
_WRITERS = 3
HISTORY = (
    "student_versions",
    "memberships",
    "standings",
    "outcomes",
    "verifications",
)


@dataclass(frozen=True)
class People:
    """Some people: an array of each attribute; `bits` are their categories in order."""

    ids: NDArray[Any]
    university: NDArray[Any]
    college: NDArray[Any]
    level: NDArray[Any]
    sex: NDArray[Any]
    ethnic: NDArray[Any]
    origin: NDArray[Any]
    county: NDArray[Any]
    bits: NDArray[Any]
    outcome_ids: NDArray[Any]
    outcome_of: NDArray[Any]
    code: NDArray[Any]
    day: NDArray[Any]
    verified: NDArray[Any]


def universities_of(people: int) -> int:
    """How many universities so many people have: 89 in the province, 2,842 in the nation."""
    return max(89, people // 4_300)


def make_people(people: int) -> Iterator[People]:
    """Make so many people, always the same, some at once."""
    for begin in range(1, people + 1, AT_ONCE):
        yield make_some(people, begin)


def make_some(people: int, begin: int) -> People:
    """Make the people of so many from one number on, of whom there are AT_ONCE at most."""
    counties = sorted(code for code in divisions.all_divisions() if not code.endswith("00"))
    if people < MANY:
        counties = [c for c in counties if c.startswith("35")] or counties[:100]
    groups = np.array([c for c in ethnic_groups.codes if c not in {"01", "97", "98"}])
    ids = np.arange(begin, min(begin + AT_ONCE, people + 1))
    # Somebody has two outcomes at most, so that numbers of them can be given beforehand.
    return _make(np.random.default_rng([7, begin]), ids, people, counties, groups, 2 * (begin - 1))


def _make(
    random: np.random.Generator,
    ids: NDArray[Any],
    people: int,
    counties: list[str],
    groups: NDArray[Any],
    last_outcome: int,
) -> People:
    size = len(ids)
    ethnic = np.where(random.random(size) < 0.88, "01", random.choice(groups, size))
    rural = random.random(size) < 0.6
    bits = (ethnic != "01") * 2 + rural * 4
    bits |= (random.random(size) < 0.25) * 1 | (random.random(size) < 0.01) * 8
    bits = np.where(bits == 0, 1, bits)
    first, second = random.random(size) < 0.96, random.random(size) < 0.35
    owners = np.concatenate([ids[first], ids[first & second]])
    early = _days(random, int(first.sum()))
    later = early[second[first]] + random.integers(5, 90, int((first & second).sum()))
    day = np.concatenate([early, later])
    return People(
        ids=ids,
        university=random.integers(1, universities_of(people) + 1, size),
        college=np.array([f"学院{n:03}".encode() for n in range(200)])[
            random.integers(0, 200, size)
        ],
        level=random.choice(LEVELS, size, p=LEVEL_SHARES),
        sex=random.choice(np.array(["1", "2"]), size),
        ethnic=ethnic,
        origin=np.where(rural, "rural", "urban"),
        county=random.choice(np.array(counties), size),
        bits=bits,
        outcome_ids=np.arange(last_outcome + 1, last_outcome + len(day) + 1),
        outcome_of=owners,
        code=random.choice(CODES, len(day), p=CODE_SHARES),
        day=day,
        verified=random.random(len(day)) < 0.9,
    )


def _days(random: np.random.Generator, size: int) -> NDArray[Any]:
    """Days of outcomes: most around the end of June and of August, the others over the year."""
    kind = random.random(size)
    spread = random.integers(40, 365, size)
    june = (180 + random.normal(0, 6, size)).astype(int)
    august = (242 + random.normal(0, 4, size)).astype(int)
    return NEW_YEAR + np.where(kind < 0.35, june, np.where(kind < 0.6, august, spread))


def write_people(connection: psycopg.Connection[Any], people: int, *, few: bool = False) -> None:
    """Write a class of so many people as the history that its imports would have left.

    `connection` is a superuser's: foreign keys and triggers stand still, indexes are made last.
    Then all students are touched, as their writers would have touched them. With `few` only
    the first have a history, so that something can be written about them.
    """
    connection.execute("SET maintenance_work_mem = '512MB'")
    connection.execute(
        "INSERT INTO universities (id, code, name) SELECT n, (10000 + n)::text, '大学' || n"
        " FROM generate_series(1, %s) AS n",
        [universities_of(people)],
    )
    indexes = _drop_indexes(connection)
    connection.commit()
    written = min(people, AT_ONCE) if few else people
    begins = range(1, written + 1, AT_ONCE)
    write_at_once(_write_some, connection, people, begins)
    for index in indexes:
        connection.execute(index)
    for table in ("universities", "students", "outcomes"):
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
        )
    for begin in begins:
        connection.execute(
            "INSERT INTO fact_touches (student_ids, moment)"
            " SELECT array_agg(n), clock_timestamp() FROM generate_series(%s::bigint, %s) AS n",
            [begin, min(begin + AT_ONCE - 1, written)],
        )
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")


def write_at_once(
    write: Callable[[str, int, int], None],
    connection: psycopg.Connection[Any],
    people: int,
    begins: Iterable[int],
) -> None:
    """Let several writers, if there are many people, each write some."""
    url = f"{connection.info.dsn} password={connection.info.password}"
    with ProcessPoolExecutor(_WRITERS if people > MANY else 1, get_context("spawn")) as writers:
        list(writers.map(write, repeat(url), repeat(people), begins))


def _write_some(url: str, people: int, begin: int) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        _write(cursor, make_some(people, begin))


def _drop_indexes(connection: psycopg.Connection[Any]) -> list[str]:
    found = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY (%s)"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
        [[*HISTORY, "students"]],
    ).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    return [
        definition
        for name, definition in found
        if not name.startswith("ix_students") or name in {"ix_students_class", "ix_students_voided"}
    ]


def _write(cursor: psycopg.Cursor[Any], made: People) -> None:
    size, ids = len(made.ids), made.ids
    told = np.full(size, NEW_YEAR)
    uids = np.zeros((size, 2), dtype=">i8")
    uids[:, 1] = ids
    copy_in(
        cursor,
        "students",
        id=ids,
        uid=np.frombuffer(uids.tobytes(), dtype="V16"),
        class_year=YEAR,
        university_id=made.university,
        student_number=np.char.zfill(ids.astype(str), 12),
        name="林梅",
        name_key="linmei",
        initials="lm",
        level=made.level,
        college=made.college,
        standing="graduated",
        id_type="resident",
        created_at=_moments(told),
        version=1,
    )
    copy_in(
        cursor,
        "student_versions",
        student_id=ids,
        effective_on=_dates(told),
        class_year=YEAR,
        university_id=made.university,
        college=made.college,
        level=made.level,
        sex=made.sex,
        ethnic_group=made.ethnic,
        origin=made.origin,
        origin_division=made.county,
        **_recorded(told),
    )
    for place, category in enumerate(CATEGORIES):
        own = ids[made.bits & (1 << place) != 0]
        copy_in(
            cursor,
            "memberships",
            student_id=own,
            category=category,
            basis="file",
            source="benchmark",
            state="confirmed",
            holds_from=_dates(told[: len(own)]),
            **_recorded(told[: len(own)]),
        )
    left_out = ids % 215 == 0
    for standing, own in (("graduated", ids[~left_out]), ("deferred", ids[left_out])):
        copy_in(
            cursor,
            "standings",
            student_id=own,
            standing=standing,
            holds_from=_dates(told[: len(own)]),
            **_recorded(told[: len(own)]),
        )
    known = made.day + 3
    copy_in(
        cursor,
        "outcomes",
        id=made.outcome_ids,
        student_id=made.outcome_of,
        code=made.code,
        effective_on=_dates(made.day),
        reported_by="file",
        **_recorded(known),
    )
    copy_in(
        cursor,
        "verifications",
        outcome_id=made.outcome_ids[made.verified],
        student_id=made.outcome_of[made.verified],
        decision="verified",
        **_recorded(known[made.verified] + 4),
    )


def _dates(days: NDArray[Any]) -> NDArray[Any]:
    return days.astype(">i4")


def _moments(days: NDArray[Any]) -> NDArray[Any]:
    return (days.astype(np.int64) * _MICROSECONDS).astype(">i8")


def _recorded(days: NDArray[Any]) -> dict[str, NDArray[Any]]:
    return {"recorded_at": _moments(days), "entered_at": _moments(days)}
