"""Keeping the facts of reports: who was touched is read anew from the history, and sums follow.

Writers only note whom they touched; one keeper at a time does the rest, so that no writer waits.
What is kept is what was known at a closed moment, which no writer can change any more.
"""

import datetime as dt
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from placement.db import db
from placement.history import closed_moment
from placement.locks import Lock
from placement.reference import destinations
from placement.reports.later_moves import Changes, add_changes, facts_by_year
from placement.reports.models import FACTS, FactBuild, FactTouch
from placement.reports.queries.facts import FEWEST, ONE_IN, placed_codes, told_by_history
from placement.reports.queries.statements import NO_NESTED_LOOPS, read_sql
from placement.reports.summing import STUDENTS_AT_ONCE, keep_sums

log = logging.getLogger(__name__)

SHARE_OF_TIME = 20
"""Keeping takes at most one part in so many of the time while little has changed."""
MANY_TOUCHED = 1_000
"""So many people out of date are kept at once, since reading them from the history takes long."""

_WAITING = text(
    "SELECT coalesce(sum(cardinality(student_ids)), 0) AS people,"
    " extract(epoch FROM placement_now() - min(moment)) AS age FROM fact_touches"
)
_TOUCHED = text(
    "SELECT array_agg(DISTINCT touched.student_id ORDER BY touched.student_id)"
    " FROM fact_touches, unnest(student_ids) AS touched (student_id) WHERE moment <= :known_at"
)
_OTHER_RULES = text(
    "INSERT INTO fact_touches (student_ids, moment)"
    " SELECT array_agg(DISTINCT student_id), :known_at FROM student_versions"
    " WHERE class_year = ANY (:class_years) HAVING count(*) > 0"
)
_GONE = text(
    "WITH gone AS (DELETE FROM facts WHERE student_id = ANY (:student_ids) RETURNING class_year)"
    " SELECT DISTINCT class_year FROM gone"
)
_NAMES = ", ".join(column.name for column in FACTS.columns)
_MADE = text(
    f"WITH made AS (INSERT INTO facts ({_NAMES}) SELECT {_NAMES}"  # noqa: S608 - all our own text
    f" FROM ({read_sql('facts')}) AS told RETURNING class_year)"
    " SELECT DISTINCT class_year FROM made"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a keeping did: the moment, how many students it read, the class years it renewed."""

    known_at: dt.datetime
    students: int
    class_years: tuple[int, ...]


def keep_facts_when_due() -> Kept | None:
    """Keep the facts if many people are out of date, or if it was not done for long.

    Ends the transaction under way; the caller commits the one in which the facts are.
    """
    waiting = db.session.execute(_WAITING).one()
    if not waiting.people:
        return None
    seconds = db.session.execute(text("SELECT max(seconds) FROM fact_builds")).scalar()
    if waiting.people < MANY_TOUCHED and waiting.age < SHARE_OF_TIME * (seconds or 0):
        return None
    return keep_facts()


def keep_facts() -> Kept | None:
    """Bring the kept facts up to the newest closed moment; None if another keeper is at it.

    Ends the transaction under way; the caller commits the one in which the facts are.
    """
    begun = time.monotonic()
    known_at = begin_keeping()
    if known_at is None:
        return None
    _touch_under_other_rules(known_at)
    touched = db.session.execute(_TOUCHED, {"known_at": known_at}).scalar() or []
    renewed = _renew(touched, known_at)
    db.session.execute(delete(FactTouch).where(FactTouch.moment <= known_at))
    for year in renewed.class_years:
        _sum(year, known_at, begun, renewed.changes)
    return Kept(known_at, len(touched), renewed.class_years)


def begin_keeping() -> dt.datetime | None:
    """Begin the transaction of the only keeper, on one state of the data; None if there is one.

    The moment is the newest closed one. Whatever transaction was under way ends.
    """
    known_at = closed_moment()
    db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    if not db.session.execute(select(func.pg_try_advisory_xact_lock(Lock.FACTS, 0))).scalar():
        return None
    db.session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    db.session.execute(NO_NESTED_LOOPS)
    return known_at


def _placed() -> list[str]:
    """The codes that count as placed, on which all schemes agree."""
    return sorted(placed_codes(destinations.SCHEMES[0]))


def _touch_under_other_rules(known_at: dt.datetime) -> None:
    """Touch everybody of the classes whose facts were kept when other codes were placed."""
    other = select(FactBuild.class_year).where(FactBuild.placed != _placed())
    if years := db.session.execute(other).scalars().all():
        db.session.execute(_OTHER_RULES, {"known_at": known_at, "class_years": list(years)})


@dataclass(slots=True)
class _Renewed:
    """The class years whose facts were made anew, and what that changed if it was little."""

    years: set[int] = field(default_factory=set)
    changes: dict[int, Changes] | None = None

    @property
    def class_years(self) -> tuple[int, ...]:
        """The class years in order."""
        return tuple(sorted(self.years))


def _renew(touched: Sequence[int], known_at: dt.datetime) -> _Renewed:
    renewed = _Renewed()
    few = len(touched) <= _few()
    before = facts_by_year(touched) if few else {}
    for begin in range(0, len(touched), STUDENTS_AT_ONCE):
        told = told_by_history(touched[begin : begin + STUDENTS_AT_ONCE], known_at)
        gone = db.session.execute(_GONE, {"student_ids": told["student_ids"]})
        renewed.years.update(gone.scalars())
        renewed.years.update(db.session.execute(_MADE, told).scalars())
    if few:
        after = facts_by_year(touched)
        renewed.changes = {
            year: Changes.between(before.get(year, []), after.get(year, []))
            for year in renewed.years
        }
    return renewed


def _few() -> int:
    """So many touched students are told apart from the others of their classes."""
    people: int | None = db.session.execute(select(func.max(FactBuild.people))).scalar()
    return min(STUDENTS_AT_ONCE, max(FEWEST, (people or 0) // ONE_IN))


def _sum(
    class_year: int, known_at: dt.datetime, begun: float, changes: dict[int, Changes] | None
) -> None:
    """Bring the sums of a class year up to its facts, and say for which moment they are."""
    kept = None if changes is None else _kept(class_year)
    added = None if kept is None or changes is None else add_changes(kept, changes[class_year])
    values = (added or keep_sums(class_year)) | {
        "class_year": class_year,
        "known_at": known_at,
        "placed": _placed(),
        "seconds": Decimal(f"{time.monotonic() - begun:.3f}"),
    }
    statement = upsert(FactBuild).values(values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["class_year"], set_=values))


def _kept(class_year: int) -> Row[Any] | None:
    """What is kept of a class year, if no check found it to differ."""
    columns = (FactBuild.class_year, FactBuild.people, FactBuild.states, FactBuild.keys)
    found = select(*columns, FactBuild.sizes).where(
        FactBuild.class_year == class_year, FactBuild.known_at.is_not(None)
    )
    return db.session.execute(found).one_or_none()
