"""What may be chosen on the page of figures, and where a choice leads."""

import datetime as dt
import html
import re

import pytest

from placement.history import recorded
from placement.reports.models import Baseline
from placement.students.models import Category
from tests.factories import make_member, make_outcome, make_student, save

ASKED = "year=2016&as_of=2016-12-31"
URL = f"/reports/rates?{ASKED}"


@pytest.fixture
def register(cast):
    """Two of one university: one placed, one whose outcome is unknown."""
    make_outcome(cast.lin_mei)
    student = make_student(cast.university, level="41", college="信息学院")
    make_member(student, Category.RURAL_ORIGIN)
    make_member(student, Category.DISABILITY)


def test_three_chosen_dimensions_are_crossed(browser, cast, register):
    page = browser.sign_in(cast.huang).get(f"{URL}&by=category&by=level&by=sex").text

    assert "Disability · Junior college · Female" in page
    assert page.count('name="by"') == 3


def test_empty_and_repeated_choices_of_a_dimension_say_nothing(browser, cast, register):
    browser.sign_in(cast.huang)

    one = browser.get(f"/reports/rates.json?{ASKED}&by=level&by=&by=level").json

    assert set(one["by"]) == {"level", "category", "combination"}


def test_counting_days_lead_to_the_same_question_on_their_day(browser, cast, register):
    page = browser.sign_in(cast.huang).get(f"{URL}&by=sex").text

    ways = re.findall(r'href="([^"]+)"[^>]*>(?:First count|Year-end count) ([\d-]+)</a>', page)
    assert [day for _way, day in ways] == ["2016-08-31", "2016-12-31"]
    first = browser.get(html.unescape(ways[0][0])).text
    assert 'value="2016-08-31"' in first
    assert '<option value="sex" selected>' in first


def test_table_shows_where_people_went(browser, cast, register):
    page = browser.sign_in(cast.huang).get(f"{URL}&by=level&show=parts").text

    table = page.split('id="table"')[1].split("</table>")[0]
    assert 'data-label="Employed by a unit"' in table
    assert 'data-label="Rate"' not in table


def test_row_leads_to_the_figures_of_its_people_alone(browser, cast, register):
    page = browser.sign_in(cast.huang).get(f"{URL}&by=level").text
    way = re.search(r'href="([^"]+)">Junior college</a>', page).group(1)

    narrowed = browser.get(html.unescape(way))

    assert "level%3D41" in way
    sentence = narrowed.text.split('class="sentence"')[1].split("</p>")[0]
    assert ">1<" in sentence


def test_codes_stand_under_their_part_with_the_unknown(browser, cast, register):
    page = browser.sign_in(cast.huang).get(URL).text

    went = page.split("Where they went")[-1]
    assert "10 Employment by tripartite agreement" in went
    assert "code%3Dunknown" in went


def test_graduates_of_another_day_are_not_compared_with(browser, cast, register):
    row = {"class_year": 2016, "level": "31", "graduates": 200, "placed": 150}
    day = dt.date(2016, 8, 31)
    save(Baseline(university_id=cast.university.id, as_of=day, **row, **recorded()))
    browser.sign_in(cast.zheng)

    other, same = browser.get(URL).text, browser.get(URL.replace("12-31", "08-31")).text

    assert "75.00 %" not in other
    said = re.sub(r"<[^>]+>", "", other)
    assert "last counted for 2016-08-31 (Wed), another day" in said
    assert "75.00 %" in same
