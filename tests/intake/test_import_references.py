"""Every reference of the schema to what imports make is judged, and one that blocks does block."""

import pytest
from sqlalchemy import Table, text

from placement.db import Base, db
from placement.intake.operations.kinds import KINDS
from placement.intake.operations.undo import BuiltOnError
from placement.intake.operations.undo.references import BLOCKING, HARMLESS, Reference
from tests.intake.people import student
from tests.intake.taking import know_universities, register_now, sample, take, take_students, undo

MADE_BY_IMPORTS = {table for kind in KINDS.values() for table in kind.tables}
POSTING = {"employer": "甲", "title": "文员", "openings": "2", "posting": "1"}
OUTCOME = {"student_number": "20120001", "code": "10", "effective_on": "2016-07-01"}
_PLAIN = {
    "bigint": "1",
    "text": "'x'",
    "character varying": "'x'",
    "date": "'2016-01-01'",
    "timestamp with time zone": "now()",
    "uuid": "gen_random_uuid()",
    "bytea": r"'\x00'",
    "jsonb": "'{}'",
    "ARRAY": "'{}'",
    "boolean": "false",
    "double precision": "0",
    "integer": "1",
}
_SPECIAL = {
    ("users", "students"): {"role": "'student'", "university_id": "1"},
    ("users", "universities"): {"role": "'counselor'"},
    ("assignments", "students"): {"counselor_id": "1"},
    ("stored_files", "students"): {"data_key": r"'\x00'"},
    ("postings", "employers"): {"state": "'open'"},
    ("postings", "universities"): {"state": "'open'"},
    ("notice_drafts", "universities"): {"state": "'draft'", "channels": "'{inbox}'"},
    ("imports", "universities"): {"state": "'applied'"},
    ("hand_overs", "students"): {"state": "'offered'", "from_id": "1", "to_id": "2"},
    ("closings", "students"): {"state": "'asked'"},
    ("closings", "cases"): {"state": "'asked'"},
    ("action_answers", "students"): {"kind": "'accepted'"},
    ("action_answers", "cases"): {"kind": "'accepted'"},
    ("plan_approvals", "students"): {"state": "'asked'"},
    ("plan_approvals", "cases"): {"state": "'asked'"},
    ("pairing_words", "students"): {"link_id": "1"},
}


def test_every_reference_to_what_imports_make_is_judged():
    judged = {(each.target, each.table, each.column) for each in BLOCKING}
    harmless = set(HARMLESS)

    forgotten = [
        (target, table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.c
        for key in column.foreign_keys
        if (target := key.target_fullname.split(".")[0]) in MADE_BY_IMPORTS
        and (target, table.name, column.name) not in judged
        and (target, table.name) not in harmless
    ]

    assert forgotten == []
    assert all(reason for reason in HARMLESS.values())


def test_every_judged_reference_exists():
    there = {
        (key.target_fullname.split(".")[0], table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.c
        for key in column.foreign_keys
    }

    assert {(each.target, each.table, each.column) for each in BLOCKING} <= there


def add_row(superuser, reference: Reference, target_id: int, import_id: int) -> None:
    """Add any row that refers to the target, as some later act would have."""
    table: Table = Base.metadata.tables[reference.table]
    types = dict(
        superuser.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO'"
            " AND column_default IS NULL AND identity_generation IS NULL",
            (table.name,),
        ).fetchall()
    )
    values = {name: _PLAIN[kind] for name, kind in types.items()}
    values |= _SPECIAL.get((reference.table, reference.target), {})
    if reference.table == "list_matches":
        values["import_id"] = str(import_id)
    values[reference.column] = str(target_id)
    names = ", ".join(f'"{name}"' for name in values)
    superuser.execute(f"INSERT INTO {table.name} ({names}) VALUES ({', '.join(values.values())})")


def made_for(target: str) -> dict[str, object]:
    """An import that makes a row of the table, and nothing that stands on it."""
    if target == "universities":
        return take("universities", {"code": "90003", "name": "示例学院"})
    if target in {"employers", "postings"}:
        return take("postings", POSTING)
    if target == "outcomes":
        take_students(student(1))
        return take("outcomes", OUTCOME)
    if target == "cases":
        take_students(student(1))
        return take_students(student(1, hardship_code="2"))
    return take_students(student(1))


@pytest.mark.parametrize(
    "reference", BLOCKING, ids=[f"{each.target}-{each.table}-{each.column}" for each in BLOCKING]
)
def test_a_later_row_that_refers_to_it(app, superuser, reference):
    know_universities()
    other = take("baseline", sample("baseline.csv"))["import_id"]
    answer = made_for(reference.target)
    made = db.session.execute(
        text(f"SELECT id FROM {reference.target} WHERE import_id = :id"),
        {"id": answer["import_id"]},
    ).scalar_one()
    db.session.rollback()
    add_row(superuser, reference, made, other)

    before = register_now()
    with pytest.raises(BuiltOnError) as refused:
        undo(answer)

    named = {each.name for each in refused.value.standing}
    assert reference.name in named or other in refused.value.imports
    assert register_now() == before
