"""The pages of postings: found, brought, kept true, verified."""

import pytest

from placement import clock
from placement.db import db
from placement.jobs.models import Employer, Posting, PostingState, Referral
from placement.jobs.operations import run_recommendations
from placement.queue import RECOMMEND_POSTING
from tests.factories import CLASS_YEAR, save
from tests.openings import make_employer, make_posting, make_wish

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


def test_posting_is_found_by_words_place_and_level(browser, cast):
    make_posting(title="档案管理员")
    make_posting(title="外贸业务员", city="350200", level="31")
    browser.sign_in(cast.chen)

    pages = {
        query: browser.get(f"/jobs?{query}").text
        for query in ("", "q=档案", "place=350200", "level=31", "q=nothing-of-the-kind")
    }

    found = {query: ("档案管理员" in text, "外贸业务员" in text) for query, text in pages.items()}
    assert found == {
        "": (True, True),
        "q=档案": (True, False),
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
