"""Mails to staff of what waits: links and counts, each thing once, for who wants to be told."""

import datetime as dt

import pytest

from placement import clock
from placement.accounts.models import Role, User
from placement.clock import ZONE
from placement.db import db, system_scope, transaction, use_scope
from placement.desk.staff_mails import due_people, tell_person
from placement.notices.models import Notice, NoticeKind
from placement.students.models import HandOver
from tests.factories import give_email, make_outcome, make_student, make_user, save
from tests.notices.conftest import outlet, send, sink

__all__ = ["outlet", "send", "sink"]


@pytest.fixture
def at(cast, travel):
    """Go to an hour of the coming Monday, or of a day after it: `at(8, days=1)`."""
    today = clock.now().astimezone(ZONE).date()
    monday = today + dt.timedelta(days=7 - today.weekday())

    def go(hour: int, days: int = 0) -> None:
        day = monday + dt.timedelta(days=days)
        moment = dt.datetime.combine(day, dt.time(hour, 30), tzinfo=ZONE)
        travel(seconds=(moment - clock.now()).total_seconds())
        db.session.rollback()

    return go


def write(settings) -> list[NoticeKind]:
    """Do what the job does; the kinds of the mails made."""
    with use_scope(system_scope("test")):
        with transaction():
            due = due_people(settings)
        made = []
        for kind, user_id in due:
            with transaction():
                if tell_person(kind, user_id, settings=settings):
                    made.append(kind)
    return made


def offer(cast) -> None:
    student = make_student(cast.university, counselor=cast.wu)
    save(HandOver(student_id=student.id, from_id=cast.wu.id, to_id=cast.chen.id, reason="搬家"))


def test_each_role_is_told_once_of_what_waits_for_it(cast, outlet, sent_jobs, at, send, sink):
    give_email(cast.chen, "chen@x.example")
    give_email(cast.zheng, "zheng@x.example")
    make_outcome(cast.lin_mei, verified=False)
    offer(cast)
    at(9)

    assert sorted(write(outlet)) == [NoticeKind.HAND_OVER, NoticeKind.VERIFICATION]
    assert write(outlet) == []
    send()
    texts = {m["To"]: m["Subject"] + m.get_body(("plain",)).get_content() for m in sink.mails}
    assert set(texts) == {"chen@x.example", "zheng@x.example"}
    assert "/responsibility" in texts["chen@x.example"]
    assert "/outcomes" in texts["zheng@x.example"]
    assert not any("林" in text.replace("陈老师", "") for text in texts.values())

    # What is new is told again, a hand-over after an hour, outcomes the day after.
    offer(cast)
    make_outcome(make_student(cast.university), verified=False)
    assert write(outlet) == []
    at(11)
    assert write(outlet) == [NoticeKind.HAND_OVER]
    at(8, days=1)
    assert write(outlet) == [NoticeKind.VERIFICATION]
    assert db.session.query(Notice).count() == 4


def test_the_day_is_told_to_who_asked_at_the_hour_and_once(
    cast, outlet, sent_jobs, at, browser, send, sink
):
    give_email(cast.chen, "chen@x.example")
    give_email(cast.wu, "wu@x.example")
    assert cast.case
    browser.sign_in(cast.chen)
    wanted = {"kinds": ["hand_over", "report"], "digest": "8"}
    assert browser.submit("/account/mails", **wanted).status_code == 302
    assert browser.submit("/account/mails", **wanted | {"digest": "3"}).status_code == 422
    assert 'value="8" selected' in " ".join(browser.get("/account").text.split()) or (
        'selected value="8"' in browser.get("/account").text
    )

    at(7)
    before = write(outlet)
    at(8)
    told = [write(outlet), write(outlet)]
    send()
    at(12, days=5)
    on_saturday = write(outlet)

    assert (before, on_saturday) == ([], [])
    assert told == [[NoticeKind.DAY], []]
    text = sink.mails[0]["Subject"] + sink.mails[0].get_body(("plain",)).get_content()
    assert sink.recipients == ["chen@x.example"]
    assert "/today" in text
    assert "林梅" not in text


def test_an_empty_day_is_not_told(cast, outlet, at):
    wu = give_email(cast.wu, "wu@x.example")
    wu.digest_hour = 8
    db.session.commit()
    at(9)

    assert write(outlet) == []
    assert db.session.query(Notice).count() == 0


def test_who_refused_or_left_or_has_no_address_is_not_told(cast, outlet, at, browser):
    make_outcome(cast.lin_mei, verified=False)
    give_email(cast.zheng, "zheng@x.example")
    leaver = make_user(Role.UNIVERSITY, cast.university, disabled_at=clock.now())
    give_email(leaver, "leaver@x.example")
    give_email(cast.xu, "xu@x.example")
    make_user(Role.UNIVERSITY, cast.university)
    browser.sign_in(cast.zheng)
    browser.submit("/account/mails", kinds=["report"])
    at(9)

    assert write(outlet) == []
    assert db.session.get_one(User, cast.zheng.id).digest_hour is None


def test_without_a_mail_server_nothing_is_due(cast, settings):
    give_email(cast.zheng, "zheng@x.example")
    with use_scope(system_scope("test")):
        assert due_people(settings) == []
