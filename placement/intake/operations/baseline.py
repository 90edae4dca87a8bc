"""Takes in counts of all graduates: by university, level and day, each known from its moment.

The table belongs to the reports, which stand above this room; it is written by its name.
"""

import datetime as dt
from functools import partial
from typing import Any

from sqlalchemy import Row, text

from placement.db import db
from placement.intake.operations.run import ImportRun, Writing
from placement.intake.operations.tally import tell_before
from placement.intake.operations.voiding import void_rows

TABLES = ("universities", "baselines")
"""Tables in which a baseline may add rows."""

_KNOWN = text(
    """
    SELECT id, university_id, level, as_of, graduates, placed FROM baselines
    WHERE class_year = :class_year AND recorded_at <= :moment
        AND (voided_at IS NULL OR voided_at > :moment)
    ORDER BY id
    """
)
_ADD = text(
    """
    INSERT INTO baselines (class_year, university_id, level, as_of, graduates, placed,
        recorded_at, entered_at, import_id)
    VALUES (:class_year, :university_id, :level, :as_of, :graduates, :placed,
        :recorded_at, :entered_at, :import_id)
    """
)

Key = tuple[int, str, dt.date]


def take_baseline(run: ImportRun) -> None:
    """Add the counts of the accepted rows; other counts of the same day replace the old ones."""
    known = _known(run)
    columns = run.checked.columns
    for index in range(len(run.checked)):
        university_id = run.universities.ids[columns["university"][index]]
        key = university_id, columns["level"][index], columns["as_of"][index]
        counts = columns["graduates"][index], columns["placed"][index]
        before = known.get(key)
        same = before is not None and (before.graduates, before.placed) == counts
        run.tally.count(
            index,
            created=before is None,
            updated=not same,
            say=partial(tell_before, before, ("graduates", "placed")),
        )
        if run.writing is not None and not same:
            _write(key, counts, before, run.options.class_year, run.writing)
    run.report(len(run.checked), len(run.checked))


def _known(run: ImportRun) -> dict[Key, Row[Any]]:
    rows = db.session.execute(_KNOWN, {"class_year": run.options.class_year, "moment": run.moment})
    return {(row.university_id, row.level, row.as_of): row for row in rows}


def _write(
    key: Key,
    counts: tuple[int, int],
    before: Row[Any] | None,
    class_year: int | None,
    writing: Writing,
) -> None:
    if before is not None:
        void_rows("baselines", [before.id], writing.log, writing.recorded)
    university_id, level, as_of = key
    graduates, placed = counts
    db.session.execute(
        _ADD,
        {
            "class_year": class_year,
            "university_id": university_id,
            "level": level,
            "as_of": as_of,
            "graduates": graduates,
            "placed": placed,
            **writing.recorded,
        },
    )
