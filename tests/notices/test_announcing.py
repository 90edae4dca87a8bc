"""Announcing a fair: one delivery a person and channel, whatever happens twice."""

import dataclasses
import datetime as dt
import threading

import pytest
from sqlalchemy import func, select

from placement import clock
from placement.accounts.queries import viewer_of
from placement.audit.models import AuditEvent
from placement.db import db, system_scope, transaction, use_scope
from placement.errors import InvalidValueError
from placement.notices.channels import ChannelNotOfferedError
from placement.notices.models import Channel, Delivery, DeliveryState, Notice, NoticeKind
from placement.notices.operations.announcement import AlreadyAnnouncedError
from placement.notices.operations.announcing import announce, preview
from placement.notices.operations.suppressing import opt_out, suppress_address
from placement.queue import DRAIN_DELIVERIES
from placement.students.models import Student
from tests.factories import make_student
from tests.notices.conftest import announcement, states

ALL = (Channel.MAIL, Channel.INBOX)


def test_each_person_gets_one_row_by_each_channel(tell, audience):
    told = tell(audience, channels=ALL)

    assert told.audience == 5
    assert told.deliveries == {"mail": 5, "inbox": 5}
    assert states() == {"pending": 5, "sent": 5}


def test_the_inbox_is_delivered_by_being_written(tell, audience):
    tell(audience[:1], channels=(Channel.INBOX,))

    delivery = db.session.execute(select(Delivery)).scalar_one()
    assert delivery.state is DeliveryState.SENT
    assert delivery.sent_at == delivery.finished_at is not None


def test_message_ids_are_fixed_and_tell_nothing(tell, audience):
    tell(audience)

    rows = db.session.execute(select(Delivery)).scalars().all()
    assert {row.message_id for row in rows} == {
        f"<{row.uid.hex}@placement.example>" for row in rows
    }


def test_who_cannot_be_reached_has_a_row_that_says_why(tell, audience):
    audience[0].email_sealed = audience[0].email_index = None
    audience[1].data_key = None
    opt_out(audience[2].id, NoticeKind.FAIR, Channel.MAIL)
    suppress_address(Channel.MAIL, audience[3].email_index, reason="complaint")
    db.session.commit()

    told = tell(audience, channels=ALL)

    assert told.states[Channel.MAIL] == {"skipped": 4, "pending": 1}
    mail = select(Delivery).where(Delivery.channel == Channel.MAIL).order_by(Delivery.student_id)
    reasons = [row.reason for row in db.session.execute(mail).scalars()]
    assert reasons == ["no_address", "no_address", "opted_out", "suppressed", None]
    assert told.states[Channel.INBOX] == {"sent": 5}


def test_senders_are_woken_after_the_commit(tell, audience, sent_jobs, outlet):
    tell(audience)

    assert sent_jobs == [(DRAIN_DELIVERIES, ("mail", slot)) for slot in range(outlet.senders)]


def test_the_same_to_the_same_is_refused(tell, audience):
    first = tell(audience, audience={"university": ["90001", "90002"], "part": []})

    with pytest.raises(AlreadyAnnouncedError) as refused:
        tell(audience, audience={"university": ["90002", "90001"]})

    assert refused.value.notice_id == first.notice_id
    assert states() == {"pending": 5}


def test_again_is_a_new_round(tell, audience):
    tell(audience)

    second = tell(audience, again=True)

    rounds = db.session.execute(select(Notice.round).order_by(Notice.id)).scalars().all()
    assert rounds == [1, 2]
    assert states(second.notice_id) == {"pending": 5}


def test_another_audience_is_another_notice(tell, audience):
    tell(audience, audience={"university": ["90001"]})

    tell(audience, audience={"university": ["90002"]})

    assert db.session.execute(select(func.count()).select_from(Notice)).scalar_one() == 2


