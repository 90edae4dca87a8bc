"""Screen, files, JSON and lists of people say the same, and add up in every crossing."""

import csv
import datetime as dt
import html
import io
import itertools
import re
from urllib.parse import urlencode

import openpyxl
import pytest

from placement.reports.dimensions import UNKNOWN, Dimension
from placement.students.models import Category, StandingKind
from tests.factories import make_member, make_outcome, make_standing, make_student
from tests.reports.asking import dispute
from tests.reports.browsing import rows_of

ASKED = "year=2016&as_of=2016-12-31"
COUNTS = ("registered", "excluded", "denominator", "placed", "known")
HEADINGS = {
    "registered": "Registered",
    "excluded": "Not counted",
    "denominator": "Counted",
    "placed": "Placed",
    "known": "Outcome known",
    "rate": "Rate in percent",
    "knowledge_rate": "Knowledge rate in percent",
}
CROSSINGS = {
    **{
        first.value: list(pairs)
        for first, pairs in itertools.groupby(
            itertools.combinations(Dimension, 2), lambda pair: pair[0]
        )
    },
    "three": [
        (Dimension.CATEGORY, Dimension.UNIVERSITY, Dimension.LEVEL),
        (Dimension.PART, Dimension.CODE, Dimension.REASON),
        (Dimension.COMBINATION, Dimension.SEX, Dimension.STANDING),
    ],
}
"""Each dimension with all that come after it, for which one register is enough, and some threes."""


@pytest.fixture
def register(cast):
    """People who differ in all that figures group by, some in several categories."""
    make_outcome(cast.lin_mei)
    two = make_student(cast.university, level="41", sex="1", college="信息学院", origin="urban")
    make_member(two, Category.RURAL_ORIGIN)
    make_member(two, Category.DISABILITY)
    make_outcome(two, "80")
    waiting = make_student(cast.other_university, ethnic_group="22", origin_division="350102")
    make_member(waiting, Category.ETHNIC_MINORITY)
    make_member(waiting, Category.EMPLOYMENT_DIFFICULTY)
    make_outcome(waiting, "10", verified=False)
    alone = make_student(cast.university, sex="1")
    make_member(alone, Category.EMPLOYMENT_DIFFICULTY)
    dispute(make_outcome(alone, "75", dt.date(2016, 9, 1)))
    deferred = make_student(cast.university)
    make_member(deferred, Category.RURAL_ORIGIN)
    make_standing(deferred, StandingKind.DEFERRED)


@pytest.mark.parametrize("crossings", CROSSINGS.values(), ids=CROSSINGS)
def test_every_crossing_adds_up_and_says_the_same_everywhere(browser, cast, register, crossings):
    browser.sign_in(cast.huang)
    for names in crossings:
        _adds_up_and_says_the_same(browser, names)


def _adds_up_and_says_the_same(browser, names):
    answer = browser.get(f"/reports/rates.json?{ASKED}&by={'%2B'.join(names)}").json
    same = f"{ASKED}&{urlencode({'by': '+'.join(names), 'moment': answer['known_at']})}"
    rows, total = answer["by"]["+".join(names)], answer["total"]

    page = browser.get(f"/reports/rates?{same}").text
    table = browser.get(f"/reports/rates.csv?{same}").data.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"/reports/rates.xlsx?{same}").data))

    if Dimension.CATEGORY not in names:
        for name in COUNTS:
            assert sum(row[name] for row in rows) == total[name]
        for name in total["parts"]:
            assert sum(row["parts"][name] for row in rows) == total["parts"][name]
        for code in total["codes"]:
            assert sum(row["codes"].get(code, 0) for row in rows) == total["codes"][code]
    lines = [line for line in csv.DictReader(io.StringIO(table)) if line["Grouped by"]]
    cells = {row["Code"]: row for row in rows_of(book.worksheets[0])}
    screen = _screen(page)
    assert len(screen) == len(rows) + 1
    for row, shown in zip([*rows, total], screen, strict=True):
        wanted = [row[name] for name in COUNTS]
        line = next(found for found in lines if found["Code"] == row["key"])
        assert [int(line[HEADINGS[name]]) for name in COUNTS] == wanted
        assert [cells[row["key"]][HEADINGS[name]] for name in COUNTS] == wanted
        assert [shown[HEADINGS[name]] for name in COUNTS] == wanted
        for name in ("rate", "knowledge_rate"):
            assert (line[HEADINGS[name]] or None) == row[name]
            value = cells[row["key"]][HEADINGS[name]]
            assert (None if value is None else f"{value:.2f}") == row[name]
    for url, count in itertools.islice(_links(page), 6):
        people = browser.get(url.replace("/people?", "/people.json?")).json
        assert people["count"] == len(people["people"]) == count


def test_combinations_of_categories_share_nobody(browser, cast, register):
    answer = browser.sign_in(cast.huang).get(f"/reports/rates.json?{ASKED}").json

    combinations, categories = answer["by"]["combination"], answer["by"]["category"]

    assert sum(row["registered"] for row in combinations) == answer["total"]["registered"]
    assert sum(row["registered"] for row in categories) > answer["total"]["registered"]
    assert {row["key"]: row["registered"] for row in combinations}["none"] == 1
    assert "rural_origin.disability" in {row["key"] for row in combinations}
    for row in categories:
        if row["headline"]:
            within = [one for one in combinations if row["key"] in one["key"].split(".")]
            assert sum(one["registered"] for one in within) == row["registered"]


def test_page_and_workbook_show_all_fifteen_combinations(browser, cast, register):
    browser.sign_in(cast.huang)

    page = browser.get(f"/reports/rates?{ASKED}").text
    data = browser.get(f"/reports/rates.xlsx?{ASKED}").data

    book = openpyxl.load_workbook(io.BytesIO(data))
    rows = [
        row for row in rows_of(book["Exactly these categories"]) if row["Registered"] is not None
    ]
    assert len(rows) == 1 + 15 + 1
    assert sum(row["Registered"] for row in rows[1:]) == rows[0]["Registered"]
    assert "A person may be in several categories" in page
    assert "add up to the total" in page
    assert UNKNOWN not in {row["Code"] for row in rows}


def _screen(page: str) -> list[dict[str, int]]:
    """The counts of the table of figures, row by row, the total last."""
    table = page.split('id="table"')[1].split("</table>", maxsplit=1)[0]
    lines = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    found = []
    for line in lines:
        cells = re.findall(r'data-label="([^"]+)"[^>]*>(.*?)</td>', line, re.DOTALL)
        if cells:
            words = {name: re.sub(r"<[^>]+>|[,\s]", "", text) for name, text in cells}
            found.append({name: int(text) for name, text in words.items() if text.isdecimal()})
    return found


def _links(page: str):
    """The addresses of the table that lead to people, spread over it, with their counts."""
    table = page.split('id="table"')[1].split("</table>", maxsplit=1)[0]
    found = re.findall(r'href="(/reports/people\?[^"]+)">([\d,]+)</a>', table)
    step = max(1, len(found) // 6)
    return [(html.unescape(url), int(text.replace(",", ""))) for url, text in found[::step]]
