"""The pages of postings: found, brought, kept true, verified."""

import pytest

from placement import clock
from placement.db import db
from placement.jobs.models import PostingState, Referral
from placement.jobs.operations import run_recommendations
from placement.queue import RUN_WORK
from placement.work.models import Work, WorkKind
from tests.factories import CLASS_YEAR, save
from tests.openings import make_employer, make_posting, make_wish


def test_posting_is_found_by_words_place_and_level(browser, cast):
    make_posting(title="档案管理员")
    make_posting(title="外贸业务员", city="350200", level="31")
    browser.sign_in(cast.chen)

    pages = {
        query: browser.get(f"/jobs?{query}").text
        for query in ("", "q=管理员", "place=350200", "level=31", "q=nothing-of-the-kind")
    }

    found = {query: ("档案管理员" in text, "外贸业务员" in text) for query, text in pages.items()}
    assert found == {
        "": (True, True),
        "q=管理员": (True, False),
        "place=350200": (False, True),
        "level=31": (False, True),
        "q=nothing-of-the-kind": (False, False),
    }
    assert "No posting fits these words." in pages["q=nothing-of-the-kind"]


@pytest.mark.parametrize("sort", ["title", "-pay", "openings", "-deadline", "employer", "nonsense"])
def test_list_is_sorted_by_what_the_address_says(browser, cast, sort):
    make_posting()

    assert browser.sign_in(cast.zheng).get(f"/jobs?sort={sort}").status_code == 200


def test_open_ones_are_shown_unless_others_are_asked_for(browser, cast):
    make_posting(title="过期的岗位", deadline=clock.today().replace(year=2000))
    make_posting(title="关闭的岗位", state=PostingState.CLOSED)
    make_posting(make_employer(verified_at=None), title="待核实的岗位")
    browser.sign_in(cast.huang)

    shown = {
        state: [
            title in browser.get(f"/jobs?state={state}").text
            for title in ("过期的岗位", "关闭的岗位", "待核实的岗位")
        ]
        for state in ("open", "closed", "unverified", "all")
    }

    assert shown == {
        "open": [False, False, True],
        "closed": [True, True, False],
        "unverified": [False, False, True],
        "all": [True, True, True],
    }


def test_first_page_of_an_empty_house_says_what_to_do(browser, cast):
    page = browser.sign_in(cast.chen).get("/jobs")

    assert "No open postings yet." in page.text


def test_posting_shows_whom_of_mine_it_fits(browser, cast):
    make_wish(cast.lin_mei)
    posting = make_posting()
    run_recommendations(CLASS_YEAR, as_of=clock.today())

    mine = browser.sign_in(cast.chen).get(f"/jobs/{posting.id}").text
    listed = browser.get("/jobs").text
    theirs = browser.sign_in(cast.wu).get(f"/jobs/{posting.id}").text

    assert "林梅" in mine
    assert f"/cases/{cast.case.id}/jobs/{posting.id}/refer" in mine
    assert 'data-label="On lists of mine">1<' in listed
    assert "林梅" not in theirs


def test_referrals_to_a_posting_show_to_their_counselor_alone(browser, cast):
    posting = make_posting()
    save(Referral(student_id=cast.lin_mei.id, posting_id=posting.id, counselor_id=cast.chen.id))

    mine = browser.sign_in(cast.chen).get(f"/jobs/{posting.id}").text
    theirs = browser.sign_in(cast.wu).get(f"/jobs/{posting.id}").text

    assert ("林梅" in mine, "林梅" in theirs) == (True, False)


def test_province_sees_postings_without_people(browser, cast):
    make_wish(cast.lin_mei)
    posting = make_posting()
    run_recommendations(CLASS_YEAR, as_of=clock.today())

    page = browser.sign_in(cast.huang).get(f"/jobs/{posting.id}")

    assert page.status_code == 200
    assert "林梅" not in page.text


@pytest.mark.parametrize(
    "path", ["/jobs", "/jobs/new", "/jobs/{id}", "/jobs/{id}/edit", "/jobs/lists"]
)
def test_students_stay_outside(browser, cast, path):
    posting = make_posting()

    response = browser.sign_in(cast.lin_mei_user).get(path.format(id=posting.id))

    assert response.status_code == 403


def test_posting_that_is_not_there_does_not_exist(browser, cast):
    assert browser.sign_in(cast.chen).get("/jobs/987654").status_code == 404


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
