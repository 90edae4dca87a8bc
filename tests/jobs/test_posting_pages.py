"""The pages of postings: changed, closed, opened again."""

import pytest

from placement import clock
from placement.db import db
from placement.jobs.models import Posting, PostingState
from placement.jobs.operations import run_recommendations
from placement.queue import RECOMMEND_POSTING, RUN_WORK
from placement.work.models import Work, WorkKind
from tests.factories import CLASS_YEAR, save
from tests.jobs.test_pages import FORM, bring
from tests.openings import make_posting


def test_no_token_no_posting(browser, cast):
    response = bring(browser.sign_in(cast.zheng), token="forged")

    assert response.status_code == 400
    assert db.session.query(Posting).count() == 0


@pytest.mark.parametrize(
    "path", ["/jobs", "/jobs/new", "/jobs/{id}", "/jobs/{id}/edit", "/jobs/lists"]
)
def test_students_stay_outside(browser, cast, path):
    posting = make_posting()

    response = browser.sign_in(cast.lin_mei_user).get(path.format(id=posting.id))

    assert response.status_code == 403


def test_posting_that_is_not_there_does_not_exist(browser, cast):
    assert browser.sign_in(cast.chen).get("/jobs/987654").status_code == 404


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


def test_lists_are_computed_when_asked_for_and_once(browser, cast, sent_jobs):
    assert cast.lin_mei
    browser.sign_in(cast.zheng)

    before = browser.get("/jobs/lists")
    first = browser.submit(f"/jobs/lists/{CLASS_YEAR}/compute")
    waiting = browser.get("/jobs/lists")
    again = browser.submit(f"/jobs/lists/{CLASS_YEAR}/compute")

    work = db.session.query(Work).one()
    assert (work.kind, work.input) == (WorkKind.RECOMMEND, {"class_year": CLASS_YEAR})
    assert (RUN_WORK, (work.id,)) in sent_jobs
    assert "not yet" in before.text
    assert "waits for a worker" in waiting.text
    assert (first.status_code, again.status_code) == (302, 409)


def test_counselors_do_not_compute(browser, cast):
    assert cast.lin_mei

    response = browser.sign_in(cast.chen).submit(f"/jobs/lists/{CLASS_YEAR}/compute")

    assert response.status_code == 403


def test_runs_say_when_and_what_came_of_it(browser, cast):
    assert cast.lin_mei
    make_posting()
    run_recommendations(CLASS_YEAR, as_of=clock.today())

    page = browser.sign_in(cast.huang).get("/jobs/lists")

    assert page.status_code == 200
    assert "Compute now" in page.text
