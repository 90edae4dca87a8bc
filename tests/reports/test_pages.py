"""The figures as pages and files: one answer, whoever asks and however."""

import io

import openpyxl
import pytest

from placement.audit.models import AuditEvent
from placement.db import db
from placement.students.models import Category, StandingKind
from tests.factories import make_member, make_outcome, make_standing, make_student

URL = "/reports/rates?year=2016&as_of=2016-12-31"


@pytest.fixture
def register(cast):
    """Four of one university: two placed, one unknown, one not counted; one of another."""
    make_outcome(cast.lin_mei)
    for code in ("80", None):
        student = make_student(cast.university)
        make_member(student, Category.RURAL_ORIGIN)
        if code:
            make_outcome(student, code)
    deferred = make_student(cast.university)
    make_member(deferred, Category.RURAL_ORIGIN)
    make_standing(deferred, StandingKind.DEFERRED)
    assert cast.stranger


def test_sentence_says_the_rate_with_its_counts(browser, cast, register):
    page = browser.sign_in(cast.zheng).get(URL)

    assert page.status_code == 200
    assert "66.67" in page.text


def test_university_sees_its_own_and_the_province_all(browser, cast, register):
    own = browser.sign_in(cast.zheng).get("/reports/rates.json?year=2016&as_of=2016-12-31").json
    every = browser.sign_in(cast.huang).get("/reports/rates.json?year=2016&as_of=2016-12-31").json

    assert (own["total"]["denominator"], every["total"]["denominator"]) == (3, 4)
    assert own["exclusions"] == [{"standing": "deferred", "count": 1}]


def test_screen_csv_workbook_and_people_agree(browser, cast, register):
    browser.sign_in(cast.zheng)
    query = "year=2016&as_of=2016-12-31"

    answer = browser.get(f"/reports/rates.json?{query}").json["total"]
    text = browser.get(f"/reports/rates.csv?{query}").data.decode("utf-8-sig")
    book = openpyxl.load_workbook(
        io.BytesIO(browser.get(f"/reports/rates.xlsx?{query}").data), read_only=True
    )
    people = browser.get(f"/reports/people.json?{query}&is=placed").json

    total = next(line for line in text.splitlines() if line.startswith("total,")).split(",")
    row = next(r for r in book.active.iter_rows(values_only=True) if r[0] == "total")
    book.close()
    assert [int(total[3]), int(total[6])] == [answer["registered"], answer["placed"]]
    assert [row[3], row[6]] == [answer["registered"], answer["placed"]]
    assert people["count"] == answer["placed"]


def test_province_sees_names_masked_and_the_university_in_clear(browser, cast, register):
    url = "/reports/people?year=2016&as_of=2016-12-31&is=placed"

    masked = browser.sign_in(cast.huang).get(url).text
    clear = browser.sign_in(cast.zheng).get(url).text

    assert "林梅" not in masked
    assert "林梅" in clear


def test_looking_at_the_people_is_written_down(browser, cast, register):
    browser.sign_in(cast.zheng).get("/reports/people?year=2016&as_of=2016-12-31&is=placed")

    event = db.session.query(AuditEvent).filter_by(action="report.people_listed").one()
    assert cast.lin_mei.id in event.student_ids


@pytest.mark.parametrize(
    "wrong",
    ["as_of=yesterday", "scheme=1999", "base=all", "where=shoe=42", "year=abcd", "by=hat"],
)
def test_question_that_cannot_be_read_is_explained(browser, cast, register, wrong):
    page = browser.sign_in(cast.zheng).get(f"/reports/rates?{wrong}")

    assert page.status_code == 422


def test_class_without_register_is_an_empty_page_not_a_fault(browser, cast, register):
    page = browser.sign_in(cast.zheng).get("/reports/rates?year=2031")

    assert page.status_code == 200
    assert "no register" in page.text.lower()
