"""The administrators' overview: who is to be assigned, how the caseloads are, what stands still."""

import datetime as dt

from placement import clock
from placement.accounts.queries import viewer_of
from placement.cases.models import Case, FollowUp, FollowUpMethod, FollowUpResult
from placement.cases.operations import open_case, set_goal
from placement.db import db, transaction
from placement.students.models import Assignment, Category
from tests.factories import make_member, make_student, save


def row_of(page: str, name: str) -> str:
    """The row of a table in which a name stands."""
    return next(row for row in page.split("<tr") if name in row)


def talk(case: Case, days_ago: int) -> None:
    day = clock.today() - dt.timedelta(days=days_ago)
    case.last_contact_on = day
    told = FollowUp(
        case_id=case.id,
        student_id=case.student_id,
        contacted_on=day,
        method=FollowUpMethod.CALL,
        result=FollowUpResult.REACHED,
    )
    save(case, told)


def test_university_without_a_register_sees_what_to_do(browser, cast):
    page = browser.sign_in(cast.xu).get("/overview")

    assert page.status_code == 200
    assert "No register for this class yet." in page.text


def test_who_comes_without_counselor_is_the_universitys_until_it_names_one(browser, cast):
    newcomer = make_student(cast.university, name="林晚")
    make_member(newcomer, Category.RURAL_ORIGIN)
    assert cast.case.closed_on is None
    browser.sign_in(cast.zheng)

    overview = browser.get("/overview")
    listed = browser.get("/students?counselor=0&year=2016")
    look = browser.submit(
        "/responsibility/reassign", act="look", giver=0, receivers=[cast.wu.id], reason="Arrived"
    )
    digest = look.text.split('name="digest"')[1].split('value="')[1].split('"')[0]
    browser.submit(
        "/responsibility/reassign",
        act="do",
        giver=0,
        receivers=[cast.wu.id],
        reason="Arrived",
        digest=digest,
    )

    assert "1 open case is to be assigned to a counselor." in overview.text
    assert "林晚" in listed.text
    assert "林梅" not in listed.text
    assert browser.sign_in(cast.wu).get("/today").text.count("林晚") > 0
    rows = db.session.query(Assignment).filter_by(student_id=newcomer.id).order_by(Assignment.id)
    assert [(row.counselor_id, row.holds_to is None) for row in rows] == [
        (None, False),
        (cast.wu.id, True),
    ]


def test_reopened_case_whose_counselor_is_gone_goes_to_the_university(cast):
    student = make_student(cast.university)
    with transaction():
        case = open_case(student.id, opened_on=clock.today())
    row = db.session.query(Assignment).filter_by(student_id=student.id).one()
    case.closed_on, case.close_reason = clock.today(), "not_seeking"
    save(case)
    row.holds_to = clock.today()
    save(row)

    case.closed_on, case.close_reason = None, None
    save(case)

    open_rows = db.session.query(Assignment).filter_by(student_id=student.id, holds_to=None)
    assert [found.counselor_id for found in open_rows] == [None]


def test_caseloads_at_a_glance_lead_to_their_people(browser, cast):
    talk(cast.case, 3)
    browser.sign_in(cast.zheng)

    page = browser.get("/overview").text

    row = row_of(page, "陈老师")
    assert f"counselor={cast.chen.id}" in row
    assert "0 / 1" in row
    people = browser.get(f"/students?year=2016&counselor={cast.chen.id}&state=silent")
    assert "Nobody fits this search." in people.text


def test_cases_in_which_nothing_is_done_or_nothing_moves(browser, cast):
    quiet, busy = make_student(cast.university, name="林静"), cast.lin_mei
    make_member(quiet, Category.RURAL_ORIGIN)
    actor = viewer_of(cast.chen)
    long_ago = clock.today() - dt.timedelta(days=50)
    with transaction():
        set_goal(cast.case, actor=actor, title="Find a school", set_on=long_ago)
    talk(cast.case, 2)
    browser.sign_in(cast.zheng)

    done = browser.get("/overview/still").text
    moved = browser.get("/overview/still?kind=moved").text
    longer = browser.get("/overview/still?kind=moved&days=60").text

    assert ("林静" in done, busy.name in done) == (True, False)
    assert ("林静" in moved, busy.name in moved) == (False, True)
    assert "No case stands still so long." in longer


def test_offer_of_a_colleague_stands_on_top_of_today(browser, cast):
    browser.sign_in(cast.chen).submit(
        f"/responsibility/hand-over/{cast.lin_mei.id}", receiver_id=cast.wu.id, reason="Closer"
    )

    page = browser.sign_in(cast.wu).get("/today")

    assert "A colleague offers to hand 1 student over to you." in page.text
    assert "offers to hand" not in browser.sign_in(cast.chen).get("/today").text
