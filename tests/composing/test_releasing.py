"""From a draft to a notice: handed in, released by a second person, sent at its time, once."""

import datetime as dt

import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from placement import clock
from placement.accounts.models import Role, User
from placement.audit.models import AuditEvent
from placement.composing.models import DraftState
from placement.db import db, transaction
from placement.notices.models import Channel, Delivery, DeliveryState, Notice
from placement.students.models import Category, StandingKind
from tasks.composing import send_drafts
from tests.factories import make_member, make_standing, make_student, make_user


@pytest.fixture
def crowd(cast):
    """Three students of the register."""
    students = [cast.lin_mei]
    for number in range(2):
        student = make_student(cast.university, email=f"s{number}@a.example")
        make_member(student, Category.RURAL_ORIGIN)
        students.append(student)
    return students


@pytest.fixture
def second(cast):
    """A second administrator of the university."""
    return make_user(Role.UNIVERSITY, cast.university, username="second", display_name="第二人")


def notices() -> int:
    return db.session.query(Notice).count()


def acts() -> list[str]:
    found = db.session.query(AuditEvent).filter(AuditEvent.action.like("draft.%"))
    return [event.action for event in found.order_by(AuditEvent.id)]


def test_a_small_notice_goes_out_at_once_to_those_shown(composer, crowd):
    draft = composer.draft(channels=["inbox", "mail"], message="请带简历。\n\n地铁二号线。")
    page = composer.page(draft)

    response = composer.agree(draft)

    assert "请带简历。" in page
    assert "Dear (the student&#39;s name)" in page
    assert "（学生姓名）" in page
    assert response.status_code == 302
    states = {(d.channel, d.state) for d in db.session.query(Delivery)}
    assert (Channel.INBOX, DeliveryState.SENT) in states
    assert (Channel.MAIL, DeliveryState.PENDING) in states
    assert {d.student_id for d in db.session.query(Delivery)} == {s.id for s in crowd}
    assert composer.newest().notice_id == db.session.query(Notice).one().id
    assert acts() == ["draft.made", "draft.handed_in", "draft.sent"]
    assert composer.agree(draft).status_code == 422
    assert notices() == 1


def test_the_same_form_sent_twice_makes_one_draft(composer, crowd):
    number = "5b0e6f2c-0e7e-4d1e-9f43-2f3a6f6d0001"

    composer.compose(submission_id=number)
    composer.compose(submission_id=number)

    assert acts() == ["draft.made"]


def test_students_read_the_words_in_their_language(composer, browser, cast, crowd):
    student = cast.lin_mei_user
    composer.agree(composer.draft(message="请带简历。", message_en="Bring your CV."))
    inbox = db.session.query(Delivery).filter_by(student_id=student.student_id).one()

    browser.sign_in(student)

    assert "Bring your CV." in browser.get(f"/inbox/{inbox.id}").text
    db.session.query(User).filter_by(id=student.id).update({"locale": "zh_Hans_CN"})
    db.session.commit()
    assert "请带简历。" in browser.get(f"/inbox/{inbox.id}").text


def test_what_was_shown_and_what_is_must_agree(composer, cast, crowd):
    draft = composer.draft()
    shown = composer.shown(draft)
    make_member(make_student(cast.university), Category.RURAL_ORIGIN)

    one_more = composer.act(draft, "hand-in", **shown)
    forged = composer.act(draft, "hand-in", **composer.shown(draft) | {"digest": "0" * 64})

    assert (one_more.status_code, forged.status_code) == (422, 422)
    assert "It has changed since it was shown." in one_more.text
    assert notices() == 0


def test_the_same_audience_again_is_refused_unless_meant(composer, crowd):
    composer.agree(composer.draft())

    refused = composer.agree(composer.draft())
    meant = composer.agree(composer.draft(again="y"))

    assert (refused.status_code, meant.status_code) == (422, 302)
    assert notices() == 2


def test_a_large_notice_waits_for_a_second_person(composer, browser, cast, crowd, second, offered):
    offered(release_size=2)
    draft = composer.draft(message="请带简历。")
    shown = composer.shown(draft)
    composer.act(draft, "hand-in", **shown)
    assert composer.newest().state is DraftState.WAITING
    assert "You handed this in yourself." in composer.page(draft)
    alone = composer.act(draft, "release", **shown)

    browser.sign_in(second)
    assert "1 notice waits for your release" in browser.get("/overview").text
    assert "Spring fair" in browser.get("/notices/drafts").text
    wrong = composer.act(draft, "release", **shown | {"head_count": "2"})
    assert notices() == 0
    released = composer.agree(draft, "release")

    assert (alone.status_code, wrong.status_code, released.status_code) == (422, 422, 302)
    assert notices() == 1
    assert acts() == ["draft.made", "draft.handed_in", "draft.released", "draft.sent"]
    assert "waits for your release" not in browser.get("/notices").text


def test_a_change_takes_the_release_back(composer, browser, crowd, second, offered):
    offered(release_size=2)
    later = in_hours(5)
    draft = composer.draft(**later)
    composer.agree(draft)
    browser.sign_in(second)
    composer.agree(draft, "release")
    assert composer.newest().state is DraftState.SCHEDULED

    changed = browser.submit(
        f"/notices/drafts/{draft.id}/edit",
        channels="inbox",
        message="Other words",
        version=composer.newest().version,
        **later,
    )

    assert changed.status_code == 302
    row = composer.newest()
    assert (row.state, row.released_by, row.handed_in_by, row.digest) == (
        DraftState.DRAFT,
        None,
        None,
        None,
    )
    assert acts()[-1] == "draft.changed"


