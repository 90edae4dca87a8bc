"""What a list of students can be narrowed to: class years, colleges, universities."""

import datetime as dt
import functools

from sqlalchemy import Row, exists, func, select

from placement import clock
from placement.accounts.models import Role, University
from placement.accounts.viewer import Viewer
from placement.db import db
from placement.statements import Kept
from placement.students.models import Student
from placement.students.queries import in_scope


def class_years(viewer: Viewer) -> list[int]:
    """The class years that the viewer has students of, the newest first."""
    return years_and_colleges(viewer, None)[0]


def years_and_colleges(viewer: Viewer, university_id: int | None) -> tuple[list[int], list[str]]:
    """The class years that the viewer has students of, the newest first, and their colleges.

    The colleges are those of the viewer's own university; for the province of the one given.
    """
    if viewer.role is Role.PROVINCE:
        return _all_class_years(), _colleges_of(university_id)
    found = _kept_years(viewer.kind, clock.today()).ask(viewer.numbers).all()
    years = sorted({row.class_year for row in found}, reverse=True)
    return years, sorted({row.college for row in found if row.college})


@functools.lru_cache(maxsize=128)
def _kept_years(kind: Viewer, _today: dt.date) -> Kept:
    # The scope of a counselor is that of the day.
    return Kept(select(Student.class_year, Student.college).where(in_scope(kind)).distinct())


def _all_class_years() -> list[int]:
    # One look into the index for each year instead of one at every student.
    bounds = select(func.min(Student.class_year), func.max(Student.class_year))
    oldest, newest = db.session.execute(bounds).one()
    if oldest is None:
        return []
    years = func.generate_series(oldest, newest).column_valued("year")
    known = exists().where(Student.class_year == years, Student.voided_at.is_(None))
    return list(db.session.execute(select(years).where(known).order_by(years.desc())).scalars())


def _colleges_of(university_id: int | None) -> list[str]:
    if university_id is None:
        return []
    colleges = select(Student.college).where(
        Student.university_id == university_id, Student.voided_at.is_(None)
    )
    return sorted(filter(None, db.session.execute(colleges.distinct()).scalars()))


def all_universities() -> list[Row[int, str]]:
    """The universities for a choice, by name."""
    return list(
        db.session.execute(
            select(University.id, University.name).order_by(University.name_key, University.id)
        )
    )
