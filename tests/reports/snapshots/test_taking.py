"""A snapshot is frozen, sealed, and proves itself; what is corrected makes another version."""

import datetime as dt
import hashlib

import pytest
from sqlalchemy import select

from placement import clock
from placement.audit.models import AuditEvent
from placement.db import db, transaction
from placement.errors import InvalidValueError
from placement.files import FileChunk
from placement.reports.answers import rates_answer
from placement.reports.dimensions import read_crossing
from placement.reports.models import Snapshot
from placement.reports.queries.reports import report_rates
from placement.reports.questions import ask
from placement.reports.snapshots.counting import end_of, take_due_snapshots
from placement.reports.snapshots.operations import (
    NobodyToCountError,
    NothingChangedError,
    take_snapshot,
)
from placement.reports.snapshots.proofs import (
    SnapshotBrokenError,
    intact_content,
    prove_snapshot,
)
from placement.students.models import Category, StudentVersion
from tests.factories import make_member, make_outcome, make_student
from tests.reports.snapshots.conftest import FINAL, answer_of

FIGURES = ("registered", "excluded", "denominator", "placed", "known", "parts", "codes")


def figures(row):
    return {name: row[name] for name in FIGURES}


def test_tables_are_those_of_the_report(take):
    snapshot = take(province=True)

    tables = intact_content(snapshot).figures["tables"]
    names = [name for name in tables if name != "total"]
    question = ask(2016, FINAL, known_at=snapshot.known_at, by=[read_crossing(n) for n in names])
    report = rates_answer(report_rates(question))
    assert figures(tables["total"][0]) == figures(report["total"])
    for name in names:
        rows = {row["key"]: figures(row) for row in report["by"][name] if row["registered"]}
        assert {row["key"]: figures(row) for row in tables[name]} == rows


def test_everybody_stands_once_among_the_combinations(take, cast):
    make_member(cast.lin_mei, Category.RURAL_ORIGIN)

    rows = intact_content(take()).figures["tables"]["combination"]

    assert {row["key"]: row["registered"] for row in rows} == {
        "rural_origin": 3,
        "family_hardship.rural_origin": 1,
    }


def test_seal_is_the_digest_of_the_bytes_that_the_command_writes(take, command, tmp_path):
    snapshot = take()
    seal = snapshot.seal.hex()

    done = command("snapshot", "show", str(snapshot.id), "--out", str(tmp_path / "sealed"))

    assert done.exit_code == 0
    assert hashlib.sha256((tmp_path / "sealed").read_bytes()).hexdigest() == seal


def test_history_gives_the_same_bytes_after_later_acts(take, cast):
    snapshot = take()
    make_outcome(cast.lin_mei, "70", dt.date(2016, 12, 1))

    proof = prove_snapshot(snapshot)

    assert proof.changed is None
    assert proof.is_whole


def test_backdated_row_alters_no_snapshot_and_is_told(take, cast, command):
    snapshot = take()
    moment = snapshot.known_at - dt.timedelta(seconds=1)
    make_outcome(cast.lin_mei, "70", dt.date(2016, 12, 1), verified=False, recorded_at=moment)

    told = command("snapshot", "verify", str(snapshot.id), "--format", "json")

    answer = answer_of(told)
    assert told.exit_code == 1
    assert (answer["ok"], answer["same_bytes"], answer["backdated"]) == (False, False, 1)
    person = answer["differences"]["people"][0]
    assert person["person"] == str(cast.lin_mei.uid)
    assert set(person["fields"]) == {"code", "effective_on", "reason"}
    cells = {(c["table"], c["figure"]): c for c in answer["differences"]["cells"]}
    assert (cells["total", "placed"]["before"], cells["total", "placed"]["after"]) == (2, 1)


def test_bytes_that_were_touched_are_refused(take, superuser, command):
    snapshot = take()
    number = snapshot.id
    superuser.execute(
        "UPDATE file_chunks SET data = overlay(data PLACING '\\x00' FROM 40) WHERE file_id = %s",
        (snapshot.people_file_id,),
    )

    told = command("snapshot", "verify", str(number))

    assert told.exit_code == 1
    assert "not what was sealed" in told.stderr


