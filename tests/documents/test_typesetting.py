"""PDFs from data alone."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from placement.documents.typesetting import DocumentError, typeset

AT = dt.datetime(2026, 8, 31, 8, 0, 0, 250, tzinfo=ZoneInfo("Asia/Shanghai"))
PLAIN = {"title": "帮扶情况登记表", "under": "示例大学", "foot": "2026-08-31"}


def test_same_data_give_the_same_document_with_its_own_font():
    data = PLAIN | {"parts": [["目标", "2026 年 8 月前落实去向"]]}

    first, second = (typeset("plain", data, made_at=AT) for _ in range(2))

    assert first == second
    assert first.startswith(b"%PDF-")
    assert b"NotoSansCJK" in first


def test_words_of_people_are_never_markup():
    parts = [["#panic()", '*林*梅 $x$ #read("/etc/passwd") \\ @name']]

    made = typeset("plain", PLAIN | {"parts": parts}, made_at=AT)

    assert made.startswith(b"%PDF-")


def test_failure_names_no_person(caplog):
    with pytest.raises(DocumentError):
        typeset("plain", {"title": "林梅"}, made_at=AT)

    assert "林梅" not in caplog.text
