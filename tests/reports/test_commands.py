"""`placement report rates` and `placement report people`, to the letter of the contract."""

import csv
import datetime as dt
import io
import json
from contextlib import contextmanager

import openpyxl
import pytest
from click.testing import CliRunner

import placement.cli.report.asking as commands
from placement.audit.models import AuditEvent
from placement.cli import main
from placement.db import db, system_scope, use_scope
from placement.students.models import Category, StandingKind
from tests.factories import make_member, make_outcome, make_standing, make_student, make_university
from tests.reports.browsing import rows_of

ROW = {
    "key",
    "label",
    "registered",
    "excluded",
    "denominator",
    "placed",
    "known",
    "rate",
    "knowledge_rate",
    "parts",
    "part_rates",
    "codes",
}
PARTS = ["unit", "own_business", "flexible", "further_study", "seeking", "not_seeking"]


@pytest.fixture
def report(app, monkeypatch):
    """Types `placement report …` and gives what came of it."""

    @contextmanager
    def here(name):
        with use_scope(system_scope(name)):
            yield app

    monkeypatch.setattr(commands, "command_session", here)

    def run(name, *arguments, class_year="2016"):
        db.session.commit()
        given = ["report", name, "--class-year", class_year, "--as-of", "2016-12-31", *arguments]
        return CliRunner(catch_exceptions=False).invoke(main, given)

    return run


@pytest.fixture
def register(cast):
    """Lin Mei placed, one studying, one seeking, one not counted."""
    make_outcome(cast.lin_mei)
    for code in ("80", "70"):
        student = make_student(cast.university, level="41", sex="1")
        make_member(student, Category.RURAL_ORIGIN)
        make_outcome(student, code)
    deferred = make_student(cast.university)
    make_member(deferred, Category.RURAL_ORIGIN)
    make_standing(deferred, StandingKind.DEFERRED)


def answer_of(result):
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_json_has_the_form_of_the_contract(report, register):
    answer = answer_of(report("rates", "--by", "category", "--by", "sex+level", "--format", "json"))

    assert {
        "class_year": 2016,
        "as_of": "2016-12-31",
        "scheme": "2021",
        "base": "counted",
        "basis": "verified",
        "rate_name": "就业率",
        "backdated": 0,
        "baseline": None,
        "exclusions": [{"standing": "deferred", "count": 1}],
    }.items() <= answer.items()
    assert dt.datetime.fromisoformat(answer["known_at"]).utcoffset() == dt.timedelta(hours=8)
    assert set(answer["total"]) == ROW
    assert list(answer["total"]["parts"]) == PARTS
    assert answer["total"]["codes"] == {"10": 1, "70": 1, "80": 1}
    assert answer["total"]["rate"] == "66.67"
    assert answer["total"]["part_rates"]["unit"] == "33.33"
    assert [row["key"] for row in answer["by"]["sex+level"]] == ["1+41", "2+31"]
    assert answer["by"]["sex+level"][0]["label"] == "男 · 专科"
    categories = answer["by"]["category"]
    assert [row["key"] for row in categories] == list(Category)
    assert [row["headline"] for row in categories] == [True] * 4 + [False]


def test_without_by_the_categories_are_answered(report, register):
    assert list(answer_of(report("rates", "--format", "json"))["by"]) == ["category"]


def test_registered_base_counts_everybody_and_still_names_who_would_be_left_out(report, register):
    answer = answer_of(report("rates", "--base", "registered", "--format", "json"))

    assert (answer["total"]["excluded"], answer["total"]["denominator"]) == (0, 4)
    assert answer["exclusions"] == [{"standing": "deferred", "count": 1}]


def test_conditions_mean_and(report, register):
    answer = answer_of(
        report(
            "rates", "--where", "sex=1", "--where", "code=80", "--by", "code", "--format", "json"
        )
    )
    crossed = answer_of(report("rates", "--where", "sex+code=1+80", "--format", "json"))

    assert answer["total"]["registered"] == 1
    assert answer["total"] == crossed["total"]


