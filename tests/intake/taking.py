"""Taking files in as a command or a worker does, and what the register holds afterwards."""

import datetime as dt
from pathlib import Path
from typing import Any

from sqlalchemy import text

from placement.db import db, transaction
from placement.intake.models import ImportKind
from placement.intake.operations import (
    ImportOptions,
    IncomingFile,
    UndoneImport,
    apply_import,
    preview_import,
    undo_import,
)
from tests.factories import make_university
from tests.intake.files import text_file
from tests.intake.people import student

DATA = Path(__file__).parent.parent / "data"
Row = dict[str, object]

# What a report reads: who was what, known now; identities told by their own numbers.
KNOWN_NOW = {
    "student_versions": "s.student_number, r.effective_on, r.class_year, r.university_id,"
    " r.college, r.class_name, r.major_code, r.level, r.sex, r.ethnic_group, r.origin,"
    " r.origin_division",
    "memberships": "s.student_number, r.category, r.hardship_class, r.basis, r.source, r.state,"
    " r.holds_from, r.holds_to, r.valid_to",
    "standings": "s.student_number, r.standing, r.holds_from",
    "outcomes": "s.student_number, r.code, r.effective_on, r.employer, r.employer_code, r.industry,"
    " r.position",
    "verifications": "s.student_number, r.decision",
    "cases": "s.student_number, r.closed_on",
}
_BASELINES = (
    "SELECT class_year, university_id, level, graduates, placed, as_of FROM baselines"
    " WHERE voided_at IS NULL"
)


def sample(name: str) -> bytes:
    """One of the sample files."""
    return (DATA / name).read_bytes()


def file_of(*rows: Row) -> bytes:
    """A text file with these rows, under the English names of the columns."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [["" if row.get(name) is None else row[name] for name in names] for row in rows]
    return text_file([names, *cells])


def _incoming(content: bytes | tuple[Row, ...]) -> IncomingFile:
    data = content if isinstance(content, bytes) else file_of(*content)
    return IncomingFile(data, "file.csv")


def take(kind: ImportKind | str, *content: Any, **options: Any) -> dict[str, Any]:
    """Take rows (or one file as bytes) in, and return the answer of the contract."""
    file = _incoming(content[0] if isinstance(content[0], bytes) else content)
    with transaction():
        answer = apply_import(file, _options(kind, options), actor_id=None)
    db.session.expire_all()
    return answer.as_dict()


def look_at(kind: ImportKind | str, *content: Any, **options: Any) -> dict[str, Any]:
    """Preview rows (or one file as bytes), and return the answer of the contract."""
    file = _incoming(content[0] if isinstance(content[0], bytes) else content)
    answer = preview_import(file, _options(kind, options)).as_dict()
    db.session.rollback()
    return answer


def _options(kind: ImportKind | str, options: dict[str, Any]) -> ImportOptions:
    kind = ImportKind(kind)
    if kind not in {ImportKind.POSTINGS, ImportKind.UNIVERSITIES}:
        options.setdefault("class_year", 2016)
    return ImportOptions(kind=kind, **options)


def take_students(*rows: Row, **options: Any) -> dict[str, Any]:
    """Take in a students' file; the universities of the samples are there or are made."""
    know_universities()
    return take("students", *rows, **options)


def know_universities() -> dict[str, int]:
    """Make the two universities of the samples, unless they are there; number by code."""
    found = dict(db.session.execute(text("SELECT code, id FROM universities")).all())
    for code, name in (("90001", "示例大学"), ("90002", "示例职业学院")):
        if code not in found:
            found[code] = make_university(code=code, name=name).id
    return found


def take_samples() -> None:
    """The register of the samples: twenty students of two universities."""
    assert take("students", sample("students.csv"))["created"] == 20


def undo(answer: dict[str, Any]) -> UndoneImport:
    """Take an import back."""
    with transaction():
        return undo_import(answer["import_id"], actor_id=None)


def counts(answer: dict[str, Any]) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, rejected; they add up to the rows."""
    four = tuple(answer[name] for name in ("created", "updated", "unchanged", "rejected"))
    assert sum(four) == answer["rows"]
    return four


def faults(answer: dict[str, Any]) -> list[tuple[int, str, str]]:
    """Row, column and code of every error."""
    return [(error["row"], error["column"], error["code"]) for error in answer["errors"]]


def warned(answer: dict[str, Any]) -> set[str]:
    """The codes of the warnings, without the one that every made-up ID number gets."""
    return {warning["code"] for warning in answer["warnings"]} - {"unknown_county"}


def known(table: str, moment: dt.datetime | None = None) -> list[tuple[Any, ...]]:
    """The rows of history of a table that are known at a moment, or now."""
    when = "r.voided_at IS NULL"
    if moment is not None:
        when = "r.recorded_at <= :moment AND (r.voided_at IS NULL OR r.voided_at > :moment)"
    statement = f"""
        SELECT {KNOWN_NOW[table]} FROM {table} r JOIN students s ON s.id = r.student_id
        WHERE {when}
    """
    rows = db.session.execute(text(statement), {"moment": moment}).all()
    db.session.rollback()
    return sorted(map(tuple, rows), key=repr)


def register_now() -> dict[str, Any]:
    """All that reports and lists read, as known now."""
    state: dict[str, Any] = {table: known(table) for table in KNOWN_NOW}
    state["students"] = _rows(
        "SELECT student_number, university_id, class_year, name, name_key, examinee_number, major,"
        " college, level, ethnic_group, origin, standing, id_number_index, mobile_index,"
        " email_index FROM students WHERE voided_at IS NULL"
    )
    state["assignments"] = _rows(
        "SELECT s.student_number, a.counselor_id FROM assignments a"
        " JOIN students s ON s.id = a.student_id WHERE a.holds_to IS NULL"
    )
    state["baselines"] = _rows(_BASELINES)
    state["wishes"] = _rows("SELECT student_id, places, salary, skills, version FROM wishes")
    state["postings"] = _rows(
        "SELECT number, title, openings, salary_min FROM postings WHERE state = 'open'"
    )
    return state


def _rows(statement: str) -> list[tuple[Any, ...]]:
    rows = db.session.execute(text(statement)).all()
    db.session.rollback()
    return sorted(map(tuple, rows), key=repr)


__all__ = ["student"]
