"""A fair goes into any calendar, moves there with its changes, and leaves it when called off."""

import datetime as dt

from icalendar import Calendar

from placement import clock
from placement.db import db
from placement.fairs.models import SignUp
from tests.factories import make_student
from tests.fairs.cast_of_fairs import account_of, held


def entry_of(browser, fair):
    response = browser.get(f"/fairs/{fair.id}/calendar.ics")
    assert response.content_type == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.data)
    return calendar, next(part for part in calendar.walk("VEVENT"))


def test_entry_of_a_student_follows_their_answer(browser, cast):
    fair = held(starts_at=dt.time(9), ends_at=dt.time(15), capacity=1, address="1 Road")
    browser.sign_in(account_of(make_student(cast.university))).submit(f"/fairs/{fair.id}/sign-up")
    browser.sign_in(cast.lin_mei_user)

    everybodys = entry_of(browser, fair)[1]
    browser.submit(f"/fairs/{fair.id}/sign-up")
    waiting = entry_of(browser, fair)[1]
    fields = {"title": fair.title, "on": fair.on.isoformat(), "place": fair.place}
    hours = {"starts_at": "10:00", "ends_at": "15:00"}
    browser.sign_in(cast.huang).submit(
        f"/fairs/{fair.id}/edit", **fields, **hours, capacity=2, version=fair.version
    )
    calendar, coming = entry_of(browser.sign_in(cast.lin_mei_user), fair)
    browser.submit(f"/fairs/{fair.id}/withdraw")
    cancelled, gone = entry_of(browser, fair)

    zone = clock.ZONE
    assert everybodys["uid"] == f"fair-{fair.uid}"
    assert everybodys["dtstart"].dt == dt.datetime.combine(fair.on, dt.time(9), tzinfo=zone)
    answer = db.session.query(SignUp).filter_by(student_id=cast.lin_mei.id).one()
    assert {e["uid"] for e in (waiting, coming, gone)} == {f"sign-up-{answer.uid}"}
    assert waiting["sequence"] < coming["sequence"] < gone["sequence"]
    assert [e["status"] for e in (waiting, coming, gone)] == ["TENTATIVE", "CONFIRMED", "CANCELLED"]
    assert (calendar["method"], cancelled["method"]) == ("PUBLISH", "CANCEL")
    assert coming["dtstart"].dt.hour == 10
    assert coming["dtstart"].params["TZID"] == calendar.walk("VTIMEZONE")[0]["tzid"]
    assert coming["location"] == "Fuzhou, 1 Road"
    assert coming["url"].endswith(f"/fairs/{fair.id}")
    assert len(coming.walk("VALARM")) == 1


def test_fair_without_hours_takes_its_day_and_a_cancelled_one_leaves(browser, cast):
    fair = held(title="残疾毕业生专场招聘会", directions="Bus 5")
    browser.sign_in(cast.huang)

    calendar, entry = entry_of(browser, fair)
    browser.submit(f"/fairs/{fair.id}/cancel")
    cancelled, gone = entry_of(browser, fair)

    assert entry["dtstart"].dt == fair.on
    assert entry["dtend"].dt - entry["dtstart"].dt == dt.timedelta(days=1)
    assert entry["summary"] == "Job fair"
    assert entry["description"] == "Bus 5"
    assert (calendar["method"], cancelled["method"]) == ("PUBLISH", "CANCEL")
    assert entry["sequence"] < gone["sequence"]
    assert entry["uid"] == gone["uid"]