def test_content_of_another_seal_is_refused(take, superuser):
    first, second = take(), take(province=True)
    superuser.execute(
        "UPDATE snapshots SET figures_file_id = %s WHERE id = %s",
        (second.figures_file_id, first.id),
    )
    db.session.expire_all()

    with pytest.raises(SnapshotBrokenError):
        intact_content(db.session.get_one(Snapshot, first.id))


def test_what_did_not_change_makes_no_version(take):
    take()

    with pytest.raises(NothingChangedError, match="newest version"):
        take()


def test_correction_makes_version_two_with_its_differences(take, cast, command):
    first = take()
    seal = first.seal.hex()
    make_outcome(cast.lin_mei, "46", dt.date(2016, 8, 1))

    second = take()
    number = second.id
    assert (second.version, second.replaces_id) == (2, first.id)
    assert intact_content(second).figures["replaces"] == seal
    assert prove_snapshot(second).is_whole
    told = answer_of(command("snapshot", "differences", str(number), "--format", "json"))

    assert [p["fields"] for p in told["people"]] == [["code", "effective_on"]]
    assert {c["figure"] for c in told["cells"] if c["table"] == "total"} >= {"codes.10", "codes.46"}


def test_first_version_has_no_differences(take, command):
    told = command("snapshot", "differences", str(take().id))

    assert told.exit_code == 1
    assert "first version" in told.stderr


def test_command_takes_lists_and_shows(register, cast, command):
    code = cast.university.code
    asked = ("--class-year", "2016", "--as-of", "2016-12-31", "--format", "json")

    taken = answer_of(command("snapshot", "take", *asked, "--university", code))
    listed = answer_of(command("snapshot", "list", "--format", "json"))["snapshots"]
    shown = answer_of(command("snapshot", "show", str(taken["snapshot_id"]), "--format", "json"))

    assert listed == [taken]
    assert (taken["university"], taken["version"], taken["state"]) == (code, 1, "draft")
    assert taken["counting_day"] == "final"
    total = shown["figures"]["tables"]["total"][0]
    assert (total["registered"], total["denominator"], total["placed"]) == (4, 3, 2)
    assert shown["people"] == 4


def test_day_to_come_and_class_without_register_are_refused(register, app):
    with pytest.raises(InvalidValueError, match="not come"):
        take_snapshot(2016, clock.today() + dt.timedelta(days=1))
    with pytest.raises(NobodyToCountError):
        take_snapshot(1999, FINAL)


def test_beat_takes_the_last_counting_day_once(app, cast):
    day = dt.date(clock.today().year - 1, 12, 31)
    for university in (cast.university, cast.other_university):
        early = end_of(day) - dt.timedelta(days=30)
        student = make_student(
            university, class_year=day.year, effective_on=dt.date(day.year, 1, 1)
        )
        make_member(
            student, Category.DISABILITY, holds_from=dt.date(day.year, 1, 1), recorded_at=early
        )
        backdate(student.id, early)
    morning = day + dt.timedelta(days=1)

    with transaction():
        taken = take_due_snapshots(morning)
    again = take_due_snapshots(morning)

    assert [(s.university_id is None, s.as_of, s.counting_day) for s in taken] == [
        (True, day, "final"),
        (False, day, "final"),
        (False, day, "final"),
    ]
    assert {s.known_at for s in taken} == {end_of(day)}
    assert not again
    assert all(prove_snapshot(snapshot).changed is None for snapshot in taken)


def backdate(student_id, moment):
    db.session.query(StudentVersion).filter_by(student_id=student_id).update(
        {"recorded_at": moment}
    )
    db.session.commit()


def test_taking_is_written_into_the_trail(take):
    snapshot = take()

    event = db.session.execute(
        select(AuditEvent).where(AuditEvent.action == "snapshot.taken")
    ).scalar_one()
    assert event.subject_id == snapshot.id
    assert event.details["seal"] == snapshot.seal.hex()


def test_stored_content_is_encrypted(take, cast):
    snapshot = take()

    data = b"".join(
        db.session.execute(
            select(FileChunk.data).where(FileChunk.file_id == snapshot.people_file_id)
        ).scalars()
    )
    assert str(cast.lin_mei.uid).encode() not in data
