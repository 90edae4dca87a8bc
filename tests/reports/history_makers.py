"""Small random histories, and their way into the database as rows of long ago."""

import datetime as dt
import uuid
from typing import Any

import psycopg
from hypothesis import strategies as st

from placement.db import db
from tests.reports.oracle import CATEGORIES, Fact, History

CHINA = dt.timezone(dt.timedelta(hours=8))
MOMENTS = [dt.datetime(2016, month, 1, 12, tzinfo=CHINA) for month in (2, 5, 8, 9, 12)]
MOMENTS.append(dt.datetime(2017, 2, 1, 12, tzinfo=CHINA))
DAYS = [
    dt.date(2015, 12, 31),
    dt.date(2016, 1, 1),
    dt.date(2016, 6, 30),
    dt.date(2016, 8, 31),
    dt.date(2016, 9, 1),
    dt.date(2016, 12, 31),
    dt.date(2017, 1, 1),
    dt.date(2017, 3, 1),
]
CODES = [
    "10",
    "11",
    "12",
    "27",
    "50",
    "65",
    "70",
    "71",
    "72",
    "75",
    "76",
    "77",
    "80",
    "81",
    "82",
    "85",
]
STANDINGS = ["graduated", "completed", "deferred", "withdrawn", "transferred", "deceased"]

STUDENTS = (1, 2, 3, 4)
TABLES = (
    "disputes",
    "verifications",
    "outcomes",
    "standings",
    "memberships",
    "student_versions",
    "students",
    "universities",
)

students = st.sampled_from(STUDENTS)
days = st.sampled_from(DAYS)
moments = st.sampled_from(MOMENTS)
rarely = st.integers(0, 4).map(lambda number: number == 4)


@st.composite
def facts(
    draw: st.DrawFn, values: dict[str, st.SearchStrategy[Any]], *, each: bool, most: int
) -> list[Fact]:
    """Some rows of history with these values; with `each`, an early one of nearly every student."""
    early = [number for number in STUDENTS if each and not draw(rarely)]
    chosen = early + draw(st.lists(students, max_size=most))
    found = []
    for number, student in enumerate(chosen, start=1):
        is_early = number <= len(early)
        recorded = MOMENTS[0] if is_early else draw(moments)
        voided = draw(moments) if draw(rarely) else None
        found.append(
            Fact(
                student=student,
                from_day=dt.date(2016, 1, 1) if is_early else draw(days),
                recorded=recorded,
                voided=voided if voided is not None and voided > recorded else None,
                values={name: draw(strategy) for name, strategy in values.items()},
                number=number,
                entered=max(recorded, draw(moments)) if draw(rarely) else recorded,
            )
        )
    return found


VERSION = {
    "class_year": st.sampled_from((2016, 2016, 2016, 2016, 2017)),
    "university": st.sampled_from(("90001", "90002")),
    "college": st.sampled_from(("文学院", "A+B", None)),
    "level": st.sampled_from(("31", "41", "61")),
    "sex": st.sampled_from(("1", "2", None)),
    "ethnic": st.sampled_from(("01", "15", None)),
    "origin": st.sampled_from(("rural", "urban", None)),
    "county": st.sampled_from(("350102", "350425", None)),
}
MEMBERSHIP = {
    "category": st.sampled_from(CATEGORIES),
    "state": st.sampled_from((*["confirmed"] * 6, "pending", "rejected")),
    "holds_to": st.sampled_from((None, None, *DAYS[3:])),
}


@st.composite
def histories(draw: st.DrawFn) -> History:
    """A random history of four students."""
    history = History(
        versions=draw(facts(VERSION, each=True, most=4)),
        memberships=draw(facts(MEMBERSHIP, each=True, most=6)),
        standings=draw(facts({"standing": st.sampled_from(STANDINGS)}, each=False, most=4)),
        outcomes=draw(facts({"code": st.sampled_from(CODES)}, each=False, most=10)),
    )
    for membership in history.memberships:
        end = membership.values["holds_to"]
        if end is not None and end <= membership.from_day:
            membership.values["holds_to"] = None
    outcomes = history.outcomes
    if outcomes:
        about = {"outcome": st.integers(1, len(outcomes))}
        decision = {"decision": st.sampled_from(("verified", "verified", "rejected"))}
        history.verifications = draw(facts(about | decision, each=False, most=10))
        history.disputes = draw(facts(about, each=False, most=3))
        for fact in (*history.verifications, *history.disputes):
            fact.student = outcomes[fact.values["outcome"] - 1].student
    return history


