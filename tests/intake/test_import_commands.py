"""`placement import …`, run as a person or a program runs it."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial

import openpyxl
import pytest
from click.testing import Result
from sqlalchemy import Connection, text

from placement.audit.sealing import seal_events, verify_trail
from placement.cli import imports
from placement.db import db, transaction
from tests.intake.people import student
from tests.intake.taking import DATA, file_of, know_universities, register_now, sample

REGISTER = ("import", "students", str(DATA / "students.csv"), "--class-year", "2016")


@pytest.fixture
def environment(app, settings):
    return os.environ | {
        "PLACEMENT_INSTANCE": str(settings.instance),
        "DATABASE_URL": settings.database_url,
        "PLACEMENT_MIGRATE_URL": settings.migrate_url,
        "REDIS_URL": settings.redis_url,
    }


@pytest.fixture
def command(typed):
    """Type `placement …` with its file of imports on the test's application."""
    return partial(typed, imports)


def answered(done: Result, code: int = 0) -> dict[str, object]:
    assert done.exit_code == code, done.stderr
    return json.loads(done.stdout)


def test_one_object_on_standard_output_and_progress_beside_it(command):
    done = command(*REGISTER, "--format", "json")

    answer = answered(done)
    assert list(answer)[:7] == [
        "import_id",
        "kind",
        "rows",
        "created",
        "updated",
        "unchanged",
        "rejected",
    ]
    assert (answer["rows"], answer["created"], answer["errors"]) == (20, 20, [])
    assert answer["seconds"] > 0
    assert "20 of 20 rows" in done.stderr


def test_a_dry_run_has_no_number_and_writes_nothing(command):
    answer = answered(command(*REGISTER, "--dry-run", "--format", "json"))

    assert answer["import_id"] is None
    assert answer["created"] == 20
    assert register_now()["students"] == []


def test_every_kind_from_its_sample_then_undone_backwards(command):
    know_universities()
    nothing = register_now()
    low_income = ("import", "list", DATA / "list-low-income.csv", "--kind", "low_income")
    disability = ("import", "list", DATA / "list-disability.csv", "--kind", "disability")
    files = [
        REGISTER,
        ("import", "outcomes", DATA / "outcomes.csv", "--class-year", 2016, "--verified"),
        ("import", "baseline", DATA / "baseline.csv", "--class-year", 2016),
        ("import", "postings", DATA / "postings.csv"),
        (*low_income, "--class-year", 2016, "--as-of", "2016-04-01", "--confirm"),
        (*disability, "--class-year", 2016, "--recorded-at", "2016-05-01T09:00", "--complete"),
    ]

    answers = [answered(command(*arguments, "--format", "json")) for arguments in files]

    assert [answer["created"] for answer in answers] == [20, 19, 2, 4, 5, 4]
    assert answers[4]["list"]["matched"] == 5
    for answer in reversed(answers):
        undone = answered(command("import", "undo", answer["import_id"], "--format", "json"))
        assert undone["import_id"] == answer["import_id"]
        assert undone["undone"] is True
        assert undone["voided_at"].endswith("+08:00")
    assert register_now() == nothing
    with transaction():
        seal_events(None)
    assert verify_trail(None) >= 12


def test_rejected_rows_come_as_a_workbook_that_can_be_sent_again(command, tmp_path):
    know_universities()
    file, rejects = tmp_path / "students.csv", tmp_path / "rejects.xlsx"
    file.write_bytes(file_of(student(1), student(2, level="99"), student(3, id_number="350000")))
    arguments = ("--class-year", 2016, "--format", "json")

    first = command("import", "students", file, *arguments, "--rejects", rejects)

    assert answered(first)["rejected"] == 2
    book = openpyxl.load_workbook(rejects)
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][-1] in {"退回原因", "Reason"}
    assert rows[1][-1]
    book.active.cell(2, rows[0].index("level") + 1).value = "31"
    book.save(rejects)
    again = answered(command("import", "students", rejects, *arguments))
    assert (again["created"], again["rejected"]) == (1, 1)
    assert again["unknown_columns"] == []


def test_without_rejects_there_is_no_workbook(command, tmp_path):
    rejects = tmp_path / "rejects.xlsx"

    command(*REGISTER, "--rejects", rejects)

    assert not rejects.exists()


