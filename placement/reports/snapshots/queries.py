"""Reads of snapshots: which a viewer may see, their frozen content, and history read anew."""

import datetime as dt
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Row, Select, false, func, select
from sqlalchemy.orm import joinedload

from placement.accounts.models import Role, University
from placement.accounts.viewer import Viewer
from placement.db import db
from placement.errors import NotVisibleError
from placement.files import StoredFile, read_file
from placement.reports.models import Publication, Snapshot
from placement.reports.queries.counted import counted_people, matching
from placement.reports.queries.facts import CATEGORY_BITS
from placement.reports.queries.readings import Reading
from placement.reports.snapshots.frozen import (
    Counted,
    Step,
    at_no_step,
    read_figures,
    read_people,
)
from placement.students.models import Student
from placement.students.queries import visible_students

_PEOPLE_AT_ONCE = 5_000


def visible_snapshots(viewer: Viewer) -> Select[Snapshot]:
    """Select the snapshots whose whole figures a viewer may see, the newest first.

    The province sees all, a whole university its own; what others may see is published.
    """
    snapshots = select(Snapshot).options(joinedload(Snapshot.university))
    if viewer.role is Role.UNIVERSITY and not viewer.colleges:
        snapshots = snapshots.where(Snapshot.university_id == viewer.university_id)
    elif viewer.role is not Role.PROVINCE:
        snapshots = snapshots.where(false())
    return _newest_first(snapshots)


def all_snapshots() -> Select[Snapshot]:
    """Select every snapshot that the transaction's scope shows: for the program and commands."""
    return _newest_first(select(Snapshot).options(joinedload(Snapshot.university)))


def published() -> Select[Publication]:
    """Select what is published, the newest first: for everybody who is signed in."""
    return (
        select(Publication)
        .join(Publication.snapshot)
        .options(joinedload(Publication.snapshot).joinedload(Snapshot.university))
        .order_by(
            Snapshot.class_year.desc(),
            Snapshot.as_of.desc(),
            Snapshot.university_id.nulls_first(),
            Snapshot.version.desc(),
        )
    )


def snapshot_by_id(number: int) -> Snapshot:
    """The snapshot of a number. Raises NotVisibleError."""
    found = db.session.execute(all_snapshots().where(Snapshot.id == number)).scalar_one_or_none()
    if found is None:
        raise NotVisibleError(
            "There is no snapshot %(number)s.",
            remedy="See `placement snapshot list`.",
            number=number,
        )
    return found


def newest_version(class_year: int, as_of: dt.date, university_id: int | None) -> Snapshot | None:
    """The newest version of the snapshot of a class, a day and a university (None: province)."""
    return db.session.execute(
        select(Snapshot)
        .where(
            Snapshot.class_year == class_year,
            Snapshot.as_of == as_of,
            func.coalesce(Snapshot.university_id, 0) == (university_id or 0),
        )
        .order_by(Snapshot.version.desc())
        .limit(1)
    ).scalar_one_or_none()


def replaced_by(snapshot: Snapshot) -> Snapshot | None:
    """The version that corrects this one, if there is one."""
    return db.session.execute(
        select(Snapshot).where(Snapshot.replaces_id == snapshot.id)
    ).scalar_one_or_none()


def seal_before(snapshot: Snapshot) -> bytes | None:
    """The seal of the version that this one corrects, if there is one."""
    return db.session.execute(
        select(Snapshot.seal).where(Snapshot.id == snapshot.replaces_id)
    ).scalar_one_or_none()


def publication_of(snapshot: Snapshot) -> Publication | None:
    """What of a snapshot is published, if it is."""
    return db.session.execute(
        published().where(Publication.snapshot_id == snapshot.id)
    ).scalar_one_or_none()


def published_before(snapshot: Snapshot) -> list[Publication]:
    """All that is published of the same class and day, whatever version or university."""
    return list(
        db.session.execute(
            published()
            .where(Snapshot.class_year == snapshot.class_year, Snapshot.as_of == snapshot.as_of)
            .where(Snapshot.id != snapshot.id)
        ).scalars()
    )


@dataclass(frozen=True)
class Content:
    """The frozen bytes of a snapshot, as they are stored."""

    figures_bytes: bytes
    people_bytes: bytes

    @cached_property
    def figures(self) -> dict[str, Any]:
        """Heading, rules and tables."""
        return read_figures(self.figures_bytes)

    @cached_property
    def people(self) -> dict[str, Counted]:
        """Who counted as what, by uid."""
        return read_people(self.people_bytes)


def content_of(snapshot: Snapshot) -> Content:
    """Read the frozen content. Raises NotVisibleError where the scope does not show its files."""
    return Content(_stored(snapshot.figures_file_id), _stored(snapshot.people_file_id))


def figures_of(snapshot: Snapshot) -> dict[str, Any]:
    """The frozen figures alone, without the list of people."""
    return read_figures(_stored(snapshot.figures_file_id))


def _stored(file_id: int) -> bytes:
    file = db.session.get(StoredFile, file_id)
    if file is None:
        raise NotVisibleError("The content of the snapshot cannot be read.")
    return zlib.decompress(read_file(file))


def read_counted(reading: Reading, *, at_step: Step = at_no_step) -> list[Counted]:
    """Everybody of a question and what they count as, by the one query behind all figures.

    `at_step` is called after some thousand people each.
    """
    people = counted_people(reading)
    rows = (
        select(people, Student.uid)
        .join(Student, Student.id == people.c.student_id)
        .where(*matching(reading, people))
        .execution_options(yield_per=_PEOPLE_AT_ONCE)
    )
    codes = {number: name.code for number, name in reading.universities.items()}
    found: list[Counted] = []
    with db.session.execute(rows) as result:
        for some in result.partitions():
            found += _counted(some, codes)
            at_step()
    return found


def _counted(rows: Iterable[Row[Any]], codes: Mapping[int, str]) -> list[Counted]:
    return [
        Counted(
            uid=str(row.uid),
            university=codes[row.university_id],
            college=row.college,
            level=row.level,
            sex=row.sex,
            ethnic=row.ethnic_group,
            origin=row.origin,
            county=row.origin_division,
            categories=tuple(n for n, bit in CATEGORY_BITS.items() if row.category_bits & bit),
            standing=row.standing,
            code=row.code,
            effective_on=row.outcome_on.isoformat() if row.known and row.outcome_on else None,
            reason=row.reason,
        )
        for row in rows
    ]


def universities_by_code() -> dict[str, University]:
    """All universities by their national code."""
    return {found.code: found for found in db.session.execute(select(University)).scalars()}


def has_snapshot(class_year: int, as_of: dt.date) -> bool:
    """Whether the province's snapshot of a class and a day was taken."""
    return newest_version(class_year, as_of, None) is not None


def students_of(uids: list[str], viewer: Viewer | None) -> dict[str, Student]:
    """The students behind the uids of a list that the viewer (None: a command) may see."""
    students = select(Student) if viewer is None else visible_students(viewer)
    found = db.session.execute(students.where(Student.uid.in_(uids))).scalars()
    return {str(student.uid): student for student in found}


def _newest_first(snapshots: Select[Snapshot]) -> Select[Snapshot]:
    return snapshots.order_by(
        Snapshot.class_year.desc(),
        Snapshot.as_of.desc(),
        Snapshot.university_id.nulls_first(),
        Snapshot.version.desc(),
    )
