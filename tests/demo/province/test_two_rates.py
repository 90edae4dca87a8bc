"""The demo's two rates of one numerator: who lies between them, by name and reason."""

import json
from collections import Counter

import pytest
from click.testing import Result

import placement.cli.comparing as commands
from placement.demo.loading.steps import import_file
from placement.demo.province.files import write_files
from placement.demo.province.ledger import read_file
from placement.demo.province.plan import plan_province
from tests.demo.province.conftest import TODAY

STUDENTS = 1_500
BOTH = ("--base", "registered", "--base-2", "counted", "--people", "--format", "json")


@pytest.fixture
def manifest(app, settings, tmp_path):
    """The files of a small province, those of 2016 taken in by the importers."""
    made = write_files(plan_province(students=STUDENTS, today=TODAY), tmp_path)
    for step in made.first:
        if step.kind == "universities" or step.class_year == 2016:
            import_file(step, settings=settings, tell=lambda _: None)
    return made


def answer_of(result: Result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_two_rates_differ_by_people_named_under_causes_that_add_up(manifest, typed):
    given = ("report", "compare", "--class-year", 2016, "--as-of", "2016-12-31")
    masked = answer_of(typed(commands, *given, *BOTH))
    named = answer_of(typed(commands, *given, *BOTH, "--unmask", "--reason", "inspection"))
    registered, counted = masked["first"]["total"], masked["second"]["total"]
    left_out = registered["registered"] - counted["denominator"]
    rows = {
        (row["院校代码"], row["学号"]): row
        for step in manifest.steps
        if step.kind == "students" and step.class_year == 2016
        for row in read_file(step.path)
    }

    assert registered["denominator"] == STUDENTS
    assert registered["placed"] == counted["placed"]
    assert left_out == max(1, round(STUDENTS * 159 / 34_267)) > 5
    assert registered["rate"] < counted["rate"]
    assert sum(cause["people"] for cause in masked["causes"]) == left_out
    assert sum(cause["denominator"] for cause in masked["causes"]) == -left_out
    assert {cause["cause"].partition(":")[0] for cause in masked["causes"]} == {"left_out"}
    assert len({(one["university"], one["student_number"]) for one in masked["people"]}) == left_out
    assert Counter(person["cause"] for person in masked["people"]) == Counter(
        {cause["cause"]: cause["people"] for cause in masked["causes"]}
    )
    for person, hidden in zip(named["people"], masked["people"], strict=True):
        assert person["name"] == rows[person["university"], person["student_number"]]["姓名"]
        assert hidden["name"] != person["name"]
        assert person["cause"] == f"left_out:{person['after']['reason']}"
