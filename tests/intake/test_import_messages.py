"""Every message about a row that only the register can give has a Chinese text."""

import re

import pytest

from placement.intake.operations import persons, postings
from placement.intake.operations.students import identifying, importing
from placement.web.catalogues import merged_catalogue

NAMED = re.compile(r"%\((\w+)\)s")
MESSAGES = {
    text
    for room in (persons, postings, identifying, importing)
    for name, text in vars(room).items()
    if name.isupper() and isinstance(text, str) and text.endswith(".")
}


def test_there_are_messages():
    assert len(MESSAGES) == 10


@pytest.mark.parametrize("message_id", sorted(MESSAGES))
def test_a_message_has_a_chinese_text_with_the_same_values(message_id):
    found = merged_catalogue().get(message_id)

    assert found is not None
    assert re.search(r"[\u4e00-\u9fff]", str(found.string))
    assert sorted(NAMED.findall(str(found.string))) == sorted(NAMED.findall(message_id))
