"""The checks and the matching of the real importers find in the files what was put into them."""

import datetime as dt
from collections import Counter

import pytest

from placement.demo.province.check import Figures
from placement.demo.province.ledger import read_file
from placement.demo.province.schools import all_schools
from placement.demo.province.steps import Manifest, Step
from placement.intake.checks import Options, check_table
from placement.intake.checks.identity import fold_id
from placement.intake.matching import Candidate, Listed, match_list
from placement.intake.spreadsheets.reading import read_table


def test_every_row_is_accepted(small_files: Manifest) -> None:
    universities = {school.code: school.name for school in all_schools()}

    for step in small_files.steps:
        table = read_table(step.path.read_bytes(), step.path.name, step.kind)
        checked = check_table(table, Options(class_year=step.class_year, universities=universities))

        assert not checked.errors, step.path.name
        assert len(checked) == step.rows
        # Nobody's ID numbers lie in no county; who is still enrolled is noted as such.
        assert {caution.code for caution in checked.warnings} <= {
            "unknown_county",
            "contradiction",
        }


def listed(step: Step) -> list[Listed]:
    return [
        Listed(
            row=place,
            name=row["姓名"],
            id_key=fold_id(row["身份证号"]),
            birth_date=dt.date.fromisoformat(fold_id(row["身份证号"])[6:14]),
        )
        for place, row in enumerate(read_file(step.path))
    ]


@pytest.mark.slow
def test_lists_match_as_the_slow_reader_says(whole_files: Manifest, whole_figures: Figures) -> None:
    students = next(step for step in whole_files.steps if step.kind == "students")
    candidates = [
        Candidate(
            key=place,
            name=row["姓名"],
            id_key=row["身份证号"],
            birth_date=dt.date.fromisoformat(row["身份证号"][6:14]),
        )
        for place, row in enumerate(read_file(students.path))
    ]

    for step in whole_files.steps:
        if step.kind == "list" and step.class_year == students.class_year:
            found = Counter(match.state for match in match_list(listed(step), candidates))
            expected = Counter(whole_figures["history"]["lists"][step.path.name])
            del expected["left"]
            assert found == expected, step.path.name
