"""Writing lists into a run: in bulk for thousands of students, and anew for one."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, cast

import psycopg
from sqlalchemy import delete, insert, text

from placement.db import db
from placement.jobs.models import Recommendation
from placement.jobs.ranking.explain import Explained

_COLUMNS = (
    "run_id",
    "student_id",
    "posting_id",
    "rank",
    "score",
    "reasons",
    "caution",
    "missing",
    "parts",
)
_NAMES = ", ".join(_COLUMNS)
_COPY = f"COPY fresh_lists ({_NAMES}) FROM STDIN"
# A table under row-level security takes no COPY, hence the table between.
_MAKE_ROOM = text(
    f"CREATE TEMP TABLE fresh_lists ON COMMIT DROP AS SELECT {_NAMES}"  # noqa: S608 - own names
    " FROM recommendations WITH NO DATA"
)
_TAKE_OVER = text(
    f"INSERT INTO recommendations ({_NAMES}) SELECT {_NAMES} FROM fresh_lists"  # noqa: S608 - own
)

Lists = Iterable[tuple[int, list[Explained]]]


def write_lists(run_id: int, lists: Lists) -> None:
    """Add the lists of many students to a run; once in a transaction."""
    db.session.execute(_MAKE_ROOM)
    driver = cast("psycopg.Connection[Any]", db.session.connection().connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in _rows(run_id, lists):
            copy.write_row(row)
    db.session.execute(_TAKE_OVER)


def _rows(run_id: int, lists: Lists) -> Iterator[tuple[Any, ...]]:
    for student_id, explained in lists:
        for found in explained:
            yield (
                run_id,
                student_id,
                found.posting_id,
                found.rank,
                found.score,
                _json(found.reasons),
                None if found.caution is None else _json(found.caution),
                _json(found.reasons_missing),
                _json(rounded(found.parts)),
            )


def replace_list(run_id: int, student_id: int, explained: list[Explained]) -> None:
    """Put a fresh list in the place of a student's list in a run."""
    db.session.execute(
        delete(Recommendation).where(
            Recommendation.run_id == run_id, Recommendation.student_id == student_id
        )
    )
    if explained:
        db.session.execute(
            insert(Recommendation), [values_of(run_id, student_id, found) for found in explained]
        )


def values_of(run_id: int, student_id: int, found: Explained) -> dict[str, Any]:
    """The columns of one recommendation."""
    return {
        "run_id": run_id,
        "student_id": student_id,
        "posting_id": found.posting_id,
        "rank": found.rank,
        "score": found.score,
        "reasons": found.reasons,
        "caution": found.caution,
        "missing": found.reasons_missing,
        "parts": rounded(found.parts),
    }


def rounded(parts: dict[str, float | None]) -> dict[str, float | None]:
    """The parts of a score to four decimals: finer ones are noise and fill the table."""
    return {name: None if value is None else round(value, 4) for name, value in parts.items()}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
