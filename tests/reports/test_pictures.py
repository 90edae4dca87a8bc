"""The figures as pictures: the numbers of the report, drawn so that everybody can read them."""

import datetime as dt
import html
import io
import re
from decimal import Decimal
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from placement.reports.pictures.bars import RateRow, against_picture
from placement.reports.pictures.courses import course_picture
from placement.reports.pictures.scales import month_ends, rate_axis
from placement.reports.pictures.spreads import Unit, bins_of
from placement.students.models import Category, StandingKind
from tests.factories import make_member, make_outcome, make_standing, make_student

ASKED = "year=2016&as_of=2016-12-31"
URL = f"/reports/pictures?{ASKED}"


@pytest.fixture
def register(cast):
    """Four of one university: two placed, one unknown, one not counted; one of another."""
    make_outcome(cast.lin_mei)
    for code in ("80", None):
        student = make_student(cast.university, college="信息学院", origin_division="350921")
        make_member(student, Category.RURAL_ORIGIN)
        if code:
            make_outcome(student, code)
    deferred = make_student(cast.university)
    make_member(deferred, Category.RURAL_ORIGIN)
    make_standing(deferred, StandingKind.DEFERRED)
    assert cast.stranger


def drawings(page):
    """The drawings of a page by their names, without the signs in its words."""
    found = re.findall(r'<svg class="picture" role="img".*?</svg>', page, flags=re.S)
    return [ET.fromstring(svg) for svg in found]


def test_pictures_tell_their_numbers_to_a_screen_reader_too(browser, cast, register):
    page = browser.sign_in(cast.zheng).get(URL).text

    pictures = drawings(page)
    assert len(pictures) >= 6
    ids = [child.get("id") for svg in pictures for child in svg[:2]]
    assert len(set(ids)) == len(ids)
    for svg in pictures:
        assert svg.get("aria-labelledby") == " ".join(child.get("id") for child in svg[:2])
        assert [child.text for child in svg[:2] if not child.text] == []
    assert page.count("The numbers of this picture") == 5


def test_each_day_of_the_course_is_the_report_of_that_day(browser, cast, register):
    browser.sign_in(cast.huang)
    page = browser.get(f"{URL}&step=week").text
    table = page.split('id="course-table"')[1].split("</table>")[0]
    days = dict(re.findall(r'">(\d{4}-\d\d-\d\d)</th>\s*<td[^>]*>\s*([^<]+?)\s*</td>', table))

    assert len(days) == 52
    for day in list(days)[::17]:
        total = browser.get(f"/reports/rates.json?year=2016&as_of={day}").json["total"]
        rate = "–" if total["rate"] is None else f"{total['rate']} %"
        assert days[day] == f"{rate} ({total['placed']} / {total['denominator']})"


def test_universities_are_counted_and_never_named(browser, cast, register):
    page = browser.sign_in(cast.huang).get(URL).text
    spread = page.split('id="spread"')[1].split("</section>")[0]

    assert "2 in all" in spread
    assert cast.university.name not in spread
    assert cast.other_university.name not in spread


def test_key_counties_bear_their_sign(browser, cast, register):
    page = browser.sign_in(cast.zheng).get(URL).text
    counties = page.split('id="counties"')[1].split("</section>")[0]

    assert counties.count('class="star"') == 1
    assert "1 of them here, together 50.00 % (1 / 2)" in counties


@pytest.mark.parametrize(("who", "counted"), [("huang", "4"), ("zheng", "3"), ("xu", "1")])
def test_pictures_show_whom_their_viewer_may_see(browser, cast, register, who, counted):
    page = browser.sign_in(getattr(cast, who)).get(URL).text

    assert f"{counted} counted" in " ".join(page.split())


def test_class_without_register_has_no_pictures_and_no_fault(browser, cast, register):
    page = browser.sign_in(cast.zheng).get("/reports/pictures?year=2031")

    assert page.status_code == 200
    assert "no figure to show" in page.text


def test_names_are_words_of_a_drawing_and_never_its_marks():
    rows = [RateRow('</text><script>alert("1")</script>', Decimal("50.00"), "&")]

    picture = against_picture("a < b", "c & d", rows, Decimal("60.00"))

    for svg in (picture.inline("x"), picture.standalone(400)):
        root = ET.fromstring(svg)
        assert not [one for one in root.iter() if one.tag.endswith("script")]
        assert any("<script>" in (one.text or "") for one in root.iter())


def test_every_unit_lies_in_one_bin():
    rates = [Decimal(text) for text in ("0", "60.01", "99.99", "100", "95.25", "95.00")]
    units = [Unit(rate, number) for number, rate in enumerate(rates)]

    for chosen in (units, units[1:], units[2:]):
        bins = bins_of(chosen)
        assert sorted(u.counted for b in bins for u in b.units) == [u.counted for u in chosen]
        for found in bins:
            for unit in found.units:
                assert found.low <= unit.rate
                assert unit.rate < found.high or unit.rate == found.high == 100


def test_axis_cuts_off_nobody():
    assert rate_axis([]).low == 0
    assert rate_axis([Decimal("79.99"), Decimal(100)]).low == 0
    assert rate_axis([Decimal("80.00")]).low == 75
    assert rate_axis([Decimal("96.65"), None]).low == 95


def test_course_ends_on_the_day_asked():
    days = month_ends(dt.date(2016, 2, 29))

    assert [str(day) for day in days[:2] + days[-2:]] == [
        "2015-03-31",
        "2015-04-30",
        "2016-01-31",
        "2016-02-29",
    ]


@pytest.mark.parametrize("rate", ["25.00", "98.05"], ids=["low", "near-the-top"])
def test_last_rate_is_written_clear_of_the_ring_beside_it(rate):
    end = dt.date(2016, 12, 31)
    group = [(end - dt.timedelta(days=300), Decimal(0)), (end, Decimal(rate))]
    ring = [(end - dt.timedelta(days=3), Decimal(rate) + 1)]

    marks = course_picture("", "", group, graduates=ring).marks

    (written,) = [mark for mark in marks if mark.attributes.get("class") == "strong"]
    (drawn,) = [mark for mark in marks if mark.attributes.get("class") == "graduates"]
    down = float(written.attributes["y"])
    assert not down - 14 < float(drawn.attributes["cy"]) < down + 5


def test_brief_is_one_page_and_the_same_for_the_same_moment(browser, cast, register):
    browser.sign_in(cast.zheng)
    page = browser.get(URL).text
    address = html.unescape(re.search(r'href="(/reports/brief\.pdf[^"]+)"', page).group(1))

    first, second = browser.get(address).data, browser.get(address).data

    assert first.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", first)) == 1
    assert first == second


def test_annual_workbook_holds_the_figures_of_the_pages(browser, cast, register):
    browser.sign_in(cast.huang)

    data = browser.get(f"/reports/annual.xlsx?{ASKED}").data
    totals = [
        row
        for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets
        for row in sheet.iter_rows(values_only=True)
        if row[0] == "total"
    ]

    assert len(totals) == 11
    assert {tuple(value for value in row if isinstance(value, int))[:4] for row in totals} == {
        (5, 1, 4, 2)
    }
