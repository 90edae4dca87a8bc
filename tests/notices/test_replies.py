"""What each answer of a mail server makes of a delivery, of its address and of the channel."""

import datetime as dt

import pytest
from sqlalchemy import select

from placement.db import db
from placement.notices.models import ChannelStatus, Delivery, NoticeState, Suppression
from placement.notices.sender import Drained
from placement.students.models import Student
from tests.cast import Cast
from tests.factories import make_student
from tests.notices.conftest import only_delivery, only_notice, states

HANG_UP = None

AT_RECIPIENT = [
    pytest.param(b"450 4.2.1 busy\r\n", "pending", "throttle_deferred", id="450"),
    pytest.param(b"451 4.3.0 fault\r\n", "pending", "throttle_deferred", id="451"),
    pytest.param(b"452 4.3.1 full\r\n", "pending", "throttle_deferred", id="452"),
    pytest.param(b"455 no\r\n", "pending", "server_deferred", id="455"),
    pytest.param(b"550 5.1.1 nobody\r\n", "failed", "address_refused", id="550"),
    pytest.param(b"553 5.1.3 odd\r\n", "failed", "address_refused", id="553"),
    pytest.param(b"554 5.7.1 policy\r\n", "failed", "server_refused", id="554"),
    pytest.param(b"550 \xe6\xb2\xa1\xe6\x9c\x89\r\n", "failed", "address_refused", id="8-bit"),
    pytest.param(b"421 4.7.0 go away\r\n", "pending", "throttle_deferred", id="421"),
    pytest.param(b"what?\r\n", "pending", "throttle_deferred", id="garbage"),
    pytest.param(HANG_UP, "pending", "network_deferred", id="hung-up"),
]
AT_DATA = [
    pytest.param(b"451 4.3.0 later\r\n", "pending", "throttle_deferred", id="451"),
    pytest.param(b"421 4.7.0 go away\r\n", "pending", "throttle_deferred", id="421"),
    pytest.param(b"554 5.6.0 no\r\n", "failed", "content_refused", id="554"),
    pytest.param(HANG_UP, "pending", "network_deferred", id="hung-up"),
]
AT_END = [
    pytest.param(b"451 4.3.0 later\r\n", "pending", "throttle_deferred", id="451"),
    pytest.param(b"552 5.3.4 too big\r\n", "failed", "content_refused", id="552"),
    pytest.param(b"554 5.6.0 no\r\n", "failed", "content_refused", id="554"),
    pytest.param(b"550 5.1.1 nobody\r\n", "failed", "address_refused", id="550-address"),
    pytest.param(b"what?\r\n", "uncertain", "no_answer", id="garbage"),
    pytest.param(HANG_UP, "uncertain", "no_answer", id="hung-up"),
]


@pytest.mark.parametrize(("reply", "state", "reason"), AT_RECIPIENT)
def test_answer_to_the_recipient(tell, send, sink, audience, reply, state, reason):
    tell(audience[:1])
    sink.at_recipient = lambda _address: reply

    send()

    delivery = only_delivery()
    assert (delivery.state, delivery.reason, delivery.attempts) == (state, reason, 1)
    assert sink.recipients == []


@pytest.mark.parametrize(("reply", "state", "reason"), AT_DATA)
def test_answer_to_data(tell, send, sink, audience, reply, state, reason):
    tell(audience[:1])
    sink.at_data = lambda _address: reply

    send()

    delivery = only_delivery()
    assert (delivery.state, delivery.reason, delivery.attempts) == (state, reason, 1)


@pytest.mark.parametrize(("reply", "state", "reason"), AT_END)
def test_answer_to_the_whole_mail(tell, send, sink, audience, reply, state, reason):
    tell(audience[:1])
    sink.at_mail = lambda _address: reply

    send()

    delivery = only_delivery()
    assert (delivery.state, delivery.reason, delivery.attempts) == (state, reason, 1)


def test_an_odd_address_is_refused_before_anything_is_said(tell, send, sink, audience):
    student = audience[0]
    key = student.key()
    assert key is not None
    odd = "x@domain0.example>\r\nDATA"
    student.email_sealed = key.seal(odd, "students.email", student.uid)
    db.session.commit()
    tell([student])

    send()

    assert (only_delivery().state, only_delivery().reason) == ("failed", "address_refused")
    assert sink.connections == 0


def test_one_refused_address_does_not_hold_up_the_others(tell, send, sink, audience):
    tell(audience)
    sink.at_recipient = lambda address: b"550 5.1.1 nobody\r\n" if "student1" in address else b""

    send()

    assert states() == {"sent": 4, "failed": 1}


def test_back_off_grows_with_each_attempt(tell, send, sink, audience, travel):
    tell(audience[:1])
    sink.at_recipient = lambda _address: b"450 4.2.1 busy\r\n"
    waits = []

    for _try in range(5):
        send()
        delivery = only_delivery()
        waits.append((delivery.next_try_at - _now()).total_seconds() / 60)
        travel(minutes=waits[-1] + 0.1)

    for wait, usual in zip(waits, (1, 5, 15, 60, 60), strict=True):
        assert usual * 0.79 <= wait <= usual * 1.21
    assert only_delivery().attempts == 5


