"""What a student wishes of a job, said on the phone; the list follows at once."""

import pytest

from placement.db import db
from placement.jobs.models import Wish
from placement.jobs.queries import recommended_to
from tests.openings import make_posting, make_wish

FIELDS = {
    "version": "0",
    "place_first": "350200",
    "place_second": "",
    "place_third": "",
    "distance_km": "",
    "industry_first": "",
    "industry_second": "",
    "salary": "4500",
}


@pytest.fixture
def phone(browser, cast):
    """Lin Mei's phone."""
    return browser.sign_in(cast.lin_mei_user)


def test_wishes_are_kept_and_the_list_follows(phone, cast):
    xiamen = make_posting(city="350200")
    make_posting(city="350900", majors_strict=True, majors=["0809"])

    response = phone.submit("/my/wishes", **FIELDS, skills="会议组织", anywhere="y")

    wish = db.session.query(Wish).one()
    assert response.status_code == 302
    assert (wish.places, wish.salary, wish.anywhere) == (["350200"], 4500, True)
    assert [r.posting_id for r in recommended_to(cast.lin_mei.id)] == [xiamen.id]


def test_words_for_work_are_confirmed_before_they_count(phone, cast):
    asked = phone.submit("/my/wishes", **FIELDS, wanted_work="幼儿园老师")
    written = db.session.query(Wish).count()
    phone.submit("/my/wishes", **FIELDS, wanted_work="幼儿园老师", occupations=["2-08-03"])

    assert asked.status_code == 422
    assert "幼儿园教师" in asked.text
    assert written == 0
    assert db.session.query(Wish).one().occupations == ["2-08-03"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"salary": "much"},
        {"place_first": "999999"},
        {"occupations": ["9-99-99-99"]},
        {"wanted_work": "xyzzy"},
        {"needs": ["a butler"]},
    ],
)
def test_wrong_entries_are_refused_and_nothing_is_written(phone, cast, wrong):
    response = phone.submit("/my/wishes", **FIELDS | wrong)

    assert response.status_code == 422
    assert db.session.query(Wish).count() == 0


def test_two_writers_both_see_what_differs(phone, cast):
    make_wish(cast.lin_mei, version=4)

    response = phone.submit("/my/wishes", **FIELDS | {"version": "3"})

    assert response.status_code == 409
    assert "Stored now" in response.text
    assert 'name="version" type="hidden" value="4"' in response.text
    assert db.session.query(Wish).one().salary == 4000


def test_what_is_stored_is_shown_again(phone, cast):
    make_wish(
        cast.lin_mei,
        places=["330100"],
        industries=["C13"],
        needs=["自备轮椅坡道"],
        distance_km=80,
    )

    page = phone.get("/my/wishes").text

    for words in ("Hangzhou", "80 km", "自备轮椅坡道", "会议组织，档案管理"):
        assert words in page
