"""Two figures compared on a page: each number leads to exactly its people, within one's scope."""

import csv
import datetime as dt
import html
import io
import re
from urllib.parse import quote

import pytest

from placement.audit.models import AuditEvent
from placement.db import db
from placement.students.models import Category, StandingKind
from tests.factories import make_member, make_outcome, make_standing, make_student

ASKED = "year=2016&as_of=2016-12-31"


@pytest.fixture
def register(cast):
    """At the university two not counted and one placed in September; elsewhere one not counted."""
    make_outcome(cast.lin_mei)
    found = []
    for name, university in (
        ("陈秋菊", cast.university),
        ("黄春兰", cast.university),
        ("吴冬竹", cast.university),
        ("许夏荷", cast.other_university),
    ):
        student = make_student(university, name=name)
        make_member(student, Category.RURAL_ORIGIN)
        found.append(student)
    make_standing(found[0], StandingKind.DEFERRED)
    make_standing(found[1], StandingKind.WITHDRAWN)
    make_outcome(found[2], "11", dt.date(2016, 9, 15))
    make_standing(found[3], StandingKind.DEFERRED)
    return found


def people_links(page):
    found = re.findall(
        r'<a class="number" href="(/reports/compare/people\?[^"]+)">([\d,]+)</a>', page.text
    )
    return [(html.unescape(url), int(number.replace(",", ""))) for url, number in found]


def test_page_opens_with_the_other_base_and_explains_it(browser, cast, register):
    page = browser.sign_in(cast.huang).get(f"/reports/compare?{ASKED}")

    assert page.status_code == 200
    assert "Counted in only one of the two denominators" in page.text
    numbers = [number for _url, number in people_links(page)]
    assert numbers == [3, 2, 1, 3]


def test_each_number_leads_to_exactly_its_people(browser, cast, register):
    browser.sign_in(cast.huang)
    for query in (
        ASKED,
        f"{ASKED}&as_of_2=2016-08-31",
        f"{ASKED}&as_of_2=2016-08-31&base_2=registered&basis_2=reported",
    ):
        page = browser.get(f"/reports/compare?{query}")
        links = people_links(page)
        assert links

        for url, number in links:
            shown = browser.get(url)
            exported = browser.get(url.replace("/people?", "/people.json?")).json["people"]
            assert shown.text.count('class="row-link"') == len(exported) == number


def test_university_and_counselor_see_their_own_only(browser, cast, register):
    make_standing(cast.lin_mei, StandingKind.DECEASED)
    for user, denominators, names in (
        (cast.zheng, (1, 4), {"林梅", "陈秋菊", "黄春兰"}),
        (cast.chen, (0, 1), {"林梅"}),
        (cast.xu, (0, 1), {"许夏荷"}),
    ):
        browser.sign_in(user)
        answer = browser.get(f"/reports/compare.json?{ASKED}").json
        people = browser.get(f"/reports/compare/people.json?{ASKED}").json["people"]

        totals = [answer[side]["total"]["denominator"] for side in ("first", "second")]
        assert tuple(totals) == denominators
        assert {person["name"] for person in people} == names


def test_province_sees_masked_names_and_the_reading_is_written_down(browser, cast, register):
    page = browser.sign_in(cast.huang).get(
        f"/reports/compare/people?{ASKED}&cause={quote('left_out:deferred')}"
    )

    assert "陈秋菊" not in page.text
    assert "陈**" in page.text
    event = db.session.query(AuditEvent).filter_by(action="report.changes_listed").one()
    assert set(event.student_ids) == {register[0].id, register[3].id}
    assert event.details["cause"] == "left_out:deferred"


def test_screen_csv_and_json_have_the_same_causes(browser, cast, register):
    browser.sign_in(cast.huang)
    query = f"{ASKED}&as_of_2=2016-08-31&base_2=registered"

    page = browser.get(f"/reports/compare?{query}")
    answer = browser.get(f"/reports/compare.json?{query}").json
    text = browser.get(f"/reports/compare.csv?{query}").data.decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(text)))
    causes = [(cause["cause"], cause["people"]) for cause in answer["causes"]]
    assert [(row[0], int(row[2])) for row in rows[2:-1]] == causes
    assert [number for _url, number in people_links(page)][1:-1] == [n for _c, n in causes]
    assert {code for code, _n in causes} == {
        "left_out:deferred",
        "left_out:withdrawn",
        "outcome_began",
    }


def test_people_are_those_of_the_page_after_something_was_recorded(browser, cast, register):
    page = browser.sign_in(cast.huang).get(f"/reports/compare?{ASKED}")
    (url, number), *_rest = people_links(page)
    make_standing(cast.lin_mei, StandingKind.DEFERRED)

    people = browser.get(url.replace("/people?", "/people.json?")).json["people"]

    assert len(people) == number


def test_printed_figure_is_found_and_what_contradicts_itself_is_said(browser, cast, register):
    browser.sign_in(cast.huang)

    page = browser.get(
        f"/reports/compare?{ASKED}&with=printed&printed_total=5&printed_placed=2"
        "&printed_rate=100.00"
    )

    assert "do not follow from each other" in page.text
    assert "2 of 5 are 40.00 %, not 100.00 %" in page.text
    assert "all registered" in page.text
    assert [number for _url, number in people_links(page)] == [3, 2, 1, 3]


def test_printed_figure_without_numbers_is_asked_for(browser, cast, register):
    page = browser.sign_in(cast.huang).get(f"/reports/compare?{ASKED}&with=printed")

    assert "Enter what was printed" in page.text


def test_where_somebody_moved_is_named(browser, cast, register):
    make_standing(register[2], StandingKind.TRANSFERRED, dt.date(2016, 10, 1))
    browser.sign_in(cast.huang)

    people = browser.get(
        f"/reports/compare/people.json?{ASKED}&as_of_2=2016-09-20&where=standing=graduated"
    ).json["people"]

    (person,) = people
    assert person["cause"] == "moved:standing"
    assert person["before_text"].startswith("Transferred")
    assert person["after_text"].startswith("Graduated")


@pytest.mark.parametrize(
    "wrong",
    [
        "as_of_2=yesterday",
        "scheme_2=1999",
        "base_2=all",
        "university_2=99999",
        "with=printed&printed_rate=high",
        "with=printed&printed_total=1&printed_placed=2",
    ],
)
def test_question_that_cannot_be_read_is_explained(browser, cast, register, wrong):
    page = browser.sign_in(cast.huang).get(f"/reports/compare?{wrong}")

    assert page.status_code == 422


def test_cause_that_does_not_exist_is_explained(browser, cast, register):
    page = browser.sign_in(cast.huang).get(f"/reports/compare/people?{ASKED}&cause=luck")

    assert page.status_code == 422


def test_class_without_register_is_an_empty_page_not_a_fault(browser, cast, register):
    browser.sign_in(cast.huang)

    assert browser.get("/reports/compare?year=2031").status_code == 200


def test_moment_that_is_not_closed_is_refused_with_a_way_on(browser, cast, register):
    page = browser.sign_in(cast.huang).get(f"/reports/compare?{ASKED}&known_at_2=2999-01-01")

    assert page.status_code == 409


def test_figures_lead_to_the_comparison(browser, cast, register):
    page = browser.sign_in(cast.huang).get(f"/reports/rates?{ASKED}")
    (url,) = re.findall(r'href="(/reports/compare\?[^"]+)"', page.text)

    assert browser.get(html.unescape(url)).status_code == 200
