"""The files are those that the importers read, in an order in which they can be read."""

import datetime as dt
import hashlib
from pathlib import Path

import openpyxl
import pytest

from placement import clock
from placement.demo.province.files import write_files
from placement.demo.province.ledger import read_file
from placement.demo.province.plan import Plan, plan_province
from placement.demo.province.steps import Manifest
from placement.demo.province.workbook import write_workbook
from placement.intake.columns import find_column
from placement.reference import (
    destinations,
    divisions,
    industries,
    levels,
    list_kinds,
    majors,
    occupations,
)

TODAY = dt.date(2026, 11, 24)


def digests(manifest: Manifest) -> dict[str, str]:
    return {
        step.path.name: hashlib.sha256(step.path.read_bytes()).hexdigest()
        for step in manifest.steps
    }


def test_same_day_makes_the_same_files(small_files: Manifest, tmp_path: Path) -> None:
    again = write_files(plan_province(students=600, today=TODAY), tmp_path)

    assert digests(again) == digests(small_files)


def test_history_is_the_same_on_any_day(small_files: Manifest, tmp_path: Path) -> None:
    later = write_files(plan_province(students=600, today=dt.date(2027, 3, 5)), tmp_path)

    first, second = digests(small_files), digests(later)
    history = {name for name in first if "2016" in name}
    assert len(history) > 25
    assert {name: second[name] for name in history} == {name: first[name] for name in history}


def test_another_seed_makes_other_people(small_plan: Plan) -> None:
    other = plan_province(students=600, today=TODAY, seed=7)

    assert list(other.history.name) != list(small_plan.history.name)


def test_first_page_and_the_rest_are_the_whole(
    small_plan: Plan, small_files: Manifest, tmp_path: Path
) -> None:
    first = write_files(small_plan, tmp_path, background=False)
    rest = write_files(small_plan, tmp_path, background=True)

    assert digests(Manifest(tmp_path, first.steps + rest.steps)) == digests(small_files)
    assert not any(step.background for step in first.steps)
    assert all(step.background for step in rest.steps)
    assert small_files.first + small_files.background == small_files.steps
    assert {step.kind for step in rest.steps} == {"students", "outcomes"}


def test_every_heading_is_known_to_the_importers(small_files: Manifest) -> None:
    for step in small_files.steps:
        headings = list(read_file(step.path)[0])
        columns = [find_column(step.kind, heading) for heading in headings]
        assert None not in columns, (step.path.name, headings)
        assert len(set(columns)) == len(columns)


def test_every_kind_of_import_has_its_file(small_files: Manifest) -> None:
    assert {step.kind for step in small_files.steps} == {
        "universities",
        "students",
        "list",
        "outcomes",
        "baseline",
        "wishes",
        "postings",
    }
    assert {step.list_kind for step in small_files.steps} - {None} == set(list_kinds.codes)
    assert all(step.rows == len(read_file(step.path)) for step in small_files.steps)


def test_nothing_is_known_before_it_happened_or_after_today(small_files: Manifest) -> None:
    end = dt.datetime.combine(TODAY, dt.time(0), tzinfo=clock.ZONE)
    for step in small_files.steps:
        if step.recorded_at is not None:
            assert step.recorded_at < end
            assert step.as_of is None or step.as_of <= step.recorded_at.date()
    history = [s.recorded_at for s in small_files.first if s.class_year == 2016 and s.recorded_at]
    assert history == sorted(history)
    assert history[-1] <= dt.datetime(2016, 12, 31, 23, 59, 59, tzinfo=clock.ZONE)


def test_no_student_stands_twice_in_a_file_of_outcomes(small_files: Manifest) -> None:
    for step in small_files.steps:
        if step.kind == "outcomes":
            keys = [(row["院校代码"], row["学号"]) for row in read_file(step.path)]
            assert len(set(keys)) == len(keys), step.path.name


def test_codes_of_the_files_are_national_ones(small_files: Manifest) -> None:
    for step in small_files.steps:
        for row in read_file(step.path):
            assert levels.find(row.get("学历代码") or "31")
            assert row.get("毕业去向") is None or row["毕业去向"] in destinations.codes
            assert not row.get("单位行业") or industries.find(row["单位行业"])
            if "专业代码" in row:
                major = majors.get(row["专业代码"])
                assert major is not None
                assert major.zh == row["专业名称"]
                home = divisions.get(row["生源地"])
                assert home is not None
                assert home.holds_in(step.class_year or 0)
            for occupation in row.get("职业代码", "").split(";"):
                assert not occupation or occupation in occupations.codes
            for name in row.get("专业要求", "").split(";"):
                assert not name or majors.named(name)


def test_those_in_no_category_are_in_no_category_and_on_no_list(
    small_files: Manifest,
) -> None:
    others = next(step for step in small_files.background if step.kind == "students")
    numbers = set()

    for row in read_file(others.path):
        assert (row["民族代码"], row["困难生类别"]) == ("01", "0")
        assert row["城乡生源"] in {"城镇", "城市"}
        numbers.add(row["身份证号"])

    listed = {
        row["身份证号"]
        for step in small_files.steps
        if step.kind == "list"
        for row in read_file(step.path)
    }
    assert numbers
    assert not numbers & listed


def test_partner_lists_are_as_dirty_as_real_ones(whole_files: Manifest) -> None:
    lists = [step for step in whole_files.first if step.kind == "list" and step.class_year == 2016]
    rows = [row for step in lists for row in read_file(step.path)]
    low_income = next(step for step in lists if step.list_kind == "low_income")

    assert any("陳" in row["姓名"] for row in rows)
    assert any("０" in row["身份证号"] for row in rows)
    assert any(row["身份证号"].endswith(" ") for row in rows)
    assert any(row["身份证号"].endswith("x") for row in rows)
    with pytest.raises(UnicodeDecodeError):
        low_income.path.read_bytes().decode()


def test_workbook_opens_as_text_in_another_program(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"

    count = write_workbook(
        path, [["学号", "注"], ["0012", "<a> & 'b'"], ["350000199001010010", ""]]
    )

    sheet = openpyxl.load_workbook(path).active
    assert count == 3
    assert sheet is not None
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows()] == [
        ["学号", "注"],
        ["0012", "<a> & 'b'"],
        ["350000199001010010", ""],
    ]