def test_university_with_nobody_answers_zeros(report, register):
    make_university(code="99999")

    answer = answer_of(report("rates", "--university", "99999", "--format", "json"))

    assert answer["total"]["registered"] == 0
    assert answer["total"]["rate"] is None
    assert answer["total"]["knowledge_rate"] is None
    assert set(answer["total"]["part_rates"].values()) == {None}
    assert len(answer["by"]["category"]) == 5
    assert answer["total"]["codes"] == {}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["--university", "00000"], "no university", id="unknown-university"),
        pytest.param(["--by", "hat"], "no dimension", id="unknown-dimension"),
        pytest.param(["--where", "sex=3"], "no sex", id="unknown-key"),
        pytest.param(["--where", "sex"], "DIM=KEY", id="no-key"),
        pytest.param(["--known-at", "soon"], "no moment", id="no-moment"),
        pytest.param(["--known-at", "2999-01-01"], "may still change", id="future"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_word(report, register, arguments, says):
    result = report("rates", *arguments, "--format", "json")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert says in result.stderr


def test_class_year_without_a_register_is_refused(report, register):
    for name in ("rates", "people"):
        result = report(name, "--format", "json", class_year="2015")

        assert result.exit_code == 1
        assert "no register of the class of 2015" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [["--scheme", "1999"], ["--base", "all"], ["--format", "pdf"], ["--is", "lucky"]],
)
def test_wrong_usage_is_told_apart(report, register, arguments):
    assert report("people", *arguments).exit_code == 2


def test_people_have_the_form_of_the_contract(report, register, cast):
    answer = answer_of(report("people", "--is", "placed", "--format", "json"))

    assert answer["count"] == 2
    assert answer["people"][0] == {
        "student_number": "20120001",
        "university": "90001",
        "name": "林*",
        "id_number": answer["people"][0]["id_number"],
        "standing": "graduated",
        "code": "10",
        "part": "unit",
        "effective_on": "2016-07-01",
        "reason": "verified",
    }
    assert "*" in answer["people"][0]["id_number"]


def test_people_who_are_not_counted_say_why(report, register):
    answer = answer_of(report("people", "--is", "excluded", "--format", "json"))

    (person,) = answer["people"]
    assert (person["standing"], person["reason"], person["part"]) == ("deferred", "deferred", None)


def test_names_in_clear_need_a_reason_which_is_logged(report, register, cast):
    refused = report("people", "--unmask", "--format", "json")
    answer = answer_of(report("people", "--unmask", "--reason", "督查", "--format", "json"))

    assert refused.exit_code == 2
    assert answer["people"][0]["name"] == "林梅"
    assert answer["people"][0]["id_number"] == cast.lin_mei.id_number
    event = db.session.query(AuditEvent).filter_by(action="report.people_unmasked").one()
    assert event.details["reason"] == "督查"
    assert cast.lin_mei.id in event.student_ids


def test_masked_list_is_written_down_too(report, register, cast):
    answer_of(report("people", "--format", "json"))

    event = db.session.query(AuditEvent).filter_by(action="report.people_listed").one()
    assert cast.lin_mei.id in event.student_ids


def test_files_hold_the_same_figures(report, register, tmp_path):
    answer = answer_of(report("rates", "--by", "level", "--format", "json"))
    known_at = ("--known-at", answer["known_at"])

    table = report("rates", "--by", "level", "--format", "csv", *known_at).stdout_bytes
    book = tmp_path / "rates.xlsx"
    result = report("rates", "--by", "level", "--format", "xlsx", "--out", str(book), *known_at)

    lines = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert result.exit_code == 0
    assert result.stdout == ""
    cells = rows_of(openpyxl.load_workbook(book).worksheets[0])
    for row in [answer["total"], *answer["by"]["level"]]:
        line = next(found for found in lines if found["key"] == row["key"])
        cell = next(found for found in cells if found["代码"] == row["key"])
        assert int(line["placed"]) == cell["已落实"] == row["placed"]
        assert line["rate"] == row["rate"]
        assert int(line["code_80"]) == row["codes"].get("80", 0)
        assert line["known_at"] == answer["known_at"]


def test_json_goes_to_a_file_too(report, register, tmp_path):
    report("rates", "--format", "json", "--out", str(tmp_path / "rates.json"))

    assert json.loads((tmp_path / "rates.json").read_text("utf-8"))["class_year"] == 2016


def test_file_that_cannot_be_written_is_refused(report, register, tmp_path):
    result = report("rates", "--format", "csv", "--out", str(tmp_path / "none" / "rates.csv"))

    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def test_terminal_shows_an_aligned_table(report, register):
    lines = report("rates").stdout.splitlines()
    people = report("people", "--is", "placed").stdout.splitlines()

    assert lines[0].startswith("就业率 2016, as of 2016-12-31")
    assert lines[1].split()[:2] == ["by", "key"]
    assert "66.67" in lines[2]
    assert people[-1] == "2 people"
