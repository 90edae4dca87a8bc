"""The facts of a made-up class, laid out from the people themselves instead of from their history.

Keeping the facts of 12.22 million people from the history takes longer than measuring what they
answer. These are what keeping gives: the check of facts compares them with the history.
"""

from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

from benchmarks.binary_copy import copy_in
from benchmarks.population import AT_ONCE, NEW_YEAR, YEAR, People, make_some, write_at_once

NEEDS = ("70", "71", "72")
BASES = ("verified", "reported")
NOBODY, NEVER = b"", -1
"""Stand for a code that is not known, and for a day that never comes."""


INDEXES = (
    "ALTER TABLE facts ADD PRIMARY KEY (student_id, from_day)",
    "CREATE INDEX ix_facts_university ON facts (class_year, university_id)",
    "CREATE INDEX ix_facts_leaving ON facts (class_year, until_day) WHERE leaves",
)


def write_facts(connection: psycopg.Connection[Any], people: int) -> None:
    """Write the facts of so many people; one is touched, so that keeping makes all sums."""
    connection.autocommit = True
    connection.execute("SET maintenance_work_mem = '512MB'")
    connection.execute("TRUNCATE facts, fact_touches")
    connection.execute("ALTER TABLE facts DROP CONSTRAINT facts_pkey")
    connection.execute("DROP INDEX ix_facts_university, ix_facts_leaving")
    write_at_once(_write_some, connection, people, range(1, people + 1, AT_ONCE))
    for statement in INDEXES:
        connection.execute(statement)
    connection.execute(
        "INSERT INTO fact_touches (student_ids, moment) VALUES ('{1}', clock_timestamp())"
    )


def _write_some(url: str, people: int, begin: int) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        _write(cursor, make_some(people, begin), begin)


def _write(cursor: psycopg.Cursor[Any], made: People, begin: int) -> None:
    place = made.outcome_of - begin
    # The later of two outcomes comes after all the earlier ones.
    order = np.zeros(AT_ONCE, dtype=int)
    first, second = (np.full(len(made.ids), -1) for _ in range(2))
    for number, owner in enumerate(place.tolist()):
        (second if order[owner] else first)[owner] = number
        order[owner] = 1
    everybody = np.arange(len(made.ids))
    has_first, has_second = first >= 0, second >= 0
    one, two = first[has_first], second[has_second]
    never = np.full(len(made.ids), NEVER)
    starts = np.full(len(made.ids), NEW_YEAR)
    begins = np.where(has_first, made.day[first], never)
    _spans(cursor, made, everybody, starts, begins, _told(len(made.ids)))
    until = np.where(has_second, made.day[second], never)[has_first]
    _spans(cursor, made, everybody[has_first], made.day[one], until, _after_one(made, one))
    both = _after_two(made, first[has_second], two)
    ends = np.full(len(two), NEVER)
    _spans(cursor, made, everybody[has_second], made.day[two], ends, both)


def _told(size: int, code: bytes = NOBODY, reason: bytes = b"no_outcome") -> dict[str, Any]:
    """How people count under both bases: as nobody knows anything of."""
    return {
        f"{basis}_{what}": np.full(size, value, dtype="S10")
        for basis in BASES
        for what, value in (("code", code), ("reason", reason))
    }


def _after_one(made: People, one: NDArray[Any]) -> dict[str, Any]:
    code, verified = made.code[one].astype("S10"), made.verified[one]
    needy = np.isin(made.code[one], NEEDS)
    counts = verified | needy
    return {
        "verified_code": np.where(counts, code, NOBODY),
        "verified_reason": _reason(needy, counts, b"verified", b"unverified"),
        "reported_code": code,
        "reported_reason": _reason(needy, verified, b"verified", b"reported"),
    }


def _reason(needy: NDArray[Any], holds: NDArray[Any], yes: bytes, no: bytes) -> NDArray[Any]:
    return np.where(needy, b"not_placed", np.where(holds, yes, no)).astype("S10")


def _after_two(made: People, one: NDArray[Any], two: NDArray[Any]) -> dict[str, Any]:
    """The later one decides if it counts, else the earlier; a believed need may overtake."""
    before, after = _after_one(made, one), _after_one(made, two)
    needy, placed = np.isin(made.code[two], NEEDS), ~np.isin(made.code[one], NEEDS)
    counts = made.verified[two] | needy
    overtaken = needy & ~made.verified[two] & made.verified[one] & placed
    later = np.where(overtaken, b"overtaken", after["verified_reason"])
    return {
        "verified_code": np.where(counts, after["verified_code"], before["verified_code"]),
        "verified_reason": np.where(counts, later, before["verified_reason"]).astype("S10"),
        "reported_code": after["reported_code"],
        "reported_reason": after["reported_reason"],
    }


def _spans(
    cursor: psycopg.Cursor[Any],
    made: People,
    who: NDArray[Any],
    starts: NDArray[Any],
    ends: NDArray[Any],
    told: dict[str, Any],
) -> None:
    """Write spans; those with the same words go together, since a column has one length."""
    standing = np.where(made.ids[who] % 215 == 0, "deferred", "graduated")
    words = [standing, *(told[f"{basis}_reason"].astype("U10") for basis in BASES)]
    alike, kinds = np.unique(
        np.stack([*words, (ends == NEVER).astype("U10")], axis=1), axis=0, return_inverse=True
    )
    for kind, (stands, *reasons, endless) in enumerate(alike.tolist()):
        own = np.flatnonzero(kinds == kind)
        of = who[own]
        later: dict[str, Any] = {} if endless == "True" else {"until_day": ends[own].astype(">i4")}
        for basis, reason in zip(BASES, reasons, strict=True):
            later[f"{basis}_reason"] = reason
            if reason not in {"unverified", "no_outcome"}:
                later[f"{basis}_code"] = told[f"{basis}_code"][own].astype("S2")
        copy_in(
            cursor,
            "facts",
            student_id=made.ids[of],
            class_year=YEAR,
            from_day=starts[own].astype(">i4"),
            university_id=made.university[of],
            college=made.college[of],
            level=made.level[of],
            sex=made.sex[of],
            ethnic_group=made.ethnic[of],
            origin=made.origin[of],
            origin_division=made.county[of],
            category_bits=made.bits[of].astype(">i4"),
            standing=stands,
            leaves=np.zeros(len(own), dtype="u1"),
            **later,
        )