def test_it_goes_out_at_its_time_and_once(composer, cast, crowd, travel):
    draft = composer.draft(**in_hours(5), channels=["inbox", "mail"])
    composer.agree(draft)
    gone = crowd[2]
    send_drafts()
    assert notices() == 0

    make_standing(gone, StandingKind.WITHDRAWN)
    make_member(make_student(cast.university), Category.RURAL_ORIGIN)
    travel(hours=5, minutes=1)
    send_drafts()
    send_drafts()

    assert notices() == 1
    told = {d.student_id for d in db.session.query(Delivery)}
    assert told == {s.id for s in crowd} - {gone.id}
    row = composer.newest()
    assert (row.state, row.head_count) == (DraftState.SENT, 3)
    assert db.session.query(Notice).one().created_by == cast.zheng.id


def test_quiet_hours_hold_what_goes_out_at_night(composer, crowd, travel, offered):
    hour = (clock.now() + dt.timedelta(hours=5)).astimezone(clock.ZONE).hour
    offered(mail_quiet_hours=f"{hour:02}:00-{(hour + 3) % 24:02}:00")
    draft = composer.draft(**in_hours(5), channels=["mail"])
    assert "waits for the end of its quiet hours" in composer.page(draft)
    composer.agree(draft)

    travel(hours=5, minutes=1)
    send_drafts()

    assert {d.reason for d in db.session.query(Delivery)} == {"quiet_hours"}
    assert db.session.query(Delivery).count() == 3


def test_the_reminder_is_part_of_what_is_agreed_to(composer, crowd, cast, travel):
    draft = composer.draft(remind_after_days="2")
    other = composer.draft(remind_after_days="1")
    assert "reminded 2 days later" in composer.page(draft)
    assert composer.shown(draft)["digest"] != composer.shown(other)["digest"]
    assert 'value="2"' in composer.page(draft, "/edit")

    travel(days=1)
    composer.browser.sign_in(cast.zheng)
    too_late = composer.agree(draft)
    assert "The reminder would come too late for the fair." in too_late.text
    assert composer.agree(other).status_code == 302

    assert db.session.query(Notice).one().remind_after_days == 1


def test_nobody_gets_what_nobody_agreed_to(composer, crowd, fair, travel):
    draft = composer.draft(**in_hours(5))
    composer.agree(draft)
    fair = db.session.merge(fair)
    fair.place = "Xiamen"
    db.session.commit()
    assert "It has changed" in composer.page(draft)

    travel(hours=6)
    send_drafts()

    row = composer.newest()
    assert (row.state, row.setback, notices()) == (DraftState.DRAFT, "text_changed", 0)
    assert acts()[-1] == "draft.set_back"


def test_taken_back_discarded_and_taken_up_again(composer, crowd, travel):
    draft = composer.draft(**in_hours(5))
    composer.agree(draft)
    version = composer.shown(draft).get("version") or composer.newest().version
    composer.act(draft, "take-back", version=version)
    assert composer.newest().state is DraftState.DRAFT

    stale = composer.act(draft, "discard", version=1)
    composer.act(draft, "discard", version=composer.newest().version)
    assert "This draft was discarded" in composer.page(draft)
    assert "Spring fair" in composer.browser.get("/notices/drafts?show=discarded").text
    composer.act(draft, "restore")
    travel(hours=6)
    send_drafts()

    assert stale.status_code == 409
    assert (composer.newest().state, notices()) == (DraftState.DRAFT, 0)


def test_an_earlier_text_is_used_again(composer, crowd):
    draft = composer.draft(message="请带简历。")

    form = composer.browser.get(f"/fairs/{composer.fair_id}/announce?like={draft.id}").text

    assert "请带简历。</textarea>" in form
    assert f"like={draft.id}" in form
    edited = composer.page(draft, "/edit")
    assert "请带简历。</textarea>" in edited


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        pytest.param("released_by = handed_in_by", CheckViolation, id="one-person-twice"),
        pytest.param("state = 'scheduled'", CheckViolation, id="large-without-release"),
        pytest.param("message = 'other'", InsufficientPrivilege, id="other-words"),
        pytest.param("student_ids = '{1}', head_count = 1", InsufficientPrivilege, id="others"),
        pytest.param("state = 'draft'", CheckViolation, id="draft-that-keeps-it"),
    ],
)
def test_the_database_itself_holds_two_people_to_one_version(
    composer, crowd, offered, change, refusal
):
    offered(release_size=2)
    composer.agree(composer.draft())

    with pytest.raises(DBAPIError) as raised, transaction():
        db.session.execute(text(f"UPDATE notice_drafts SET {change}"))

    assert isinstance(raised.value.orig, refusal)


def in_hours(hours: int) -> dict[str, str]:
    """The fields of a form for something that goes out in so many hours."""
    at = (clock.now() + dt.timedelta(hours=hours)).astimezone(clock.ZONE)
    return {"when": "at", "send_at": f"{at:%Y-%m-%dT%H:%M}"}