def test_a_refused_file_is_one_error_object(command, tmp_path):
    file = tmp_path / "students.csv"
    file.write_text("甲,乙\n1,2\n")

    done = command("import", "students", file, "--class-year", 2016, "--format", "json")

    error = answered(done, 1)["error"]
    assert error["code"] == "no_headings"
    assert error["message"]
    assert db.session.execute(text("SELECT count(*) FROM imports")).scalar_one() == 0


def test_a_file_larger_than_the_setting(command, app, tmp_path, monkeypatch):
    file = tmp_path / "students.csv"
    file.write_bytes(b"x" * 1_100_000)
    small = replace(app.config["SETTINGS"], import_megabytes=1)
    monkeypatch.setitem(app.config, "SETTINGS", small)

    done = command("import", "students", file, "--class-year", 2016, "--format", "json")

    assert answered(done, 1)["error"]["code"] == "too_large"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(("--university", "90009"), 1, id="unknown university"),
        pytest.param(("--recorded-at", "2999-01-01"), 1, id="the future"),
        pytest.param(("--recorded-at", "yesterday"), 2, id="no moment"),
        pytest.param(("--effective-on", "June"), 2, id="no day"),
        pytest.param(("--class-year", "1"), 1, id="no class"),
        pytest.param(("--unknown",), 2, id="no option"),
    ],
)
def test_what_is_refused(command, arguments, code):
    done = command(*REGISTER, *arguments)

    assert done.exit_code == code
    assert done.stderr.strip()
    assert done.stdout == ""
    assert register_now()["students"] == []


def test_an_undo_that_is_refused_names_what_stands_on_it(command):
    first = answered(command(*REGISTER, "--format", "json"))
    outcomes = ("import", "outcomes", DATA / "outcomes.csv", "--class-year", 2016)
    later = answered(command(*outcomes, "--format", "json"))

    error = answered(command("import", "undo", first["import_id"], "--format", "json"), 1)["error"]
    plain = command("import", "undo", first["import_id"])
    unknown = answered(command("import", "undo", 999_999, "--format", "json"), 1)["error"]

    assert error["code"] == "built_on"
    assert error["imports"] == [later["import_id"]]
    assert plain.exit_code == 1
    assert f"import {later['import_id']}" in plain.stderr
    assert unknown["code"] == "not_found"


def test_in_words(command, tmp_path):
    know_universities()
    file = tmp_path / "students.csv"
    file.write_bytes(file_of(student(1), student(2, level="99")))

    done = command("import", "students", file, "--class-year", 2016)

    assert "2 rows, 1 created, 0 updated, 0 unchanged, 1 rejected" in done.stdout
    assert "Row 3, level:" in done.stdout


def test_a_killed_import_leaves_nothing_and_does_not_stand_in_the_way(environment, tmp_path):
    know_universities()
    file = tmp_path / "students.csv"
    file.write_bytes(file_of(*(student(n, hardship_code="2") for n in range(1, 499))))
    arguments = ["import", "students", str(file), "--class-year", "2016", "--format", "json"]
    command = [sys.executable, "-m", "placement.cli", *arguments]
    with db.engine.connect() as waiting:
        # Somebody holds the table, so that the import is killed while it writes.
        waiting.exec_driver_sql("LOCK TABLE cases IN SHARE MODE")
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until_it_writes(waiting, process)
        process.send_signal(signal.SIGKILL)
        process.wait()

    assert register_now()["students"] == []
    assert db.session.execute(text("SELECT count(*) FROM imports")).scalar_one() == 0
    db.session.rollback()
    again = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert json.loads(again.stdout)["created"] == 498


def until_it_writes(connection: Connection, process: subprocess.Popen[bytes]) -> None:
    """Wait until another session waits for the lock that this one holds."""
    deadline = time.monotonic() + 60
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'cases'::regclass"
    while not connection.exec_driver_sql(waiting).scalar_one():
        assert process.poll() is None, "the import ended"
        assert time.monotonic() < deadline, "the import never came to write"
        time.sleep(0.02)


def test_a_workbook_made_by_a_spreadsheet(command, tmp_path):
    know_universities()
    lines = sample("students.csv").decode("utf-8-sig").splitlines()
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line.split(","))
    stored = io.BytesIO()
    book.save(stored)
    file = tmp_path / "名册.xlsx"
    file.write_bytes(stored.getvalue())

    answer = answered(command("import", "students", file, "--class-year", 2016, "--format", "json"))

    assert answer["created"] == 20
