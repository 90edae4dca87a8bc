"""Takes in a students' file, batch by batch: compare, seal, write."""

import itertools
from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import Any

from sqlalchemy import func, select, text

from placement.accounts.models import Role, User
from placement.db import db
from placement.intake.operations.run import ImportRun
from placement.intake.operations.staging import DatabaseDesk
from placement.intake.operations.students.batch import Batch
from placement.intake.operations.students.comparing import Comparison, StudentChange
from placement.intake.operations.students.entry import StudentEntry
from placement.intake.operations.students.identifying import identify
from placement.intake.operations.students.known import (
    KnownStudent,
    KnownStudents,
    StudentKeys,
    read_known_students,
)
from placement.intake.operations.students.people import (
    Fingerprints,
    changed_contacts,
    fingerprints,
)
from placement.intake.operations.students.telling import tell_change
from placement.intake.operations.students.writing import StudentWriter
from placement.intake.operations.tally import KEY_CONFLICT, Refusal
from placement.reference import hardship
from placement.students.models import Category, StandingKind

FIRST_ROWS, BATCH_ROWS = 1_000, 4_000
TABLES = (
    "universities",
    "students",
    "student_versions",
    "standings",
    "assignments",
    "cases",
    "memberships",
)
"""Tables in which a students' file may add rows."""

_STANDINGS = {kind.value: kind for kind in StandingKind}
KEPT_CONTACT = "contact_confirmed"
UNKNOWN_COUNSELOR = "unknown_counselor"
CONTACT_MESSAGE = "The student has confirmed another one, which stays."
COUNSELOR_MESSAGE = "No counselor of the university has this user name or staff number."
TWICE_MESSAGE = "Row %(first)s leads to the same student."


def take_students(run: ImportRun) -> None:
    """Compare every accepted row with the register and write what it changes."""
    taking = _Taking(run)
    with DatabaseDesk() as desk:
        ready: Batch | None = None
        for start, stop in _batches(len(run.checked)):
            entries = taking.entries(start, stop)
            prints = [fingerprints(entry) for entry in entries]
            known, fresh = desk.ask(taking.look_up, entries, prints)
            # Written only now, so that the database works while the next rows are sealed.
            if ready and taking.writer:
                desk.hand_over(taking.writer.write, ready)
            ready = taking.compare(start, entries, prints, known, fresh)
            run.report(stop, len(run.checked))
        if ready and taking.writer:
            desk.hand_over(taking.writer.write, ready)


def _batches(rows: int) -> Iterator[tuple[int, int]]:
    """Begin and end of each batch; the first is small, so that the database begins early."""
    start = 0
    while start < rows:
        stop = min(rows, start + (BATCH_ROWS if start else FIRST_ROWS))
        yield start, stop
        start = stop


