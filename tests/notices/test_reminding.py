"""Those who do not answer: reminded once, whoever does it; then a word from their counselor."""

import datetime as dt
import threading

import pytest
from sqlalchemy import select

from placement import clock
from placement.accounts.queries import viewer_of
from placement.db import db, transaction
from placement.desk.needs import needs_today
from placement.fairs.models import Fair, SignUp, SignUpState
from placement.fairs.operations.reminding import set_reminder
from placement.notices.models import Channel, Delivery, Notice, NoticeKind, Telling
from tasks.students import tell_and_remind
from tests.factories import assign, make_case, make_outcome, save
from tests.notices.conftest import only_notice


@pytest.fixture
def fair(cast) -> Fair:
    fair = Fair(title="春季招聘会", on=clock.today() + dt.timedelta(days=6), place="福州")
    fair.university_id = cast.university.id
    save(fair)
    return fair


@pytest.fixture
def notice(tell, audience, cast, fair):
    """Five were told three days ago: two answered, one is placed, two are silent."""
    tell(
        audience,
        channels=(Channel.MAIL, Channel.INBOX),
        university_id=cast.university.id,
        subject_id=fair.id,
    )
    save(
        SignUp(fair_id=fair.id, student_id=audience[0].id),
        SignUp(fair_id=fair.id, student_id=audience[1].id, state=SignUpState.WITHDRAWN),
    )
    make_outcome(audience[2])
    notice = only_notice()
    notice.created_at = clock.now() - dt.timedelta(days=3)
    db.session.commit()
    return notice


def reminded() -> list[int]:
    db.session.rollback()
    told = (
        select(Delivery.student_id)
        .join(Notice)
        .where(Notice.kind == NoticeKind.REMINDER, Delivery.channel == Channel.INBOX)
    )
    return sorted(db.session.execute(told).scalars())


def test_the_silent_are_reminded_once_by_two_beats(app, outlet, browser, cast, notice, audience):
    silent = sorted(student.id for student in audience[3:])
    browser.sign_in(cast.zheng)
    there = f"/fairs/notices/{notice.id}/reminder"
    html = browser.get(f"/notices/{notice.id}").get_data(as_text=True)
    assert "Nobody is reminded yet." in html
    for days in ("0", "31", "x"):
        assert browser.submit(there, after_days=days).status_code == 422
    too_late = browser.submit(there, after_days="9")
    assert "too late for the fair" in too_late.get_data(as_text=True)

    browser.submit(there, after_days="4")
    tell_and_remind()
    assert reminded() == []  # it is not due yet
    browser.submit(f"{there}?after_days=", after_days="")
    assert only_notice().remind_after_days is None
    browser.submit(there, after_days="2")

    start = threading.Barrier(2)

    def beat() -> None:
        with app.app_context():
            start.wait()
            tell_and_remind()

    beats = [threading.Thread(target=beat) for _ in range(2)]
    for each in beats:
        each.start()
    for each in beats:
        each.join()
    tell_and_remind()

    assert reminded() == silent
    html = browser.get(f"/notices/{notice.id}").get_data(as_text=True)
    assert "They were reminded at" in html
    assert browser.submit(there, after_days="3").status_code == 422


def test_a_second_notice_of_the_fair_reminds_nobody_again(
    outlet, cast, tell, notice, audience, fair
):
    with transaction():
        set_reminder(notice, after_days=2, actor=None)
    tell_and_remind()
    before = reminded()
    told = tell(
        audience,
        channels=(Channel.INBOX,),
        university_id=cast.university.id,
        subject_id=fair.id,
        audience={"another": "choice"},
    )
    second = db.session.get(Notice, told.notice_id)
    second.created_at, second.remind_after_days = clock.now() - dt.timedelta(days=3), 1
    db.session.commit()

    tell_and_remind()

    assert len(before) == 2
    assert reminded() == before


def test_who_stays_silent_stands_on_their_own_counselors_day(outlet, cast, notice, audience, fair):
    silent = audience[3]
    assign(silent, cast.chen)
    make_case(
        silent,
        next_step="x",
        next_contact_on=clock.today() + dt.timedelta(days=9),
        last_contact_on=clock.today(),
    )
    with transaction():
        set_reminder(notice, after_days=2, actor=None)
    tell_and_remind()
    assert "unanswered" not in rules_of(silent, cast.chen)

    for telling in db.session.query(Telling):
        telling.at = clock.now() - dt.timedelta(days=3)
    db.session.commit()
    assert rules_of(silent, cast.chen) == ["unanswered"]
    assert rules_of(silent, cast.wu) == []
    save(SignUp(fair_id=fair.id, student_id=silent.id, state=SignUpState.WITHDRAWN))

    assert rules_of(silent, cast.chen) == []


def rules_of(student, counselor) -> list[str]:
    viewer = viewer_of(counselor)
    needs = needs_today(viewer, today=clock.today()).page
    return [rule for need in needs if need.student.id == student.id for rule in need.rules]
