"""A contact noted in three touches, and one talk noted for many."""

import datetime as dt
import uuid

from placement import clock
from placement.cases.models import Case, FollowUp
from placement.db import db
from placement.students.models import Category
from tests.factories import make_member, make_student


def contacts() -> list[FollowUp]:
    return db.session.query(FollowUp).order_by(FollowUp.id).all()


def test_common_result_brings_words_next_day_and_next_step(browser, cast):
    browser.sign_in(cast.chen)
    url = f"/cases/{cast.case.id}/quick"
    page = browser.get(url).text

    answer = browser.submit(
        url, version=cast.case.version, method="call", came_of_it="no_answer", next="/today"
    )

    assert "tel:" in page
    assert "sms:" in page
    assert answer.headers["Location"] == "/today"
    case = db.session.get(Case, cast.case.id)
    assert contacts()[0].result == "no_answer"
    assert case.next_contact_on == clock.today() + dt.timedelta(days=2)
    assert case.next_step == "Call again at another time of day"


def test_university_does_not_see_the_number_beside_the_quick_form(browser, cast):
    browser.sign_in(cast.zheng)

    assert "tel:" not in browser.get(f"/cases/{cast.case.id}/quick").text


def test_plan_is_not_left_without_a_next_step(browser, cast):
    browser.sign_in(cast.chen)

    refused = browser.submit(f"/cases/{cast.case.id}/barriers/new", kind="money")

    assert refused.status_code == 422
    assert "This case has no next step yet." in refused.text
    assert db.session.get(Case, cast.case.id).next_step is None


def test_group_talk_is_looked_at_noted_once_for_each_and_taken_back(browser, cast):
    other = make_student(cast.university, counselor=cast.chen, name="王芳")
    make_member(other, Category.RURAL_ORIGIN)
    second = db.session.query(Case).filter_by(student_id=other.id).one()
    stranger = db.session.query(Case).filter_by(student_id=cast.stranger.id).one()
    group = uuid.uuid4()
    fields = {
        "people": [cast.case.id, second.id],
        "contacted_on": clock.today().isoformat(),
        "next_contact_on": (clock.today() + dt.timedelta(days=14)).isoformat(),
        "summary": "The new subsidy was explained.",
        "next_step": "Hand in the form",
        "submission_id": str(group),
    }
    browser.sign_in(cast.chen)

    preview = browser.submit("/cases/group-talk", **fields)
    nothing_yet = contacts()
    foreign = browser.submit("/cases/group-talk", **fields | {"people": [stranger.id]})
    for _ in range(2):
        browser.submit("/cases/group-talk", **fields, confirmed="1")
    noted = [note.case_id for note in contacts()]
    browser.submit(f"/cases/group-talks/{group}/undo")

    assert "王芳" in preview.text
    assert nothing_yet == []
    assert foreign.status_code == 422
    assert noted == [cast.case.id, second.id]
    assert all(note.voided_at is not None for note in contacts())


def test_session_that_ended_leads_back_to_what_was_being_typed(browser, cast):
    url = f"/cases/{cast.case.id}/quick"
    browser.sign_in(cast.chen)
    token = browser.token()
    browser.client.delete_cookie("placement-sign-in")

    answer = browser.client.post(
        url, data={"csrf_token": token}, headers={"Referer": f"http://localhost{url}?next=/today"}
    )

    assert answer.status_code == 302
    assert f"next={url}?next%3D/today" in answer.headers["Location"]
    assert contacts() == []
