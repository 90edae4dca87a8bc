"""Postings brought by hand: who may, what is refused, who answers for the employer."""

import pytest

from placement import clock
from placement.db import db
from placement.jobs.models import Employer, Posting, PostingState
from placement.queue import RECOMMEND_POSTING
from tests.factories import save
from tests.openings import make_employer, make_posting

FORM = {
    "title": "护士",
    "occupation": "2-05-08",
    "employer_name": "泉州示例医院",
    "city": "泉州",
    "salary_min": "3800",
    "salary_max": "5200",
    "openings": "10",
    "level": "41",
    "majors": "护理；香薰疗法",
    "industry": "",
    "deadline": "2099-12-31",
    "description": "临床护理，须有护士资格证",
    "version": "1",
}


def bring(browser, **changes):
    return browser.submit("/jobs/new", **FORM | changes)


def test_university_brings_a_posting_and_its_employer_is_known(browser, cast, sent_jobs):
    response = bring(browser.sign_in(cast.zheng))

    posting = db.session.query(Posting).one()
    assert response.headers["Location"] == f"/jobs/{posting.id}"
    assert (posting.city, posting.occupation_code) == ("350500", "2-05-08")
    assert posting.majors == ["620201", "香薰疗法"]
    assert posting.university_id == cast.university.id
    assert posting.employer.verified_at is not None
    assert (RECOMMEND_POSTING, (posting.id,)) in sent_jobs


def test_counselors_new_employer_waits_for_the_university(browser, cast, sent_jobs):
    bring(browser.sign_in(cast.chen))
    posting = db.session.query(Posting).one()
    path = f"/jobs/{posting.id}/verify-employer"

    refused = browser.submit(path)
    waiting = db.session.query(Employer).one().verified_at
    sent_jobs.clear()
    browser.sign_in(cast.zheng).submit(path)

    assert (refused.status_code, waiting) == (403, None)
    assert db.session.query(Employer).one().verified_at is not None
    assert (RECOMMEND_POSTING, (posting.id,)) in sent_jobs


def test_known_employer_is_not_added_again(browser, cast):
    make_employer(name="泉州示例医院")

    bring(browser.sign_in(cast.chen))

    assert db.session.query(Employer).count() == 1


def test_form_sent_twice_brings_one_posting(browser, cast):
    once = {"submission_id": "6f1c2f0e-3b55-4c9c-9a52-3a2c1e1d1c11"}
    browser.sign_in(cast.zheng)

    bring(browser, **once)
    bring(browser, **once)

    assert db.session.query(Posting).count() == 1


def test_title_leads_to_occupations_that_a_person_chooses_from(browser, cast):
    without = {name: value for name, value in FORM.items() if name != "occupation"}
    browser.sign_in(cast.zheng)

    asked = browser.submit("/jobs/new", **without)
    none_of_them = bring(browser, occupation="")

    assert asked.status_code == 422
    assert "内科护士" in asked.text
    assert none_of_them.status_code == 302
    assert db.session.query(Posting).one().occupation_code is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"employer_name": ""},
        {"employer_code": "91350000YX00000100"},
        {"city": "亚特兰蒂斯"},
        {"salary_min": "6000"},
        {"salary_min": "a lot"},
        {"openings": "0"},
        {"level": "99"},
        {"deadline": "2001-01-01"},
        {"occupation": "9-99-99-99"},
        {"reserved_for": "the-rich"},
        {"majors": "香薰疗法", "majors_strict": "y"},
    ],
    ids="+".join,
)
def test_wrong_entries_are_refused_and_nothing_is_written(browser, cast, wrong):
    response = bring(browser.sign_in(cast.zheng), **wrong)

    assert response.status_code == 422
    assert db.session.query(Posting).count() == 0
    assert db.session.query(Employer).count() == 0


def test_no_token_no_posting(browser, cast):
    response = bring(browser.sign_in(cast.zheng), token="forged")

    assert response.status_code == 400
    assert db.session.query(Posting).count() == 0


class TestOwnPosting:
    """What the university that brought a posting may do with it."""

    @pytest.fixture
    def posting(self, cast):
        """A posting of the university."""
        return make_posting(university_id=cast.university.id, accommodations=["独立工位"])

    def test_it_is_changed_and_the_lists_hear_of_it(self, browser, cast, posting, sent_jobs):
        browser.sign_in(cast.chen)

        shown = browser.get(f"/jobs/{posting.id}/edit")
        response = browser.submit(f"/jobs/{posting.id}/edit", **FORM)

        assert "独立工位" in shown.text
        assert response.status_code == 302
        assert db.session.query(Posting).one().title == "护士"
        assert (RECOMMEND_POSTING, (posting.id,)) in sent_jobs

    def test_two_writers_both_see_what_differs(self, browser, cast, posting):
        posting.version = 2
        save(posting)

        response = browser.sign_in(cast.zheng).submit(f"/jobs/{posting.id}/edit", **FORM)

        assert response.status_code == 409
        assert "Stored now" in response.text
        assert db.session.query(Posting).one().title == "行政文员"

    def test_it_is_closed_and_opened_again(self, browser, cast, posting, sent_jobs):
        browser.sign_in(cast.zheng)

        browser.submit(f"/jobs/{posting.id}/close")
        closed = db.session.query(Posting).one().state
        page = browser.get(f"/jobs/{posting.id}").text
        browser.submit(f"/jobs/{posting.id}/reopen")

        assert closed is PostingState.CLOSED
        assert "This posting is closed." in page
        assert db.session.query(Posting).one().state is PostingState.OPEN
        assert len([job for job, _ in sent_jobs if job is RECOMMEND_POSTING]) == 2

    def test_past_its_deadline_it_is_not_opened(self, browser, cast, posting):
        posting.state, posting.deadline = PostingState.CLOSED, clock.today().replace(year=2000)
        save(posting)

        response = browser.sign_in(cast.zheng).submit(f"/jobs/{posting.id}/reopen")

        assert response.status_code == 422
        assert db.session.query(Posting).one().state is PostingState.CLOSED

    @pytest.mark.parametrize("act", ["edit", "close", "reopen"])
    def test_others_see_it_and_do_not_touch_it(self, browser, cast, posting, act):
        browser.sign_in(cast.gao)

        seen = browser.get(f"/jobs/{posting.id}")
        response = browser.submit(f"/jobs/{posting.id}/{act}", **FORM)

        assert (seen.status_code, response.status_code) == (200, 403)
        assert f"/jobs/{posting.id}/edit" not in seen.text
        assert db.session.query(Posting).one().title == "行政文员"
