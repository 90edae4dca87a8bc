"""The figures as pages and files: one answer, whoever asks and however."""

import datetime as dt
import io
from urllib.parse import urlencode

import openpyxl
import pytest

from placement.audit.models import AuditEvent
from placement.db import db
from placement.history import recorded
from placement.reports.models import Baseline
from placement.students.models import Category, StandingKind
from tests.factories import make_member, make_outcome, make_standing, make_student, save
from tests.reports.browsing import numbers_of

ASKED = "year=2016&as_of=2016-12-31"
URL = f"/reports/rates?{ASKED}"


@pytest.fixture
def register(cast):
    """Four of one university: two placed, one unknown, one not counted; one of another."""
    make_outcome(cast.lin_mei)
    for code in ("80", None):
        student = make_student(cast.university)
        make_member(student, Category.RURAL_ORIGIN)
        if code:
            make_outcome(student, code)
    deferred = make_student(cast.university, name="何迟")
    make_member(deferred, Category.RURAL_ORIGIN)
    make_standing(deferred, StandingKind.DEFERRED)
    assert cast.stranger


def test_sentence_says_the_rate_with_its_counts(browser, cast, register):
    page = browser.sign_in(cast.zheng).get(URL)

    assert page.status_code == 200
    sentence = " ".join(page.text.split('class="sentence"')[1].split("</p>")[0].split())
    assert [part in sentence for part in (">4<", ">3<", ">2<", "66.67 %")] == [True] * 4


def test_every_number_leads_to_as_many_people(browser, cast, register):
    browser.sign_in(cast.huang)
    links = numbers_of(browser.get(f"{URL}&by=category%2Blevel").text)

    counts = {url: browser.get(url.replace("/people?", "/people.json?")).json for url in links}

    assert len(links) >= 15
    assert {url: answer["count"] for url, answer in counts.items()} == links


def test_figures_and_their_people_are_known_at_one_moment(browser, cast, register):
    browser.sign_in(cast.zheng)
    links = numbers_of(browser.get(URL).text)
    placed = next(url for url in links if "is=placed" in url)

    make_outcome(make_student(cast.university), "10")
    for student in (make_student(cast.university), make_student(cast.university)):
        make_member(student, Category.RURAL_ORIGIN)
        make_outcome(student, "10")

    assert browser.get(placed.replace("/people?", "/people.json?")).json["count"] == links[placed]
    assert browser.get(f"/reports/people.json?{ASKED}&is=placed").json["count"] == 4


@pytest.mark.parametrize(
    ("who", "registered"), [("zheng", 4), ("xu", 1), ("chen", 1), ("huang", 5)]
)
def test_everybody_counts_the_people_they_may_see(browser, cast, register, who, registered):
    answer = browser.sign_in(getattr(cast, who)).get(f"/reports/rates.json?{ASKED}").json

    assert answer["total"]["registered"] == registered


def test_counselor_without_people_sees_an_empty_page(browser, cast, register):
    page = browser.sign_in(cast.wu).get(URL)

    assert page.status_code == 200
    assert "No register yet" in page.text


def test_account_of_a_college_counts_that_college(browser, cast, register):
    make_member(make_student(cast.university, college="信息学院"), Category.RURAL_ORIGIN)
    cast.zheng.colleges = ["信息学院"]
    db.session.commit()

    answer = browser.sign_in(cast.zheng).get(f"/reports/rates.json?{ASKED}&by=college").json

    assert [row["key"] for row in answer["by"]["college"]] == ["信息学院"]


def test_workbook_says_where_its_figures_come_from(browser, cast, register):
    browser.sign_in(cast.zheng)
    data = browser.get(f"/reports/rates.xlsx?{ASKED}&basis=reported&where=sex%3D2").data

    book = openpyxl.load_workbook(io.BytesIO(data))
    about = {line[0]: line[1] for line in book.worksheets[-1].values}
    title, sentence, question = (line[0] for line in list(book.worksheets[0].values)[:3])

    assert about["As of"] == "2016-12-31"
    assert about["Outcomes"] == "reported"
    assert "2016" in title
    assert sentence.startswith("4 registered, 3 counted, 2 placed")
    assert "sex=2" in question
    assert about["Only"] == "sex=2"
    assert about["Known at"].endswith("+08:00")


def test_text_of_a_spreadsheet_is_never_a_formula(browser, cast, register):
    student = make_student(cast.university, name="=HYPERLINK(1)", college="@SUM(A1)")
    make_member(student, Category.RURAL_ORIGIN)
    browser.sign_in(cast.zheng)

    rates = browser.get(f"/reports/rates.csv?{ASKED}&by=college").data.decode("utf-8-sig")
    people = browser.get(f"/reports/people.csv?{ASKED}").data.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"/reports/people.xlsx?{ASKED}").data))

    assert "'@SUM(A1)" in rates
    assert "'=HYPERLINK(1)" in people
    kinds = {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row}
    assert "f" not in kinds


