"""What a student answers to a job, and what follows from it."""

import pytest

from placement.db import db
from placement.jobs import laid_out, warming
from placement.jobs.models import (
    PostingResponse,
    Referral,
    ReferralState,
    ResponseKind,
    Wish,
)
from placement.jobs.queries import recommended_to
from placement.queue import REFRESH_RECOMMENDATIONS
from tests.factories import save
from tests.openings import make_posting, make_wish


def test_referral_stands_on_top_and_is_answered_with_the_posting(phone, cast, posting):
    save(
        Referral(
            student_id=cast.lin_mei.id,
            posting_id=posting.id,
            counselor_id=cast.chen.id,
            note="Ask for Ms Lin at the desk",
        )
    )

    page = phone.get("/my/jobs").text
    phone.submit(f"/my/jobs/{posting.id}/applied")
    applied = db.session.query(Referral).one().state
    phone.submit(f"/my/jobs/{posting.id}/take-back")

    assert "Ask for Ms Lin at the desk" in page
    assert "陈老师 puts this forward for you" in page
    assert applied is ReferralState.APPLIED
    assert db.session.query(Referral).one().state is ReferralState.OPEN


def test_nothing_to_take_back_does_not_exist(phone, posting):
    assert phone.submit(f"/my/jobs/{posting.id}/take-back").status_code == 404


def test_answer_of_another_student_is_not_mine(browser, cast, posting):
    save(
        PostingResponse(
            student_id=cast.lin_mei.id, posting_id=posting.id, kind=ResponseKind.APPLIED
        )
    )

    response = browser.sign_in(cast.stranger_user).submit(f"/my/jobs/{posting.id}/take-back")

    assert response.status_code == 404
    assert db.session.query(PostingResponse).one().withdrawn_at is None


@pytest.mark.parametrize(
    "path", ["/my/jobs", "/my/wishes", "/my/jobs/{id}", "/my/jobs/{id}/not-for-me"]
)
def test_staff_have_no_list_of_their_own(browser, cast, posting, path):
    response = browser.sign_in(cast.chen).get(path.format(id=posting.id))

    assert response.status_code == 403


def test_many_postings_are_computed_by_a_worker(phone, cast, posting, monkeypatch, sent_jobs):
    warmed = []
    monkeypatch.setattr(laid_out, "FEW_POSTINGS", 0)
    monkeypatch.setattr(warming, "warm_up", lambda: warmed.append(1))
    laid_out.forget()

    phone.submit(f"/my/jobs/{posting.id}/applied")

    assert (REFRESH_RECOMMENDATIONS, (cast.lin_mei.id,)) in sent_jobs
    assert warmed == [1]
    assert f'id="job-{posting.id}"' not in phone.get("/my/jobs").text


def test_empty_list_leads_to_the_wishes(phone, cast):
    page = phone.get("/my/jobs")

    assert page.status_code == 200
    assert "No job fits at the moment." in page.text
    assert "/my/wishes" in page.text


class TestWishes:
    """What a student wishes."""

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

    def test_wishes_are_kept_and_the_list_follows(self, phone, cast):
        xiamen = make_posting(city="350200")
        make_posting(city="350900", majors_strict=True, majors=["0809"])

        response = phone.submit("/my/wishes", **self.FIELDS, skills="会议组织", anywhere="y")

        wish = db.session.query(Wish).one()
        assert response.status_code == 302
        assert (wish.places, wish.salary, wish.anywhere) == (["350200"], 4500, True)
        assert [r.posting_id for r in recommended_to(cast.lin_mei.id)] == [xiamen.id]

    def test_words_for_work_are_confirmed_before_they_count(self, phone, cast):
        asked = phone.submit("/my/wishes", **self.FIELDS, wanted_work="幼儿园老师")
        written = db.session.query(Wish).count()
        phone.submit("/my/wishes", **self.FIELDS, wanted_work="幼儿园老师", occupations=["2-08-03"])

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
    def test_wrong_entries_are_refused_and_nothing_is_written(self, phone, cast, wrong):
        response = phone.submit("/my/wishes", **self.FIELDS | wrong)

        assert response.status_code == 422
        assert db.session.query(Wish).count() == 0

    def test_two_writers_both_see_what_differs(self, phone, cast):
        make_wish(cast.lin_mei, version=4)

        response = phone.submit("/my/wishes", **self.FIELDS | {"version": "3"})

        assert response.status_code == 409
        assert "Stored now" in response.text
        assert 'name="version" type="hidden" value="4"' in response.text
        assert db.session.query(Wish).one().salary == 4000

    def test_what_is_stored_is_shown_again(self, phone, cast):
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
