"""How pages write numbers, rates, days and moments, in Chinese and in English."""

import datetime as dt
from decimal import Decimal

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel, lazy_gettext

from placement.web.catalogues import RoomsDomain
from placement.web.filters import (
    day,
    due_tone,
    due_words,
    filesize,
    flat_errors,
    here,
    moment,
    near_words,
    number,
    percent,
    points,
    register_filters,
)

TUESDAY = dt.date(2026, 11, 24)


def _page(locale):
    app = Flask(__name__)
    Babel(app, default_locale=locale).domain_instance = RoomsDomain()
    register_filters(app)
    app.add_url_rule("/classes/<int:year>", "show_class", str)
    return app


@pytest.fixture
def chinese():
    with _page("zh_Hans_CN").test_request_context("/"):
        yield


@pytest.fixture
def english():
    with _page("en").test_request_context("/"):
        yield


@pytest.mark.parametrize(
    ("value", "written"),
    [
        pytest.param(34_267, "34,267", id="thousands"),
        pytest.param(0, "0", id="nobody"),
        pytest.param(None, "–", id="unknown"),
    ],
)
def test_number_of_people(value, written):
    assert number(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        pytest.param(Decimal("96.65"), "96.65 %", id="as-the-report-gives-it"),
        pytest.param("98.05", "98.05 %", id="text-of-a-report"),
        pytest.param(Decimal("100"), "100.00 %", id="two-decimals-always"),
        pytest.param(Decimal("96.645"), "96.65 %", id="half-up"),
        pytest.param(None, "–", id="nobody-counted"),
    ],
)
def test_rate_in_percent(value, written):
    assert percent(value) == written


def test_rate_from_a_float_is_refused():
    with pytest.raises(TypeError, match="counts"):
        percent(96.65)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        pytest.param(Decimal("1.40"), "+1.40", id="above"),
        pytest.param(Decimal("-1.82"), "\N{MINUS SIGN}1.82", id="below"),
        pytest.param(Decimal("0"), "+0.00", id="the-same"),
        pytest.param(None, "–", id="unknown"),
    ],
)
def test_difference_of_rates_carries_its_sign(value, written):
    assert points(value) == written


def test_day_with_its_weekday_in_chinese(chinese):
    assert day(TUESDAY) == "2026-11-24 (周二)"


def test_day_with_its_weekday_in_english(english):
    assert day(TUESDAY) == "2026-11-24 (Tue)"


def test_day_on_a_page_is_one_piece_and_its_words_may_break(app, chinese):
    page = app.jinja_env.from_string(
        "{% autoescape true %}{{ on|day(near=true, today=on) }} {{ none|day }}{% endautoescape %}"
    )
    mail = app.jinja_env.from_string("{% autoescape false %}{{ on|day }}{% endautoescape %}")

    shown = page.render(on=TUESDAY, none=None)

    assert shown == '<span class="day">2026-11-24 (周二)</span> · 今天 –'
    assert mail.render(on=TUESDAY) == "2026-11-24 (周二)"


def test_unknown_day_is_a_dash(chinese):
    assert day(None) == "–"


def test_moment_counts_as_its_day_in_shanghai(chinese):
    before_midnight_in_utc = dt.datetime(2026, 11, 23, 17, 0, tzinfo=dt.UTC)

    assert day(before_midnight_in_utc) == "2026-11-24 (周二)"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        pytest.param(0, "今天", id="today"),
        pytest.param(1, "明天", id="tomorrow"),
        pytest.param(-1, "昨天", id="yesterday"),
        pytest.param(3, "3 天后", id="in-three-days"),
        pytest.param(-6, "6 天前", id="six-days-ago"),
        pytest.param(15, "", id="too-far-to-say"),
    ],
)
def test_near_day_in_words(chinese, days, words):
    assert near_words(TUESDAY + dt.timedelta(days), today=TUESDAY) == words


@pytest.mark.parametrize(
    ("days", "words", "tone"),
    [
        pytest.param(-3, "逾期 3 天", "late", id="past"),
        pytest.param(-90, "逾期 90 天", "late", id="long-past"),
        pytest.param(0, "今天到期", "due", id="today"),
        pytest.param(1, "明天", "due", id="tomorrow"),
        pytest.param(2, "2 天后", "", id="soon"),
        pytest.param(60, "", "", id="far"),
    ],
)
def test_term_in_words_and_tone(chinese, days, words, tone):
    term = TUESDAY + dt.timedelta(days)

    assert due_words(term, today=TUESDAY) == words
    assert due_tone(term, today=TUESDAY) == tone


def test_no_term_has_neither_words_nor_tone(chinese):
    assert near_words(None) == ""
    assert due_words(None) == ""
    assert due_tone(None) == ""


def test_day_may_carry_how_near_it_is(chinese):
    assert day(dt.date(2026, 11, 25), near=True, today=TUESDAY) == "2026-11-25 (周三) · 明天"
    assert day(dt.date(2026, 11, 21), due=True, today=TUESDAY) == "2026-11-21 (周六) · 逾期 3 天"
    assert day(dt.date(2027, 3, 1), near=True, today=TUESDAY) == "2027-03-01 (周一)"


def test_english_counts_one_day_and_many(english):
    assert due_words(dt.date(2026, 11, 23), today=TUESDAY) == "1 day overdue"
    assert due_words(dt.date(2026, 11, 21), today=TUESDAY) == "3 days overdue"


def test_moment_is_written_in_shanghai():
    noon_in_utc = dt.datetime(2026, 11, 24, 12, 0, 5, tzinfo=dt.UTC)

    assert moment(noon_in_utc) == "2026-11-24 20:00"
    assert moment(noon_in_utc, seconds=True) == "2026-11-24 20:00:05"
    assert moment(None) == "–"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"),
        (640, "640 B"),
        (12_300, "12.3 kB"),
        (4_500_000, "4.5 MB"),
        (7_200_000_000, "7.2 GB"),
    ],
)
def test_size_of_a_file(value, written):
    assert filesize(value) == written


def test_changing_one_word_of_the_address_keeps_the_others():
    with _page("en").test_request_context("/classes/2016?part=seeking&college=1&college=2&page=3"):
        assert here(sort="-name", page=None) == (
            "/classes/2016?part=seeking&college=1&college=2&sort=-name"
        )


def test_taking_the_last_word_out_leaves_the_bare_address():
    with _page("en").test_request_context("/classes/2016?page=3"):
        assert here(page=None) == "/classes/2016"


def test_an_address_that_is_no_page_stays_itself():
    with _page("en").test_request_context("/nowhere"):
        assert here(page=2) == "/nowhere"


def test_errors_of_nested_fields_come_flat():
    nested = {"phone": ["Too short."], "places": [{"name": ["Missing."]}, [], ["Twice."]]}

    assert flat_errors(nested) == ["Too short.", "Missing.", "Twice."]
    assert flat_errors("One.") == ["One."]
    assert flat_errors(()) == []


def test_a_message_that_is_translated_later_stays_in_one_piece(chinese):
    assert flat_errors([lazy_gettext("Choose a file.")]) == ["请选择文件。"]


def test_templates_know_the_filters(chinese):
    written = render_template_string("{{ 34267|number }} {{ '林梅'|mask_name }}")

    assert written == "34,267 林*"
