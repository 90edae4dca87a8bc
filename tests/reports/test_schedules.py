"""Reports by mail: asked for on a page, mailed once for each due moment, a link and no figures."""

import datetime as dt
import re
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement import clock
from placement.accounts.models import User
from placement.audit.models import AuditEvent
from placement.clock import ZONE
from placement.db import db, system_scope, transaction, use_scope
from placement.notices.models import Delivery, Notice, NoticeKind
from placement.reports.models import Rhythm, Schedule
from placement.reports.schedules.due import Timing
from placement.reports.schedules.operations import mail_due_reports
from tests.factories import give_email
from tests.notices.conftest import outlet, send, sink

__all__ = ["outlet", "send", "sink"]

WEEKLY = {"rhythm": "weekly", "weekday": 1, "hour": 8, "month_day": 1}


@pytest.fixture
def zheng(cast, browser, outlet, sent_jobs):
    """Ms Zheng of the university, signed in, with an address, and a register to report on."""
    assert cast.case
    browser.sign_in(give_email(cast.zheng, "zheng@university.example"))
    return cast.zheng


def travel_to(travel, moment: dt.datetime) -> None:
    travel(seconds=(moment - clock.now()).total_seconds())
    db.session.rollback()


def mail_due(settings) -> int:
    with use_scope(system_scope("test")), transaction():
        return mail_due_reports(settings)


def schedule() -> Schedule:
    db.session.rollback()
    db.session.expire_all()
    with use_scope(system_scope("test")):
        return db.session.query(Schedule).one()


def link_in(mail) -> str:
    text = mail.get_body(("plain",)).get_content()
    return re.search(r"https://placement\.example(/reports/schedules/\S+)", text)[1]


def test_a_report_is_asked_for_mailed_opened_changed_paused_and_deleted(
    zheng, browser, outlet, travel, send, sink, cast
):
    page = browser.get("/reports/rates?year=2016&by=category&where=sex=2").text
    new = re.search(r'href="(/reports/schedules/new[^"]+)"', page)[1].replace("&amp;", "&")
    assert browser.get(new).status_code == 200
    for wrong in ({"rhythm": "monthly", "month_day": ""}, {"month_day": 32}, {"hour": 3}):
        assert browser.submit(new, **WEEKLY | wrong).status_code == 422
    assert browser.submit(new, **WEEKLY).status_code == 302
    first = schedule().next_at.astimezone(ZONE)
    assert (first.isoweekday(), first.hour) == (1, 8)
    assert mail_due(outlet) == 0

    travel_to(travel, first + dt.timedelta(minutes=1))
    assert [mail_due(outlet), mail_due(outlet)] == [1, 0]
    send()
    mail = sink.mails[0]
    assert sink.recipients == ["zheng@university.example"]
    assert "comes late" not in mail.get_body(("plain",)).get_content()
    assert not re.search(r"sex|category|%", link_in(mail))
    browser.sign_in(zheng)
    opened = browser.get(link_in(mail))
    assert opened.status_code == 302
    assert opened.headers["Location"].startswith("/reports/rates?")
    assert f"as_of={first.date()}" in opened.headers["Location"]
    assert browser.get(opened.headers["Location"]).status_code == 200
    browser.sign_in(cast.xu)
    assert browser.get(link_in(mail)).status_code == 404

    browser.sign_in(zheng)
    number = schedule().id
    listed = browser.get("/reports/schedules").text
    assert "every Monday at 08:00" in listed
    edit = f"/reports/schedules/{number}/edit"
    version = re.search(r'name="version"[^>]*value="(\d+)"', browser.get(edit).text)[1]
    monthly = WEEKLY | {"rhythm": "monthly", "month_day": 31, "version": version}
    assert browser.submit(edit, **monthly).status_code == 302
    assert browser.submit(edit, **monthly).status_code == 422
    assert "on day 31 of each month" in browser.get("/reports/schedules").text
    second = schedule().next_at
    browser.submit(f"/reports/schedules/{number}/pause")
    travel_to(travel, second + dt.timedelta(minutes=1))
    assert mail_due(outlet) == 0
    browser.sign_in(zheng)
    browser.submit(f"/reports/schedules/{number}/resume")
    assert schedule().next_at > second
    browser.submit(f"/reports/schedules/{number}/delete")
    assert "No report is mailed to you." in browser.get("/reports/schedules").text
    acts = {event.action for event in db.session.query(AuditEvent)}
    assert {"schedule.added", "schedule.changed", "schedule.paused", "schedule.ended"} <= acts


