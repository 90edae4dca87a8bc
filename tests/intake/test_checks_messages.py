"""Every message of the checks has a Chinese text that takes the same values."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import placement
from placement.intake import matching
from placement.intake.checks import messages
from placement.intake.columns import KINDS, columns_of, label
from placement.intake.spreadsheets import FileRefusedError
from placement.intake.spreadsheets.refusals import REASONS
from placement.reference.tables import Entry
from tests.intake.people import check_students, student

CATALOGUE = Path(placement.__file__).parent / "translations" / "intake_checks.zh_Hans_CN.po"
IDS = [
    *messages.ALL,
    *dict.fromkeys(text for pair in REASONS.values() for text in pair),
    *matching.REASONS.values(),
]
NAMED = re.compile(r"%\((\w+)\)s")


@pytest.fixture(scope="module")
def chinese():
    with CATALOGUE.open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}


@pytest.mark.parametrize("message_id", IDS)
def test_message_has_a_chinese_text_with_the_same_values(chinese, message_id):
    assert sorted(NAMED.findall(chinese[message_id])) == sorted(NAMED.findall(message_id))
    assert re.search(r"[\u4e00-\u9fff]", chinese[message_id])


def test_catalogue_holds_nothing_else(chinese):
    assert set(chinese) == set(IDS)


def test_message_is_made_in_both_languages(chinese):
    (problem,) = check_students(student(1, sex="女")).errors

    assert problem.message == "By the ID number the sex is Male, the file says Female."
    assert chinese[problem.message_id] % problem.values_in("zh_Hans_CN") == (
        "按身份证号性别为男，文件中填写的是女。"
    )


def test_column_is_called_as_people_call_it(chinese):
    (problem,) = check_students(student(1, level=None)).errors

    assert problem.message == "There is no level."
    assert chinese[problem.message_id] % problem.values_in("zh_Hans_CN") == "缺少学历层次。"


def test_stored_problem_holds_plain_values_for_any_language():
    (problem,) = check_students(student(1, sex="女")).errors

    stored = problem.as_stored()

    assert stored["values"]["zh_Hans_CN"]["by_id"] == "男"
    assert stored["values"]["en"]["by_id"] == "Male"
    assert not any(
        isinstance(value, Entry)
        for values in stored["values"].values()
        for value in values.values()
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_has_a_name_in_both_languages(kind):
    for name in columns_of(kind):
        assert re.search(r"[\u4e00-\u9fff]", label(kind, name))
        assert label(kind, name, "en").isascii()
    assert label(kind, "no_such_column") == "no_such_column"


def test_refusal_can_be_said_in_chinese(chinese):
    refusal = FileRefusedError("too_many_rows", limit=100_000)

    assert refusal.message == "The file has more than 100,000 rows."
    assert chinese[refusal.message_id] % refusal.values == "文件超过 100,000 行。"
    assert chinese[refusal.remedy] == "请分几次上传。"
