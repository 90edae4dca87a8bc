"""The student's list of jobs: reasons, answers to take back, wishes that count at once."""

import pytest

from placement import clock
from placement.db import db
from placement.jobs import laid_out, warming
from placement.jobs.models import (
    DeclineReason,
    PostingResponse,
    PostingState,
    Recommendation,
    Referral,
    ReferralState,
    ResponseKind,
    Wish,
)
from placement.jobs.operations import refresh_lists
from placement.jobs.queries import recommended_to
from placement.queue import REFRESH_RECOMMENDATIONS
from tests.factories import save
from tests.openings import make_employer, make_posting


@pytest.fixture
def phone(browser, cast):
    """Lin Mei's phone."""
    return browser.sign_in(cast.lin_mei_user)


def answers():
    return [(a.kind, a.reason, a.withdrawn_at is None) for a in db.session.query(PostingResponse)]


def test_list_says_pay_place_distance_and_three_reasons(phone, posting):
    page = phone.get("/my/jobs")

    assert page.status_code == 200
    for words in (
        "档案管理员",
        "4,000–5,000 yuan a month",
        "less than 10 km from home",
        "Fits your major (汉语言文学)",
        "Mentions skills that you named: 会议组织, 档案管理",
    ):
        assert words in page.text
    assert page.text.count("speaks for it") == 3


def test_category_stands_nowhere_on_the_list(phone, posting):
    page = phone.get("/my/jobs").text + phone.get(f"/my/jobs/{posting.id}").text

    assert "hardship" not in page


def test_applied_leaves_the_list_and_can_be_taken_back(phone, cast, posting):
    response = phone.submit(f"/my/jobs/{posting.id}/applied")
    after = phone.get("/my/jobs").text
    phone.submit(f"/my/jobs/{posting.id}/take-back")

    assert response.status_code == 302
    assert f'id="job-{posting.id}"' not in after
    assert f"/my/jobs/{posting.id}/take-back" in after
    assert answers() == [(ResponseKind.APPLIED, None, False)]
    assert f'id="job-{posting.id}"' in phone.get("/my/jobs").text


def test_declined_never_comes_back_by_itself(phone, cast, posting, travel):
    response = phone.submit(f"/my/jobs/{posting.id}/not-for-me", reason="too_far")
    posting.deadline = None
    save(posting)
    travel(days=120)
    today = clock.today()
    refresh_lists([cast.lin_mei.id], offers=laid_out.live_offers(today), day=today)
    db.session.commit()

    assert response.status_code == 302
    assert answers() == [(ResponseKind.DECLINED, DeclineReason.TOO_FAR, True)]
    assert recommended_to(cast.lin_mei.id) == []


def test_reason_is_asked_for_and_nothing_is_written_without(phone, posting):
    asked = phone.get(f"/my/jobs/{posting.id}/not-for-me")
    refused = phone.submit(f"/my/jobs/{posting.id}/not-for-me", reason="")
    forged = phone.submit(f"/my/jobs/{posting.id}/not-for-me", reason="because")

    assert (asked.status_code, refused.status_code, forged.status_code) == (200, 422, 422)
    assert answers() == []


def test_no_token_no_answer(phone, posting):
    response = phone.submit(f"/my/jobs/{posting.id}/applied", token="forged")

    assert response.status_code == 400
    assert answers() == []


def test_twice_is_once_and_another_answer_takes_the_place(phone, posting):
    phone.submit(f"/my/jobs/{posting.id}/applied")
    phone.submit(f"/my/jobs/{posting.id}/applied")
    phone.submit(f"/my/jobs/{posting.id}/not-for-me", reason="other")

    assert sorted(answers(), key=lambda answer: answer[2]) == [
        (ResponseKind.APPLIED, None, False),
        (ResponseKind.DECLINED, DeclineReason.OTHER, True),
    ]


def test_too_far_moves_that_city_down(phone, cast, posting):
    near = make_posting(city="350100")
    other = make_posting(city="350300")
    phone.submit(f"/my/jobs/{posting.id}/not-for-me", reason="too_far")

    parts = {r.posting_id: r.parts["city"] for r in db.session.query(Recommendation)}
    assert parts[near.id] == 0.5
    assert parts[other.id] > 0


def test_employer_not_wanted_stays_away(phone, cast, posting):
    make_posting(posting.employer, number="another")
    phone.submit(f"/my/jobs/{posting.id}/not-for-me", reason="employer")

    assert recommended_to(cast.lin_mei.id) == []


def test_pay_is_raised_only_after_asking(phone, cast, posting):
    phone.submit(f"/my/jobs/{posting.id}/not-for-me", reason="salary")
    asked = phone.get("/my/jobs").text
    before = db.session.query(Wish).one().salary
    phone.submit("/my/wishes/pay", answer="yes")

    assert "5,500 yuan a month and more" in asked
    assert before == 4000
    assert db.session.query(Wish).one().salary == 5500
    assert "5,500 yuan a month and more" not in phone.get("/my/jobs").text


def test_pay_stays_if_the_student_says_so_and_is_not_asked_about_again(phone, cast, posting):
    phone.submit(f"/my/jobs/{posting.id}/not-for-me", reason="salary")
    phone.submit("/my/wishes/pay", answer="no")

    assert db.session.query(Wish).one().salary == 4000
    assert "and more from now on" not in phone.get("/my/jobs").text


@pytest.mark.parametrize("change", [{"state": PostingState.CLOSED}, {"deadline": None}])
def test_posting_that_takes_nobody_does_not_exist(phone, posting, travel, change):
    for name, value in change.items():
        setattr(posting, name, value)
    save(posting)
    live = posting.state is PostingState.OPEN

    page = phone.get(f"/my/jobs/{posting.id}")
    listed = phone.get("/my/jobs").text

    assert page.status_code == (200 if live else 404)
    assert (f'id="job-{posting.id}"' in listed) is live


def test_posting_past_its_deadline_shows_nowhere(phone, cast, posting, travel):
    travel(days=31)
    phone.sign_in(cast.lin_mei_user)

    assert f'id="job-{posting.id}"' not in phone.get("/my/jobs").text
    assert phone.get(f"/my/jobs/{posting.id}").status_code == 404


def test_posting_of_an_unknown_employer_shows_nowhere(phone, cast):
    posting = make_posting(make_employer(verified_at=None))

    assert phone.get(f"/my/jobs/{posting.id}").status_code == 404


def test_applying_to_a_closed_posting_is_refused_with_words(phone, cast, posting):
    save(Referral(student_id=cast.lin_mei.id, posting_id=posting.id, counselor_id=cast.chen.id))
    posting.state = PostingState.CLOSED
    save(posting)

    response = phone.submit(f"/my/jobs/{posting.id}/applied")

    assert response.status_code == 422
    assert answers() == []


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