def test_missed_moments_are_mailed_once_for_the_newest_day_and_say_so(
    zheng, browser, outlet, travel, send, sink
):
    browser.submit("/reports/schedules/new?report=pictures", **WEEKLY)
    first = schedule().next_at

    travel_to(travel, first + dt.timedelta(days=15))
    assert [mail_due(outlet), mail_due(outlet)] == [1, 0]
    send()

    newest = (first + dt.timedelta(days=14)).astimezone(ZONE).date()
    assert schedule().last_day == newest
    text = sink.mails[0].get_body(("plain",)).get_content()
    assert link_in(sink.mails[0]).endswith(f"/{newest}")
    assert "comes late" in text
    assert schedule().next_at == first + dt.timedelta(days=21)


def test_two_beats_at_once_make_one_mail(zheng, browser, outlet, travel, app):
    browser.submit("/reports/schedules/new?report=rates", **WEEKLY)
    travel_to(travel, schedule().next_at + dt.timedelta(minutes=1))
    both = threading.Barrier(2)
    made = []

    def beat():
        with app.app_context():
            both.wait()
            made.append(mail_due(outlet))

    beats = [threading.Thread(target=beat) for _ in range(2)]
    for thread in beats:
        thread.start()
    for thread in beats:
        thread.join()

    assert sorted(made) == [0, 1]
    assert db.session.query(Delivery).count() == 1


def test_who_left_or_stopped_it_gets_nothing(zheng, browser, outlet, travel, cast, send, sink):
    browser.submit("/reports/schedules/new?report=rates", **WEEKLY)
    travel_to(travel, schedule().next_at + dt.timedelta(minutes=1))
    mail_due(outlet)
    send()
    unsubscribe = sink.mails[0]["List-Unsubscribe"].strip("<>").partition(".example")[2]
    assert browser.client.post(unsubscribe).status_code == 200
    browser.sign_in(zheng)
    assert "You stopped reports by mail" in browser.get("/reports/schedules").text

    travel_to(travel, schedule().next_at + dt.timedelta(minutes=1))
    mail_due(outlet)
    send()
    assert len(sink.mails) == 1
    browser.sign_in(zheng)
    browser.submit("/reports/schedules/want-again")
    assert "You stopped" not in browser.get("/reports/schedules").text

    user = db.session.get_one(User, zheng.id)
    user.disabled_at = clock.now()
    db.session.commit()
    travel_to(travel, schedule().next_at + dt.timedelta(minutes=1))
    assert mail_due(outlet) == 0
    kinds = {notice.kind for notice in db.session.query(Notice)}
    assert kinds == {NoticeKind.REPORT}


@pytest.mark.parametrize(
    ("timing", "after", "at", "day"),
    [
        pytest.param(
            Timing(rhythm=Rhythm.WEEKLY, weekday=1, hour=8),
            "2016-11-28T08:00",
            "2016-12-05T08:00",
            "2016-12-05",
            id="the-moment-itself-is-over",
        ),
        pytest.param(
            Timing(rhythm=Rhythm.MONTHLY, month_day=31, hour=20),
            "2016-02-01T00:00",
            "2016-02-29T20:00",
            "2016-02-29",
            id="last-day-of-a-short-month",
        ),
        pytest.param(
            Timing(rhythm=Rhythm.COUNTING_DAYS, hour=7),
            "2016-09-02T00:00",
            "2017-01-01T07:00",
            "2016-12-31",
            id="morning-after-the-final-count",
        ),
    ],
)
def test_next_due_moment(timing, after, at, day):
    due = timing.after(dt.datetime.fromisoformat(after).replace(tzinfo=ZONE))

    assert due.at == dt.datetime.fromisoformat(at).replace(tzinfo=ZONE)
    assert due.day == dt.date.fromisoformat(day)


@given(
    minutes=st.integers(0, 20 * 366 * 24 * 60),
    rhythm=st.sampled_from(Rhythm),
    number=st.integers(1, 31),
    hour=st.integers(7, 21),
)
def test_newest_and_next_enclose_the_moment(minutes, rhythm, number, hour):
    timing = Timing(rhythm=rhythm, hour=hour, weekday=number % 7 + 1, month_day=number)
    now = dt.datetime(2015, 1, 1, tzinfo=ZONE) + dt.timedelta(minutes=minutes)

    newest, following = timing.newest(now), timing.after(now)

    assert newest.at <= now < following.at
    assert timing.after(newest.at) == following


def test_without_an_address_nobody_is_told_that_it_will_be_mailed(browser, outlet, cast):
    browser.sign_in(cast.huang).submit("/reports/schedules/new?report=rates", **WEEKLY)

    page = browser.get("/reports/schedules").text

    assert "once you have an address" in page
    assert "It will be mailed" not in page
    assert "is not mailed now" in page
