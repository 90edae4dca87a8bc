"""A student's own pages: the plan, the fairs, the recorded outcome, who has looked."""

import datetime as dt

from placement import clock
from placement.accounts.queries import viewer_of
from placement.cases.models import Case
from placement.cases.operations import set_goal, set_next_step
from placement.db import db, transaction
from placement.fairs.models import Fair
from placement.outcomes.models import Dispute, Outcome
from tests.factories import make_outcome, save


def test_plan_shows_the_next_step_and_the_goal_in_plain_words(browser, cast):
    with transaction():
        actor = viewer_of(cast.chen)
        set_goal(cast.case, actor=actor, title="A post with lodging")
        set_next_step(
            cast.case,
            actor=actor,
            next_step="Mock interview, bring your lesson",
            next_contact_on=clock.today(),
            version=cast.case.version,
        )

    page = browser.sign_in(cast.lin_mei_user).get("/my/plan")

    assert page.status_code == 200
    assert "Mock interview, bring your lesson" in page.text
    assert "A post with lodging" in page.text
    assert "陈老师" in page.text


def test_student_disputes_what_is_recorded_and_it_stops_counting(browser, cast):
    outcome = make_outcome(cast.lin_mei)
    browser.sign_in(cast.lin_mei_user)

    shown = browser.get("/my/outcome")
    browser.submit(f"/outcomes/{outcome.id}/dispute", reason="I never signed this")

    assert "福州示例软件有限公司" in shown.text
    assert "This is right" in shown.text
    dispute = db.session.query(Dispute).one()
    assert dispute.voided_at is None
    assert b"never" not in dispute.reason_sealed


def test_student_reports_work_and_somebody_else_must_verify_it(browser, cast):
    browser.sign_in(cast.lin_mei_user)

    response = browser.submit(
        "/my/outcome/new",
        code="11",
        effective_on=clock.today().isoformat(),
        employer="泉州示例纺织有限公司",
    )

    page = browser.get("/my/outcome").text
    assert response.status_code == 302
    assert db.session.query(Outcome).one().reporter_id == cast.lin_mei_user.id
    assert "not yet verified" in page
    # What I said myself I need not confirm, but I am told which paper is asked for.
    assert "This is right" not in page
    assert "asks for one of these papers: labour contract" in page.lower()


def test_outcome_of_the_future_is_refused(browser, cast):
    browser.sign_in(cast.lin_mei_user)

    response = browser.submit("/my/outcome/new", code="11", effective_on="2999-01-01")

    assert response.status_code == 422
    assert db.session.query(Outcome).count() == 0


def test_student_sees_who_looked_and_why(browser, cast):
    student = cast.lin_mei
    browser.sign_in(cast.huang).submit(
        f"/students/{student.id}/reveal/mobile", reason="To call about the interview"
    )

    page = browser.sign_in(cast.lin_mei_user).get("/my")

    assert "黄处长" in page.text
    assert "To call about the interview" in page.text
    assert student.mobile not in page.text


def test_looks_of_one_person_on_one_day_are_one_entry(browser, cast):
    browser.sign_in(cast.huang)
    for _ in range(3):
        browser.get(f"/students/{cast.lin_mei.id}", follow_redirects=True)

    page = browser.sign_in(cast.lin_mei_user).get("/my").text

    assert page.count("opened your page") == 1
    assert "opened your page · 3 times" in page


def test_student_must_choose_where_they_are(browser, cast):
    browser.sign_in(cast.lin_mei_user)

    response = browser.submit("/my/outcome/new", code="", effective_on=str(clock.today()))

    assert response.status_code == 422
    assert "Choose where the student is." in response.text
    assert db.session.query(Outcome).count() == 0


def test_fairs_for_my_class_can_be_answered_from_the_list(browser, cast):
    day = clock.today() + dt.timedelta(days=3)
    save(
        Fair(title="Spring fair", on=day, place="Fuzhou", class_year=2016),
        Fair(title="Not mine", on=day, place="Fuzhou", class_year=2015),
    )
    browser.sign_in(cast.lin_mei_user)

    page = browser.get("/my/fairs").text

    assert "Spring fair" in page
    assert "Not mine" not in page


def test_student_who_needs_help_is_due_today(browser, cast):
    case_id = cast.case.id
    browser.sign_in(cast.lin_mei_user)

    browser.submit("/my/help")

    db.session.rollback()
    assert db.session.get(Case, case_id).next_contact_on == clock.today()
    told = browser.sign_in(cast.chen).get("/today").text
    browser.submit(
        f"/cases/{case_id}/quick",
        version=2,
        method="call",
        came_of_it="busy",
        next_step="Call again",
    )
    db.session.rollback()
    assert "林梅" in told
    assert "asks for help" in told
    assert "Asked for help" in browser.get(f"/cases/{case_id}").text
    assert db.session.get(Case, case_id).last_contact_on == clock.today()
    assert "asks for help</span>" not in browser.get("/today").text
