"""What a counselor does in a case, through the pages."""

import datetime as dt

import pytest

from placement import clock
from placement.cases.models import Action, Barrier, Case, FollowUp, Goal
from placement.db import db
from tests.factories import make_member, save

TODAY_FIELDS = {"method": "call", "result": "reached", "duration_minutes": "12"}


def follow_up_fields(case: Case, **changes: str) -> dict[str, str]:
    today = clock.today()
    return {
        **TODAY_FIELDS,
        "version": str(case.version),
        "contacted_on": today.isoformat(),
        "next_contact_on": (today + dt.timedelta(days=7)).isoformat(),
        "summary": "She has an interview on Friday.",
        "next_step": "Ask how it went",
        **changes,
    }


def stored_follow_ups() -> list[FollowUp]:
    return db.session.query(FollowUp).order_by(FollowUp.id).all()


def test_counselor_records_a_contact_and_the_next_is_due(browser, cast):
    case_id = cast.case.id
    browser.sign_in(cast.chen)

    response = browser.submit(f"/cases/{case_id}/follow-ups/new", **follow_up_fields(cast.case))

    assert response.status_code == 302
    follow_up = stored_follow_ups()[0]
    assert follow_up.duration_minutes == 12
    assert b"interview" not in follow_up.summary_sealed
    case = db.session.get(Case, case_id)
    assert case.next_contact_on == clock.today() + dt.timedelta(days=7)
    assert "She has an interview on Friday." in browser.get(f"/cases/{case_id}").text


@pytest.mark.parametrize(
    ("wrong", "days"), [("contacted_on", 1), ("contacted_on", -4000), ("next_contact_on", -1)]
)
def test_what_the_operation_refuses_stands_beside_its_field(browser, cast, wrong, days):
    browser.sign_in(cast.chen)
    entered = {wrong: (clock.today() + dt.timedelta(days=days)).isoformat()}

    response = browser.submit(
        f"/cases/{cast.case.id}/follow-ups/new", **follow_up_fields(cast.case, **entered)
    )

    assert response.status_code == 422
    assert response.text.count('class="field-error"') == 1
    assert f'id="{wrong}-error"' in response.text
    assert f'<a href="#{wrong}">' in response.text


def test_form_sent_twice_is_recorded_once(browser, cast):
    browser.sign_in(cast.chen)
    url = f"/cases/{cast.case.id}/follow-ups/new"
    fields = follow_up_fields(cast.case, submission_id="6a2f41a3-c54c-fce8-32d2-0324e1c32e22")

    first = browser.submit(url, **fields)
    second = browser.submit(url, **fields)

    assert first.headers["Location"] == second.headers["Location"]
    assert len(stored_follow_ups()) == 1


def test_two_counselors_at_once_lose_nothing(browser, cast):
    browser.sign_in(cast.zheng)
    shown = cast.case.version
    url = f"/cases/{cast.case.id}/next-step"

    browser.submit(url, version=shown, next_step="Call on Monday")
    late = browser.submit(url, version=shown, next_step="Visit on Tuesday")

    assert late.status_code == 409
    assert "Call on Monday" in late.text
    assert "Visit on Tuesday" in late.text
    assert db.session.get(Case, cast.case.id).next_step == "Call on Monday"


def test_after_a_conflict_mine_can_be_saved_over_it(browser, cast):
    browser.sign_in(cast.zheng)
    url = f"/cases/{cast.case.id}/next-step"
    browser.submit(url, version=cast.case.version, next_step="Call on Monday")
    version = db.session.get(Case, cast.case.id).version

    browser.submit(url, version=version, next_step="Visit on Tuesday")

    assert db.session.get(Case, cast.case.id).next_step == "Visit on Tuesday"


def test_contact_is_taken_back_within_half_an_hour_and_due_as_it_was(browser, cast, travel):
    due = clock.today() - dt.timedelta(days=3)
    cast.case.next_contact_on = due
    save(cast.case)
    browser.sign_in(cast.chen)
    browser.submit(f"/cases/{cast.case.id}/follow-ups/new", **follow_up_fields(cast.case))
    url = f"/cases/{cast.case.id}/follow-ups/{stored_follow_ups()[0].id}/undo"

    travel(minutes=31)
    late = browser.sign_in(cast.chen).submit(url)
    travel(minutes=-20)
    timely = browser.sign_in(cast.chen).submit(url)

    assert (late.status_code, timely.status_code) == (403, 302)
    assert stored_follow_ups()[0].voided_at is not None
    assert db.session.get_one(Case, cast.case.id).next_contact_on == due


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"contacted_on": "2999-01-01"}, id="future"),
        pytest.param({"contacted_on": "2015-01-01"}, id="before-the-case"),
        pytest.param({"next_contact_on": "2016-01-02"}, id="next-before-this"),
        pytest.param({"duration_minutes": "0"}, id="no-minutes"),
        pytest.param({"method": "pigeon"}, id="unknown-way"),
        pytest.param({"contacted_on": ""}, id="no-day"),
    ],
)
def test_bad_entry_is_explained_and_nothing_is_written(browser, cast, wrong):
    browser.sign_in(cast.chen)

    response = browser.submit(
        f"/cases/{cast.case.id}/follow-ups/new", **follow_up_fields(cast.case, **wrong)
    )

    assert response.status_code == 422
    assert stored_follow_ups() == []