def test_two_at_once_make_one_notice(app, outlet, sent_jobs, audience):
    chosen = select(Student.id)
    what = announcement()
    start, outcomes = threading.Barrier(2), []

    def tell() -> None:
        with app.app_context(), use_scope(system_scope("test")):
            start.wait()
            try:
                with transaction():
                    outcomes.append(announce(chosen, what, actor=None, settings=outlet).notice_id)
            except AlreadyAnnouncedError as refused:
                outcomes.append(refused.notice_id)

    db.session.rollback()
    threads = [threading.Thread(target=tell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(outcomes) == 2
    assert len(set(outcomes)) == 1
    assert states() == {"pending": 5}


def test_only_people_in_the_scope_are_written_to(outlet, sent_jobs, cast, audience):
    stranger = cast.stranger
    everybody = select(Student.id)
    db.session.commit()

    with use_scope(viewer_of(cast.zheng).scope), transaction():
        told = announce(everybody, announcement(), actor=viewer_of(cast.zheng), settings=outlet)

    assert told.audience == 5
    written_to = db.session.execute(select(Delivery.student_id)).scalars().all()
    assert stranger.id not in written_to


def test_a_preview_counts_the_same_and_writes_nothing(outlet, audience):
    opt_out(audience[2].id, NoticeKind.FAIR, Channel.MAIL)
    db.session.commit()

    told = preview(select(Student.id), announcement(channels=ALL), settings=outlet)

    assert (told.notice_id, told.audience) == (None, 5)
    assert told.states[Channel.MAIL] == {"skipped": 1, "pending": 4}
    assert told.deliveries == {"mail": 5, "inbox": 5}
    assert states() == {}


def test_in_quiet_hours_mail_waits_for_the_morning(outlet, sent_jobs, audience, travel):
    night = dataclasses.replace(outlet, mail_quiet_hours="00:00-23:59")

    with transaction():
        announce(select(Student.id), announcement(channels=ALL), actor=None, settings=night)

    assert states() == {"held": 5, "sent": 5}
    held = select(Delivery).where(Delivery.state == DeliveryState.HELD)
    row = db.session.execute(held).scalars().first()
    assert row.reason == "quiet_hours"
    assert row.next_try_at.astimezone(clock.ZONE).time() == dt.time(23, 59)
    assert sent_jobs == []


def test_a_notice_is_no_news_after_three_days(tell, audience):
    tell(audience[:1], expires_at=clock.now() + dt.timedelta(days=30))

    expires_at = db.session.execute(select(Notice.expires_at)).scalar_one()
    assert expires_at <= clock.now() + dt.timedelta(hours=72)


def test_it_leaves_a_trace(tell, audience):
    told = tell(audience)

    event = db.session.execute(
        select(AuditEvent).where(AuditEvent.action == "notice.announced")
    ).scalar_one()
    assert event.subject_id == told.notice_id
    assert event.details == {"kind": "fair", "audience": 5}


def test_what_is_for_one_alone_is_sealed_until_it_is_sent(tell, send, sink, audience):
    personal = {
        s.id: {"code": f"CODE{n}", "username": "u", "url": "x"} for n, s in enumerate(audience)
    }
    values = {"expires_on": "2016-12-01"}
    tell(audience, kind=NoticeKind.ACTIVATION, values=values, personal=personal)
    sealed = db.session.execute(select(Delivery.values_sealed)).scalars().all()
    assert all(sealed)
    assert not any(b"CODE" in value for value in sealed)

    send()

    texts = {str(m["To"]): m.get_body(("plain",)).get_content() for m in sink.mails}
    assert all(f"CODE{n}" in texts[f"student{n}@domain{n}.example"] for n in range(5))
    assert set(db.session.execute(select(Delivery.values_sealed)).scalars()) == {None}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"channels": ()}, "No channel", id="no-channel"),
        pytest.param({"expires_at": dt.datetime(2016, 1, 1, tzinfo=clock.ZONE)}, "over", id="late"),
    ],
)
def test_what_cannot_be_announced_is_refused(tell, audience, changes, words):
    with pytest.raises(InvalidValueError, match=words):
        tell(audience, **changes)

    assert states() == {}


def test_nobody_is_no_audience(tell):
    with pytest.raises(InvalidValueError, match="Nobody"):
        tell([])


def test_a_channel_that_is_not_set_up_is_not_offered(tell, audience):
    with pytest.raises(ChannelNotOfferedError, match="PLACEMENT_SMS_URL"):
        tell(audience, channels=(Channel.SMS,))

    assert states() == {}


def test_a_void_student_is_nobody(tell, cast, audience):
    gone = make_student(cast.university, voided_at=clock.now())

    told = tell([*audience, gone])

    assert told.deliveries == {"mail": 5}
