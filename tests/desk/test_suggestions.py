"""The counselor's view of a student's jobs: the list, any other posting, one act to refer."""

import datetime as dt

import pytest

from placement import clock
from placement.accounts.queries import viewer_of
from placement.audit.models import AuditEvent
from placement.cases.models import CloseReason
from placement.db import db
from placement.jobs.models import (
    DeclineReason,
    PostingResponse,
    PostingState,
    Referral,
    ReferralState,
    ResponseKind,
    Wish,
)
from placement.jobs.queries import declines_in_a_row
from tests.factories import save
from tests.openings import make_posting


@pytest.fixture
def desk(browser, cast, posting):
    """Ms Chen's screen."""
    return browser.sign_in(cast.chen)


def jobs_of(case, rest=""):
    return f"/cases/{case.id}/jobs{rest}"


def test_counselor_sees_list_reasons_and_what_was_weighed(desk, cast, posting):
    page = desk.get(jobs_of(cast.case))

    assert page.status_code == 200
    for words in ("档案管理员", "Fits your major (汉语言文学)", "Parts of the score", "Pay from"):
        assert words in page.text
    assert f"/cases/{cast.case.id}/jobs/{posting.id}/refer" in page.text


def test_reading_the_list_leaves_its_trace(desk, cast):
    desk.get(jobs_of(cast.case))

    event = db.session.query(AuditEvent).filter_by(action="student.read").one()
    assert event.student_ids == [cast.lin_mei.id]
    assert event.details == {"page": "jobs"}


def test_referring_takes_one_form_and_the_student_reads_the_note(desk, cast, posting):
    asked = desk.get(jobs_of(cast.case, f"/{posting.id}/refer"))
    response = desk.submit(jobs_of(cast.case, f"/{posting.id}/refer"), note="Call before Friday")
    again = desk.submit(jobs_of(cast.case, f"/{posting.id}/refer"), note="Call before Monday")

    referral = db.session.query(Referral).one()
    assert [r.status_code for r in (asked, response, again)] == [200, 302, 302]
    assert (referral.note, referral.state) == ("Call before Friday", ReferralState.OPEN)
    assert referral.counselor_id == cast.chen.id
    assert "Call before Friday" in desk.sign_in(cast.lin_mei_user).get("/my/jobs").text


def test_any_open_posting_can_be_found_and_referred_to(desk, cast):
    far = make_posting(title="外贸业务员", city="440100", level="11")

    page = desk.get(jobs_of(cast.case, "?q=外贸"))
    response = desk.submit(jobs_of(cast.case, f"/{far.id}/refer"))

    assert "asks for a higher level of education" in page.text
    assert "is outside the places wished for" in page.text
    assert response.status_code == 302
    assert db.session.query(Referral).one().posting_id == far.id


def closed(case, posting):
    case.closed_on, case.close_reason = clock.today(), CloseReason.PLACED
    return case


def posting_closed(case, posting):
    posting.state = PostingState.CLOSED
    return posting


def answered(case, posting):
    return PostingResponse(
        student_id=case.student_id, posting_id=posting.id, kind=ResponseKind.APPLIED
    )


def past(case, posting):
    posting.deadline = clock.today() - dt.timedelta(days=1)
    return posting


@pytest.mark.parametrize("obstacle", [closed, posting_closed, answered, past])
def test_what_cannot_be_referred_is_refused_with_words(desk, cast, posting, obstacle):
    save(obstacle(cast.case, posting))

    response = desk.submit(jobs_of(cast.case, f"/{posting.id}/refer"))

    assert response.status_code == 422
    assert db.session.query(Referral).count() == 0


def test_note_too_long_is_refused(desk, cast, posting):
    response = desk.submit(jobs_of(cast.case, f"/{posting.id}/refer"), note="x" * 501)

    assert response.status_code == 422
    assert db.session.query(Referral).count() == 0


def test_no_token_no_referral(desk, cast, posting):
    response = desk.submit(jobs_of(cast.case, f"/{posting.id}/refer"), token="forged")

    assert response.status_code == 400
    assert db.session.query(Referral).count() == 0


@pytest.mark.parametrize("rest", ["", "/{posting}/refer"])
def test_case_of_another_counselor_does_not_exist(browser, cast, posting, rest):
    browser.sign_in(cast.wu)

    assert browser.get(jobs_of(cast.case, rest.format(posting=posting.id))).status_code == 404


def test_students_and_province_do_not_refer(browser, cast, posting):
    path = jobs_of(cast.case, f"/{posting.id}/refer")

    assert browser.sign_in(cast.lin_mei_user).get(path).status_code == 403
    assert browser.sign_in(cast.huang).submit(path).status_code == 403
    assert browser.sign_in(cast.lin_mei_user).get(jobs_of(cast.case)).status_code == 403


