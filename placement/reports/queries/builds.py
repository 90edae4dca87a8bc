"""The state of the kept facts: of which moment they are, and who waits to be kept."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select, text

from placement.db import db
from placement.reports.models import FactBuild

_WAITING = text(
    "SELECT count(DISTINCT touched.student_id) AS students, min(moment) AS since"
    " FROM fact_touches, unnest(student_ids) AS touched (student_id)"
)


@dataclass(frozen=True, slots=True)
class KeptClass:
    """The facts of a class year: `known_at` is None while they are not used, since they differ.

    `people` are all who were ever in the register, `seconds` what the last keeping took,
    `differing` the people who differed at the last check (None: not checked yet).
    """

    class_year: int
    known_at: dt.datetime | None
    people: int
    seconds: Decimal
    checked_at: dt.datetime | None
    differing: int | None
    compared: int | None
    """So many people the check under way has compared; None while none is under way."""


@dataclass(frozen=True, slots=True)
class KeepingState:
    """What is kept, and the students written about since, who are read from the history."""

    classes: list[KeptClass]
    waiting: int
    since: dt.datetime | None


def keeping_state() -> KeepingState:
    """Read the state of the kept facts, the newest class first."""
    builds = db.session.execute(select(FactBuild).order_by(FactBuild.class_year.desc())).scalars()
    waiting = db.session.execute(_WAITING).one()
    return KeepingState(
        [
            KeptClass(
                build.class_year,
                build.known_at,
                build.people,
                build.seconds,
                build.checked_at,
                build.differing,
                None if build.checking is None else build.checking["people"],
            )
            for build in builds
        ],
        waiting.students,
        waiting.since,
    )