@st.composite
def settled_histories(draw: st.DrawFn) -> History:
    """A random history in which all four stay in the register, and much happens to outcomes."""
    history = History(
        versions=draw(facts(VERSION | {"class_year": st.just(2016)}, each=True, most=2)),
        memberships=draw(facts(MEMBERSHIP, each=True, most=0)),
        standings=draw(facts({"standing": st.sampled_from(STANDINGS)}, each=False, most=3)),
        outcomes=draw(facts({"code": st.sampled_from(CODES)}, each=True, most=10)),
    )
    for fact in (*history.versions, *history.memberships):
        fact.voided = None
    for membership in history.memberships:
        membership.values |= {"state": "confirmed", "holds_to": None}
    about = {"outcome": st.integers(1, max(1, len(history.outcomes)))}
    if history.outcomes:
        decision = {"decision": st.sampled_from(("verified", "verified", "rejected"))}
        history.verifications = draw(facts(about | decision, each=True, most=12))
        history.disputes = draw(facts(about, each=False, most=6))
    for fact in (*history.verifications, *history.disputes):
        fact.student = history.outcomes[fact.values["outcome"] - 1].student
    return history


def write_history(connection: psycopg.Connection, history: History) -> None:
    """Write a history as it would lie there by now, in place of the one before."""
    db.session.rollback()  # a report leaves its transaction open, which would hold the tables
    for table in TABLES:
        connection.execute(f"DELETE FROM {table}")
    _write(
        connection,
        "universities",
        [{"id": n, "code": f"9000{n}", "name": f"大学{n}"} for n in (1, 2)],
    )
    _write(connection, "students", [_student(number) for number in STUDENTS])
    add_history(connection, history)


def add_history(connection: psycopg.Connection, history: History) -> None:
    """Add rows to the history that lies there."""
    _write(connection, "student_versions", [_version(fact) for fact in history.versions])
    _write(connection, "memberships", [_membership(fact) for fact in history.memberships])
    _write(
        connection,
        "standings",
        [
            _row(f) | {"standing": f.values["standing"], "holds_from": f.from_day}
            for f in history.standings
        ],
    )
    _write(
        connection,
        "outcomes",
        [
            _row(f)
            | {"id": f.number, "code": f.values["code"], "effective_on": f.from_day}
            | {"reported_by": "file"}
            for f in history.outcomes
        ],
    )
    _write(
        connection,
        "verifications",
        [
            _row(f)
            | {"outcome_id": f.values["outcome"], "decision": f.values["decision"], "reason": "-"}
            for f in history.verifications
        ],
    )
    _write(
        connection,
        "disputes",
        [_row(f) | {"outcome_id": f.values["outcome"]} for f in history.disputes],
    )


def _row(fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.number,
        "student_id": fact.student,
        "recorded_at": fact.recorded,
        "entered_at": fact.entered,
        "voided_at": fact.voided,
    }


def _student(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "uid": uuid.uuid4(),
        "class_year": 2016,
        "university_id": 1,
        "student_number": str(number),
        "name": "林梅",
        "name_key": "linmei",
        "initials": "lm",
        "level": "31",
        "standing": "graduated",
        "id_type": "resident",
    }


def _version(fact: Fact) -> dict[str, Any]:
    values = fact.values
    return _row(fact) | {
        "effective_on": fact.from_day,
        "class_year": values["class_year"],
        "university_id": int(values["university"][-1]),
        "college": values["college"],
        "level": values["level"],
        "sex": values["sex"],
        "ethnic_group": values["ethnic"],
        "origin": values["origin"],
        "origin_division": values["county"],
    }


def _membership(fact: Fact) -> dict[str, Any]:
    return _row(fact) | {
        "category": fact.values["category"],
        "state": fact.values["state"],
        "holds_from": fact.from_day,
        "holds_to": fact.values["holds_to"],
        "basis": "file",
        "source": "test",
    }


def _write(connection: psycopg.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    names = list(rows[0])
    marks = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",
            [tuple(row[name] for name in names) for row in rows],
        )