def _now() -> dt.datetime:
    return db.session.execute(db.text("SELECT placement_now()")).scalar_one()


def test_an_address_refused_on_two_days_is_given_up(tell, send, sink, audience, travel):
    sink.at_recipient = lambda _address: b"550 5.1.1 nobody\r\n"
    tell(audience[:1])
    send()
    tell(audience[:1], again=True)
    send()
    closed = db.session.execute(select(Suppression)).scalar_one()
    assert (closed.bounces, closed.since) == (1, None)

    travel(days=1)
    tell(audience[:1], again=True)
    send()
    last = tell(audience[:1], again=True)

    db.session.expire_all()
    assert db.session.execute(select(Suppression.since)).scalar_one() is not None
    assert last.states["mail"] == {"skipped": 1}
    assert states(last.notice_id) == {"skipped": 1}


def test_a_text_refused_again_and_again_pauses_its_notice(tell, send, sink, cast):
    students = [_student(cast, n) for n in range(22)]
    tell(students)
    sink.at_mail = lambda _address: b"554 5.6.0 no\r\n"

    send()

    notice = only_notice()
    assert (notice.state, notice.state_reason) == (NoticeState.PAUSED, "text_refused")
    assert states() == {"failed": 20, "held": 2}


def _student(cast: Cast, number: int) -> Student:
    return make_student(cast.university, email=f"s{number}@domain.example")


def test_a_dead_server_costs_no_attempt_and_opens_the_circuit(tell, send, sink, audience):
    tell(audience)

    ended = send(smtp_url="smtp://127.0.0.1:1")

    assert ended is Drained.DONE
    assert states() == {"pending": 5}
    assert set(db.session.execute(select(Delivery.attempts)).scalars()) == {0}
    status = db.session.execute(select(ChannelStatus)).scalar_one()
    assert status.failures == 1
    assert 50 <= (status.open_until - _now()).total_seconds() <= 60


def test_an_open_circuit_is_left_alone_then_tried_with_one(tell, send, sink, audience, travel):
    tell(audience)
    send(smtp_url="smtp://127.0.0.1:1")

    send()
    assert sink.connections == 0
    travel(seconds=61)
    tried = []
    send(at_point=tried.append)

    assert tried.index("after_250") < tried.index("before_claim", 1)
    assert states() == {"sent": 5}
    db.session.expire_all()
    status = db.session.execute(select(ChannelStatus)).scalar_one()
    assert (status.failures, status.open_until) == (0, None)


def test_the_circuit_opens_for_twice_as_long_each_time(tell, send, audience, travel):
    tell(audience)
    waits = []

    for _try in range(6):
        send(smtp_url="smtp://127.0.0.1:1")
        db.session.expire_all()
        status = db.session.execute(select(ChannelStatus)).scalar_one()
        waits.append(round((status.open_until - _now()).total_seconds() / 60))
        travel(minutes=waits[-1], seconds=1)

    assert waits == [1, 2, 4, 8, 15, 15]


def test_many_in_a_row_put_off_open_the_circuit(tell, send, sink, cast):
    tell([_student(cast, n) for n in range(8)])
    sink.at_recipient = lambda _address: b"451 4.3.0 fault\r\n"

    send()

    assert db.session.execute(select(ChannelStatus.failures)).scalar_one() == 1
    attempts = sorted(db.session.execute(select(Delivery.attempts)).scalars())
    assert attempts == [0, 0, 0, 1, 1, 1, 1, 1]


def test_a_refused_log_in_stops_the_channel_and_burns_no_attempt(tell, send, sink, audience):
    tell(audience)
    sink.at_sender = lambda _address: b"530 5.7.0 log in first\r\n"

    send()

    status = db.session.execute(select(ChannelStatus)).scalar_one()
    assert status.stopped_reason == "log_in_refused"
    assert states() == {"pending": 5}
    assert set(db.session.execute(select(Delivery.attempts)).scalars()) == {0}


def test_a_server_without_the_log_in_we_have_stops_the_channel(tell, send, sink, audience):
    tell(audience)

    send(smtp_url=f"smtp://user:secret@127.0.0.1:{sink.port}")

    assert db.session.execute(select(ChannelStatus.stopped_reason)).scalar_one() == "no_safe_log_in"


def test_a_server_without_the_encryption_we_ask_for_gets_nothing(tell, send, sink, audience):
    tell(audience)

    send(smtp_url=f"smtp://127.0.0.1:{sink.port}?starttls=1")

    assert sink.recipients == []
    assert db.session.execute(select(ChannelStatus.stopped_reason)).scalar_one() == "no_safe_log_in"


@pytest.mark.parametrize(("reply", "state", "reason"), [*AT_END, (b"", "sent", None)])
def test_answer_to_a_mail_given_in_one_piece(tell, send, sink, audience, reply, state, reason):
    sink.chunking = True
    tell(audience[:1])
    sink.at_mail = lambda _address: reply

    send()

    delivery = only_delivery()
    assert (delivery.state, delivery.reason, delivery.attempts) == (state, reason, 1)
    assert all(mail.get_body(("plain",)).get_content() for mail in sink.mails)