def test_plan_grows_from_barrier_to_goal_to_action(browser, cast):
    browser.sign_in(cast.chen)
    base = f"/cases/{cast.case.id}"

    browser.submit(
        f"{base}/barriers/new", kind="place", note="No room in Xiamen", next_step="Look for lodging"
    )
    barrier = db.session.query(Barrier).one()
    browser.submit(f"{base}/goals/new", title="A post with lodging", barrier_id=barrier.id)
    goal = db.session.query(Goal).one()
    browser.submit(f"{base}/actions/new", kind="guidance", title="Mock interview", goal_id=goal.id)
    action = db.session.query(Action).one()
    browser.submit(
        f"{base}/actions/{action.id}", title="Mock interview", state="done", version=action.version
    )

    assert db.session.get(Action, action.id).done_on == clock.today()
    page = browser.get(base).text
    assert page.index("No room in Xiamen") < page.index("A post with lodging")
    assert page.index("A post with lodging") < page.index("Mock interview")


def test_goal_cannot_answer_the_barrier_of_another_case(browser, cast):
    make_member(cast.stranger, "rural_origin")
    foreign_case = db.session.query(Case).filter_by(student_id=cast.stranger.id).one()
    foreign = Barrier(
        case_id=foreign_case.id,
        student_id=cast.stranger.id,
        kind="money",
        noted_on=clock.today(),
    )
    db.session.add(foreign)
    db.session.commit()
    browser.sign_in(cast.chen)

    response = browser.submit(
        f"/cases/{cast.case.id}/goals/new", title="Steal", barrier_id=foreign.id
    )

    assert response.status_code == 422
    assert db.session.query(Goal).count() == 0


def test_closed_case_takes_nothing_until_it_is_open_again(browser, cast):
    base = f"/cases/{cast.case.id}"
    browser.sign_in(cast.chen).submit(
        f"{base}/close",
        version=cast.case.version,
        reason="declined_help",
        closed_on=clock.today().isoformat(),
    )
    browser.sign_in(cast.zheng).submit(f"{base}/close/approve")
    browser.sign_in(cast.chen)

    refused = browser.submit(f"{base}/barriers/new", kind="money")
    browser.submit(f"{base}/reopen")
    taken = browser.submit(f"{base}/barriers/new", kind="money", next_step="Ask the college")

    assert (refused.status_code, taken.status_code) == (422, 302)


def test_case_of_another_counselor_does_not_exist(browser, cast):
    browser.sign_in(cast.wu)

    response = browser.get(f"/cases/{cast.case.id}/follow-ups/new")

    assert response.status_code == 404


def test_form_without_token_is_refused(browser, cast):
    browser.sign_in(cast.chen)

    response = browser.submit(
        f"/cases/{cast.case.id}/follow-ups/new", token="", **follow_up_fields(cast.case)
    )

    assert response.status_code == 400
    assert stored_follow_ups() == []


def test_back_button_and_second_send_tell_instead_of_writing_twice(browser, cast):
    browser.sign_in(cast.chen)
    url = f"/cases/{cast.case.id}/follow-ups/new"
    shown = follow_up_fields(cast.case)
    browser.submit(url, **shown)

    again = browser.submit(url, **shown | {"summary": "Typed over after going back."})

    assert again.status_code == 409
    assert "Typed over after going back." in again.text
    assert len(stored_follow_ups()) == 1


def test_case_of_a_moved_student_goes_with_them_and_is_to_be_assigned(browser, cast):
    browser.sign_in(cast.chen)
    case_id = cast.case.id
    browser.submit(f"/cases/{case_id}/follow-ups/new", **follow_up_fields(cast.case))
    student = cast.lin_mei
    student.university_id, student.class_name = cast.other_university.id, "2012级9班"
    db.session.commit()

    here = browser.sign_in(cast.zheng).get(f"/cases/{case_id}")
    still_hers = browser.sign_in(cast.chen).get(f"/cases/{case_id}")
    there = browser.sign_in(cast.xu).get(f"/cases/{case_id}")

    assert (here.status_code, still_hers.status_code) == (404, 200)
    assert "1 open case is to be assigned" in browser.get("/overview").text
    assert "林梅" in browser.get("/students?counselor=0").text
    assert "She has an interview on Friday." in there.text
    assert "2012级9班" in there.text
