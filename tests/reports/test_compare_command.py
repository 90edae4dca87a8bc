"""`placement report compare`: two figures, or one that somebody printed, and who makes it up."""

import csv
import datetime as dt
import io
import json
from contextlib import contextmanager

import openpyxl
import pytest
from click.testing import CliRunner

import placement.cli.comparing as commands
from placement.audit.models import AuditEvent
from placement.cli import main
from placement.db import db, system_scope, use_scope
from placement.students.models import Category, StandingKind
from tests.factories import make_member, make_outcome, make_standing, make_student


@pytest.fixture
def compare(app, monkeypatch):
    """Types `placement report compare …` and gives what came of it."""

    @contextmanager
    def here(name):
        with use_scope(system_scope(name)):
            yield app

    monkeypatch.setattr(commands, "command_session", here)

    def run(*arguments):
        db.session.commit()
        given = ["report", "compare", "--class-year", "2016", "--as-of", "2016-12-31", *arguments]
        return CliRunner(catch_exceptions=False).invoke(main, given)

    return run


@pytest.fixture
def register(cast):
    """Three placed of four counted, one of them only in September; two are not counted."""
    make_outcome(cast.lin_mei)
    others = [make_student(cast.university) for _ in range(5)]
    for student in others:
        make_member(student, Category.RURAL_ORIGIN)
    make_outcome(others[0], "80")
    make_outcome(others[1], "11", dt.date(2016, 9, 15))
    make_standing(others[3], StandingKind.DEFERRED)
    make_standing(others[4], StandingKind.WITHDRAWN)
    return others


