"""Takes in students' wishes: one row a student, the newest word."""

from functools import partial
from typing import Any

from sqlalchemy import select

from placement.db import SQL_NOW, db
from placement.intake.checks import messages
from placement.intake.checks.problems import DUPLICATE_IN_FILE
from placement.intake.models import ChangeKind
from placement.intake.operations.arrays import is_any
from placement.intake.operations.persons import Found, StudentFinder
from placement.intake.operations.run import ImportRun, Writing
from placement.intake.operations.tally import Refusal, tell_before
from placement.jobs.models import Wish

TABLES = ("wishes",)
"""Tables in which a file of wishes may add rows."""

COLUMNS = ("places", "salary", "occupations", "industries", "distance_km", "skills", "needs")
_LISTS = {"places", "occupations", "industries", "needs"}
_EVERY = 2_000


def take_wishes(run: ImportRun) -> None:
    """Set the wishes of the students of the accepted rows.

    A column that the file has not stays as it is; `anywhere` goes with the places.
    """
    finder = StudentFinder(run)
    met: dict[int, int] = {}
    found: list[tuple[int, int]] = []
    for index in range(len(run.checked)):
        student: Found | Refusal | None = finder.find(index)
        if isinstance(student, Found) and student.id in met:
            student = _again(run, index, met[student.id])
        if isinstance(student, Refusal):
            run.tally.refuse(index, student)
        elif student is not None:
            met[student.id] = index
            found.append((index, student.id))
    known = _known([student_id for _, student_id in found], lock=run.writing is not None)
    for done, (index, student_id) in enumerate(found):
        _take_one(run, index, student_id, known.get(student_id))
        if done % _EVERY == 0:
            run.report(done, len(found))
    db.session.flush()
    run.report(len(found), len(found))


def _again(run: ImportRun, index: int, first: int) -> Refusal | None:
    """What becomes of a second row of a student: refused, or nothing new if it says the same."""
    if _said(run, index) == _said(run, first):
        run.tally.count(index, created=False, updated=False)
        return None
    number = run.checked.rows[first]
    return Refusal("student_number", DUPLICATE_IN_FILE, messages.DUPLICATE, {"first": number})


def _said(run: ImportRun, index: int) -> dict[str, Any]:
    """What a row says, by the columns of `wishes`."""
    columns, given = run.checked.columns, run.checked.given
    values: dict[str, Any] = {}
    for name in COLUMNS:
        if name in given:
            value = columns[name][index]
            values[name] = list(value or ()) if name in _LISTS else value
    if "places" in given:
        values["anywhere"] = columns["anywhere"][index]
    if values.get("skills", "") is None:
        values["skills"] = ""
    return values


def _known(students: list[int], *, lock: bool) -> dict[int, Wish]:
    wishes = select(Wish).where(is_any(Wish.student_id, students))
    if lock:
        wishes = wishes.with_for_update()
    return {wish.student_id: wish for wish in db.session.execute(wishes).scalars()}


def _take_one(run: ImportRun, index: int, student_id: int, wish: Wish | None) -> None:
    said = _said(run, index)
    changed = {name: value for name, value in said.items() if wish and getattr(wish, name) != value}
    run.tally.count(
        index,
        created=wish is None,
        updated=bool(changed),
        say=partial(tell_before, wish, changed),
    )
    if run.writing is None:
        return
    if wish is None:
        db.session.add(Wish(student_id=student_id, import_id=run.writing.import_.id, **said))
    elif changed:
        _correct(wish, changed, run.writing)


def _correct(wish: Wish, changed: dict[str, Any], writing: Writing) -> None:
    before = {name: getattr(wish, name) for name in ("version", *changed)}
    after = {**changed, "version": wish.version + 1}
    writing.log.note(
        "wishes",
        wish.id,
        ChangeKind.UPDATED,
        student_id=wish.student_id,
        before=before,
        after=after,
    )
    for name, value in after.items():
        setattr(wish, name, value)
    wish.updated_at = SQL_NOW  # type: ignore[assignment] # the database's clock