def test_province_sees_no_name(browser, cast, posting):
    page = browser.sign_in(cast.huang).get(jobs_of(cast.case))

    assert page.status_code == 200
    assert "林梅" not in page.text


def test_short_list_says_which_rule_stands_in_the_way(desk, cast):
    for number in range(3):
        make_posting(number=f"M{number}", level="11")

    page = desk.get(jobs_of(cast.case)).text

    assert "Few jobs pass the hard rules: 1 of 4" in page
    assert "3 more if one thing changes:" in page


def test_referral_ends_with_what_became_of_it(desk, cast, posting):
    desk.submit(jobs_of(cast.case, f"/{posting.id}/refer"))
    referral = db.session.query(Referral).one()
    path = f"/jobs/referrals/{referral.id}"

    shown = desk.get(path)
    response = desk.submit(path, state="refused", version="1")
    stale = desk.submit(path, state="hired", version="1")
    student_word = desk.submit(path, state="applied", version="2")

    assert [r.status_code for r in (shown, response, stale, student_word)] == [200, 302, 422, 422]
    assert db.session.query(Referral).one().state is ReferralState.REFUSED


def test_hired_leads_to_the_outcome(desk, cast, posting):
    desk.submit(jobs_of(cast.case, f"/{posting.id}/refer"))
    referral = db.session.query(Referral).one()

    response = desk.submit(f"/jobs/referrals/{referral.id}", state="hired", version="1")

    assert response.headers["Location"] == f"/outcomes/new/{cast.lin_mei.id}"


def test_withdrawn_referral_may_be_made_again(desk, cast, posting):
    desk.submit(jobs_of(cast.case, f"/{posting.id}/refer"), note="first")
    referral = db.session.query(Referral).one()
    desk.submit(f"/jobs/referrals/{referral.id}", state="withdrawn", version="1")
    listed = desk.get(jobs_of(cast.case)).text

    desk.submit(jobs_of(cast.case, f"/{posting.id}/refer"), note="second")

    assert f"/jobs/{posting.id}/refer" in listed
    again = db.session.query(Referral).one()
    assert (again.state, again.note) == (ReferralState.OPEN, "second")


def test_referral_of_another_counselors_student_does_not_exist(browser, cast, posting):
    save(Referral(student_id=cast.lin_mei.id, posting_id=posting.id, counselor_id=cast.chen.id))
    referral = db.session.query(Referral).one()

    assert browser.sign_in(cast.wu).get(f"/jobs/referrals/{referral.id}").status_code == 404


def test_counselor_writes_the_wishes_with_the_student(desk, cast):
    path = f"/cases/{cast.case.id}/wishes"
    fields = {"distance_km": "", "industry_first": "", "industry_second": ""}
    fields |= {"place_first": "350500", "place_second": "", "place_third": "", "version": "1"}

    shown = desk.get(path)
    response = desk.submit(path, **fields)
    foreign = desk.sign_in(cast.wu).submit(path, **fields)

    assert [r.status_code for r in (shown, response, foreign)] == [200, 302, 404]
    assert db.session.query(Wish).one().places == ["350500"]


def decline(cast, count, **values):
    for number in range(count):
        posting = make_posting(number=f"D{number}-{values}")
        save(
            PostingResponse(
                student_id=cast.lin_mei.id,
                posting_id=posting.id,
                kind=ResponseKind.DECLINED,
                reason=DeclineReason.OTHER,
                **values,
            )
        )


def test_three_declines_in_a_row_ask_for_a_talk(cast):
    decline(cast, 2)
    two = declines_in_a_row(viewer_of(cast.chen))
    decline(cast, 1, answered_at=clock.now() + dt.timedelta(seconds=1))

    assert two == {}
    assert declines_in_a_row(viewer_of(cast.chen)) == {cast.lin_mei.id: 3}
    assert declines_in_a_row(viewer_of(cast.wu)) == {}


def test_an_application_begins_the_count_anew(cast):
    decline(cast, 3, answered_at=clock.now() - dt.timedelta(days=2))
    applied = make_posting()
    save(
        PostingResponse(
            student_id=cast.lin_mei.id, posting_id=applied.id, kind=ResponseKind.APPLIED
        )
    )

    assert declines_in_a_row(viewer_of(cast.chen)) == {}


def test_a_talk_begins_the_count_anew(browser, cast):
    decline(cast, 3, answered_at=clock.now() - dt.timedelta(days=2))
    browser.sign_in(cast.chen).submit(
        f"/cases/{cast.case.id}/follow-ups/new",
        version=cast.case.version,
        method="call",
        result="reached",
        summary="",
        next_step="Look at openings nearer home.",
        contacted_on=clock.today().isoformat(),
    )

    assert declines_in_a_row(viewer_of(cast.chen)) == {}