def answer_of(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_both_bases_differ_by_those_whose_standing_is_left_out(compare, register):
    answer = answer_of(compare("--base-2", "registered", "--people", "--format", "json"))

    assert (answer["first"]["total"]["rate"], answer["second"]["total"]["rate"]) == (
        "75.00",
        "50.00",
    )
    assert answer["aspects"] == ["base"]
    assert [(c["cause"], c["people"], c["denominator"], c["points"]) for c in answer["causes"]] == [
        ("left_out:deferred", 1, 1, "-15.00"),
        ("left_out:withdrawn", 1, 1, "-10.00"),
    ]
    assert answer["difference"]["denominator"] == 2
    assert {person["student_number"] for person in answer["people"]} == {
        register[3].student_number,
        register[4].student_number,
    }
    assert answer["people"][0]["before"]["reason"] == "deferred"


def test_two_days_differ_by_who_found_work_between_them(compare, register):
    answer = answer_of(compare("--as-of-2", "2016-08-31", "--people", "--format", "json"))

    assert [(c["cause"], c["placed"]) for c in answer["causes"]] == [("outcome_began", -1)]
    (person,) = answer["people"]
    assert person["student_number"] == register[1].student_number
    assert (person["before"]["code"], person["after"]["code"]) == ("11", None)
    assert "2016-09-15" in person["before_text"]


def test_alike_figures_have_no_cause(compare, register):
    answer = answer_of(compare("--format", "json"))

    assert (answer["causes"], answer["people_count"]) == ([], 0)
    assert answer["difference"]["points"] == "0.00"


def test_printed_figure_that_contradicts_itself_is_explained_by_both_bases(compare, register):
    printed = ["--printed-total", "6", "--printed-placed", "3", "--printed-rate", "75.00"]

    answer = answer_of(compare(*printed, "--format", "json"))["printed"]

    assert (answer["own_rate"], answer["contradicts_itself"]) == ("50.00", True)
    assert answer["totals_of_rate"] == [4, 4]
    gives = {(one["base"], tuple(one["gives"])) for one in answer["given_by"]}
    assert {("registered", ("placed", "total")), ("counted", ("placed", "rate"))} <= gives
    assert answer["not_found"] == []
    assert answer["unexplained"] == {"total": 0, "placed": 0, "rate": "25.00"}


def test_printed_figure_of_another_day_is_found_there(compare, register):
    answer = answer_of(
        compare("--printed-total", "4", "--printed-placed", "2", "--people", "--format", "json")
    )

    assert answer["second"]["as_of"] != "2016-12-31"
    assert answer["second"]["total"]["placed"] == 2
    assert set(answer["printed"]["unexplained"].values()) == {0}
    assert [cause["cause"] for cause in answer["causes"]] == ["outcome_began"]


def test_printed_figure_that_nothing_gives_stays_unexplained_and_says_so(compare, register):
    printed = ["--printed-total", "9", "--printed-placed", "8"]

    answer = answer_of(compare(*printed, "--format", "json"))
    text = compare(*printed).stdout

    assert answer["causes"] == []
    assert answer["printed"]["not_found"] == ["total", "placed"]
    assert answer["printed"]["unexplained"] == {"total": 5, "placed": 5}
    assert "+5" in text


def test_table_csv_and_workbook_have_the_same_causes(compare, register):
    table = compare("--base-2", "registered").stdout
    text = compare("--base-2", "registered", "--format", "csv").stdout.lstrip("\ufeff")
    data = compare("--base-2", "registered", "--format", "xlsx").stdout_bytes

    rows = list(csv.DictReader(io.StringIO(text)))
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = list(book.worksheets[0].values)
    book.close()
    causes = ["left_out:deferred", "left_out:withdrawn"]
    assert [row["cause"] for row in rows][1:-1] == causes
    assert [row[0] for row in sheet][2:-1] == causes
    assert all(cause in table for cause in causes)
    assert int(rows[0]["denominator"]) + sum(int(r["denominator"]) for r in rows[1:-1]) == int(
        rows[-1]["denominator"]
    )


def test_people_are_masked_unless_a_reason_is_given_and_always_written_down(compare, register):
    register[3].name = "陈秋菊"
    db.session.commit()

    masked = compare("--base-2", "registered", "--cause", "left_out:deferred", "--format", "csv")
    clear = compare("--base-2", "registered", "--people", "--unmask", "--reason", "inspection")

    assert "陈秋菊" not in masked.stdout
    assert "陈**" in masked.stdout
    assert "陈秋菊" in clear.stdout
    found = db.session.query(AuditEvent).filter(AuditEvent.action.like("report.changes%"))
    events = {event.action: event for event in found}
    assert events["report.changes_listed"].student_ids == [register[3].id]
    assert events["report.changes_unmasked"].details["reason"] == "inspection"


def test_selections_may_differ(compare, register):
    answer = answer_of(
        compare("--where", "code=80", "--where-2", "all", "--people", "--format", "json")
    )

    assert [(c["cause"], c["people"]) for c in answer["causes"]] == [("selection", 5)]
    assert answer["first"]["total"]["registered"] == 1


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        pytest.param(["--cause", "bad luck"], 1, id="unknown-cause"),
        pytest.param(["--printed-rate", "high"], 2, id="rate-is-no-number"),
        pytest.param(["--printed-rate", "120"], 1, id="rate-above-hundred"),
        pytest.param(["--printed-total", "1", "--printed-placed", "2"], 1, id="more-placed"),
        pytest.param(["--printed-total", "-1"], 1, id="below-zero"),
        pytest.param(["--unmask"], 2, id="clear-without-reason"),
        pytest.param(["--reason", "why"], 2, id="reason-for-nothing"),
        pytest.param(["--known-at-2", "soon"], 1, id="no-moment"),
        pytest.param(["--known-at-2", "2999-01-01"], 1, id="moment-in-the-future"),
        pytest.param(["--where-2", "university=99999"], 1, id="unknown-university"),
    ],
)
def test_what_cannot_be_answered_is_refused(compare, register, arguments, exit_code):
    assert compare(*arguments).exit_code == exit_code


def test_printed_figure_is_found_as_it_was_known_at_the_end_of_its_day(
    compare, register, superuser, cast
):
    early, late = "2016-01-02 00:00+00", "2017-01-05 00:00+00"
    db.session.commit()
    for table, moment in (
        ("student_versions", early),
        ("memberships", early),
        ("standings", early),
        ("outcomes", late),
        ("verifications", late),
    ):
        superuser.execute(f"UPDATE {table} SET recorded_at = %s", [moment])
    for table in ("outcomes", "verifications"):
        known = f"UPDATE {table} SET recorded_at = %s WHERE student_id = %s"
        superuser.execute(known, [early, cast.lin_mei.id])

    answer = answer_of(compare("--printed-total", "6", "--printed-placed", "1", "--format", "json"))

    assert answer["second"]["known_at"].startswith("2016-")
    assert [(c["cause"], c["placed"]) for c in answer["causes"]][-1] == ("outcome_recorded", -2)