class _Taking:
    """What is the same for all batches of one file, and the students that it has met."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        options = run.options
        self.columns = run.checked.given
        self.comparison = Comparison(options.class_year or 0, self.columns, options.effective_on)
        self.counselors = _counselors()
        self.counselor_names = {number: name for (_, name), number in self.counselors.items()}
        self.met: dict[int, int] = {}
        """The row that led to each student."""
        self.writer = None
        if run.writing is not None:
            writing = run.writing
            self.writer = StudentWriter(
                import_id=writing.import_.id,
                log=writing.log,
                recorded=writing.recorded,
                actor_id=writing.actor_id,
                today=run.today,
            )

    def entries(self, start: int, stop: int) -> list[StudentEntry]:
        """The accepted rows from `start` to before `stop`."""
        columns = self.run.checked.columns
        part = {name: column[start:stop] for name, column in columns.items()}
        ids = [self.run.universities.ids[code] for code in part["university"]]
        return list(
            map(
                StudentEntry._make,
                zip(
                    self.run.checked.rows[start:stop],
                    ids,
                    part["student_number"],
                    part["name"],
                    part["id_type"],
                    part["id_number"],
                    part["examinee_number"],
                    part["sex"],
                    part["ethnic_group"],
                    part["college"],
                    part["class_name"],
                    part["major_code"],
                    part["major"],
                    part["level"],
                    part["origin_division"],
                    part["origin"],
                    map(_categories, part["hardship_code"]),
                    map(_STANDINGS.__getitem__, part["standing"]),
                    part["standing_on"],
                    part["mobile"],
                    part["email"],
                    map(self._counselor, itertools.count(start), ids, part["counselor"]),
                    strict=True,
                ),
            )
        )

    def _counselor(self, index: int, university_id: int, reference: str | None) -> int | None:
        if not reference:
            return None
        found = self.counselors.get((university_id, reference.strip().lower()))
        if found is None:
            self.run.tally.caution(index, "counselor", UNKNOWN_COUNSELOR, COUNSELOR_MESSAGE)
        return found

    def look_up(
        self, entries: Sequence[StudentEntry], prints: Sequence[Fingerprints]
    ) -> tuple[KnownStudents, Iterator[int]]:
        """Read the students whom the rows lead to, and numbers for those who are new."""
        keys = StudentKeys(
            [entry.university_id for entry in entries],
            [entry.student_number for entry in entries],
            [entry.id_type for entry in entries],
            [found.id_number for found in prints],
        )
        known = read_known_students(
            keys,
            moment=self.run.moment,
            day=self.run.options.effective_on,
            lock=self.writer is not None,
        )
        if self.writer is None:
            return known, itertools.repeat(0)
        new = sum(
            known.by_number(entry.university_id, entry.student_number) is None
            and known.by_id_number(entry.id_type, found.id_number) is None
            for entry, found in zip(entries, prints, strict=True)
        )
        return known, iter(_next_numbers(new))

    def compare(
        self,
        start: int,
        entries: Sequence[StudentEntry],
        prints: Sequence[Fingerprints],
        known: KnownStudents,
        fresh: Iterator[int],
    ) -> Batch:
        """Find what each row changes; refused rows are counted and left out."""
        batch = Batch()
        for index, (entry, found) in enumerate(zip(entries, prints, strict=True), start):
            student = identify(entry, found.id_number, known, self.run.options)
            if isinstance(student, KnownStudent):
                student = self._meet(entry, student)
            if isinstance(student, Refusal):
                self.run.tally.refuse(index, student)
                continue
            change = self._compare_one(index, entry, found, student)
            self.run.tally.count(
                index,
                created=change.is_new,
                updated=change.is_change,
                say=partial(tell_change, change, self.counselor_names, self.run.universities),
            )
            if change.is_change and self.writer is not None:
                number = next(fresh) if student is None else student.row.id
                batch.add(change, number, found, self.run.today)
        return batch

    def _meet(self, entry: StudentEntry, student: KnownStudent) -> KnownStudent | Refusal:
        first = self.met.setdefault(student.row.id, entry.row)
        if first == entry.row:
            return student
        return Refusal("id_number", KEY_CONFLICT, TWICE_MESSAGE, {"first": first})

    def _compare_one(
        self, index: int, entry: StudentEntry, prints: Fingerprints, student: KnownStudent | None
    ) -> StudentChange:
        changed: set[str] = set()
        if student is not None and not student.is_void:
            changed, kept = changed_contacts(entry, prints, student, self.columns)
            for column in sorted(kept):
                self.run.tally.caution(index, column, KEPT_CONTACT, CONTACT_MESSAGE)
        return self.comparison.compare(entry, student, changed)


@cache
def _categories(code: str | None) -> tuple[Category, ...]:
    return () if code is None else tuple(map(Category, hardship.categories_of(code)))


def _counselors() -> dict[tuple[int, str], int]:
    """The counselors of all universities by university and user name or staff number."""
    found: dict[tuple[int, str], int] = {}
    rows = db.session.execute(
        select(User.id, User.university_id, func.lower(User.username), User.staff_number)
        .where(User.role == Role.COUNSELOR, User.disabled_at.is_(None))
        .order_by(User.id)
    )
    staff: dict[tuple[int, str], int] = {}
    for number, university_id, username, staff_number in rows:
        found[university_id, username] = number
        if staff_number:
            staff.setdefault((university_id, staff_number.strip().lower()), number)
    return staff | found


def _next_numbers(count: int) -> Sequence[int]:
    statement: Any = text("SELECT nextval('students_id_seq') FROM generate_series(1, :count)")
    return db.session.execute(statement, {"count": count}).scalars().all()