def test_province_sees_names_masked_and_the_university_in_clear(browser, cast, register):
    for form in ("", ".json", ".csv"):
        url = f"/reports/people{form}?{ASKED}&is=placed"

        masked = _text(browser.sign_in(cast.huang).get(url))
        clear = _text(browser.sign_in(cast.zheng).get(url))

        assert "林梅" not in masked
        assert "林梅" in clear
        assert cast.lin_mei.id_number not in clear + masked


def test_looking_at_the_people_is_written_down(browser, cast, register):
    browser.sign_in(cast.zheng).get(f"/reports/people?{ASKED}&is=placed")

    event = db.session.query(AuditEvent).filter_by(action="report.people_listed").one()
    assert cast.lin_mei.id in event.student_ids
    assert event.actor_id == cast.zheng.id


def test_people_say_why_they_count_so(browser, cast, register):
    page = browser.sign_in(cast.zheng).get(f"/reports/people?{ASKED}&is=excluded").text

    assert "何迟" in page
    assert "Deferred" in page


def test_no_category_stands_in_an_address_or_a_title(browser, cast, register):
    make_member(cast.lin_mei, Category.DISABILITY)
    page = browser.sign_in(cast.zheng).get(f"{URL}&by=category").text

    for word in (*Category, "残疾"):
        assert not [url for url in numbers_of(page) if word in url]
    people = browser.get(f"/reports/people?{ASKED}&where=category%3D4").text
    assert "Disability" not in people.split("</title>")[0]
    assert "Disability" in people


def test_figures_keep_to_what_they_are_narrowed_to(browser, cast, register):
    browser.sign_in(cast.huang)
    query = urlencode({"university": cast.other_university.code})

    page = browser.get(f"{URL}&{query}").text
    answer = browser.get(f"/reports/rates.json?{ASKED}&{query}").json

    assert answer["total"]["registered"] == 1
    assert cast.other_university.name in page


def test_all_graduates_stand_beside_the_register(browser, cast, register):
    save(
        Baseline(
            class_year=2016,
            university_id=cast.university.id,
            level="31",
            graduates=200,
            placed=150,
            as_of=dt.date(2016, 12, 31),
            **recorded(),
        )
    )

    page = browser.sign_in(cast.zheng).get(URL).text

    assert "75.00 %" in page
    assert "(150 / 200)" in page


def test_long_tables_come_in_pages_and_are_sorted(browser, cast):
    for number in range(60):
        student = make_student(cast.university, college=f"学院{number:02d}")
        make_member(student, Category.RURAL_ORIGIN)
    make_outcome(student, "10")
    browser.sign_in(cast.zheng)

    first = browser.get(f"{URL}&by=college&sort=-rate").text
    second = browser.get(f"{URL}&by=college&sort=-rate&page=2").text

    assert "学院59" in first
    assert "学院59" not in second
    assert "41–60 / 60" in second


@pytest.mark.parametrize(
    "wrong",
    [
        "as_of=yesterday",
        "scheme=1999",
        "base=all",
        "where=shoe=42",
        "where=category%3D9",
        "year=abcd",
        "by=hat",
        "university=00000",
    ],
)
def test_question_that_cannot_be_read_is_explained(browser, cast, register, wrong):
    page = browser.sign_in(cast.zheng).get(f"/reports/rates?{wrong}")

    assert page.status_code == 422


def test_moment_that_may_still_change_is_refused(browser, cast, register):
    page = browser.sign_in(cast.zheng).get(f"{URL}&known_at=2999-01-01T00:00")

    assert page.status_code == 409
    assert "may still change" in page.text


def test_class_without_register_is_an_empty_page_not_a_fault(browser, cast, register):
    page = browser.sign_in(cast.zheng).get("/reports/rates?year=2031")

    assert page.status_code == 200
    assert "no figure to show" in page.text


def test_page_past_the_last_shows_the_last(browser, cast, register):
    page = browser.sign_in(cast.zheng).get(f"/reports/people?{ASKED}&page=9")

    assert "1–4 / 4" in page.text


def test_pages_speak_chinese(browser, cast, register):
    cast.zheng.locale = "zh_Hans_CN"
    db.session.commit()
    browser.sign_in(cast.zheng)

    page = browser.get(URL).text
    table = browser.get(f"/reports/rates.csv?{ASKED}").data.decode("utf-8-sig")

    assert "就业率" in page
    assert "在册" in page
    assert table.splitlines()[0].startswith("分组方式,代码,")


def _text(response):
    return str(response.json) if response.is_json else response.text
