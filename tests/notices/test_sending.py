"""A sender at work, against a real mail server."""

import pytest
from sqlalchemy import select

from placement.accounts.queries import viewer_of
from placement.db import db, transaction
from placement.notices.models import Channel, Delivery, DeliveryEvent, NoticeKind, Priority
from placement.notices.operations.steering import cancel_notice, pause_notice
from placement.notices.operations.suppressing import opt_out, suppress_address
from placement.notices.operations.sweeping import sweep
from placement.notices.post import take_post
from placement.notices.sender import Drained
from tests.notices.conftest import FAIR, only_delivery, only_notice, states


def test_everybody_gets_one_mail_in_both_forms(tell, send, sink, audience):
    tell(audience)

    ended = send()

    assert ended is Drained.DONE
    assert sorted(sink.recipients) == [f"student{n}@domain{n}.example" for n in range(5)]
    assert states() == {"sent": 5}
    mail = sink.mails[0]
    assert mail["Subject"] == "2016年11月26日（星期六）招聘会：2016届春季招聘会"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert audience[0].name in plain.get_content()
    assert "https://placement.example/fairs/1" in html.get_content()
    assert mail["From"].addresses[0].addr_spec == "notices@placement.example"


def test_each_student_is_written_to_in_their_language(tell, send, sink, audience):
    audience[0].locale = "en"
    db.session.commit()
    tell(audience[:1])

    send()

    assert sink.mails[0]["Subject"].startswith("Job fair on Saturday, November 26, 2016")


def test_what_was_sent_is_on_record(tell, send, sink, audience):
    tell(audience[:1])

    send()

    delivery = only_delivery()
    assert (delivery.attempts, delivery.reply_code, delivery.enhanced_code) == (1, 250, "2.0.0")
    assert delivery.message_id == sink.message_ids[0]
    key = audience[0].key()
    assert key is not None
    sealed = delivery.address_sealed
    assert key.open(sealed, "deliveries.address", delivery.uid) == "student0@domain0.example"
    story = db.session.execute(select(DeliveryEvent).order_by(DeliveryEvent.id)).scalars().all()
    assert [(step.from_state, step.to_state) for step in story] == [
        (None, "pending"),
        ("pending", "claimed"),
        ("claimed", "sending"),
        ("sending", "sent"),
    ]


def test_an_address_corrected_while_the_notice_waits_is_used(tell, send, sink, audience):
    student = audience[0]
    tell([student])
    key = student.key()
    assert key is not None
    student.email_sealed = key.seal("new@domain0.example", "students.email", student.uid)
    db.session.commit()

    send()

    assert sink.recipients == ["new@domain0.example"]


def test_a_student_erased_meanwhile_is_not_written_to(tell, send, sink, audience):
    tell(audience[:1])
    audience[0].data_key = None
    db.session.commit()

    send()

    assert sink.recipients == []
    assert (only_delivery().state, only_delivery().reason) == ("skipped", "no_address")


def test_the_mail_names_its_way_out(tell, send, sink, audience):
    tell(audience[:1])

    send()

    mail = sink.mails[0]
    assert mail["List-Unsubscribe"].startswith("<https://placement.example/notices/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_nothing_in_a_mail_tells_the_category(tell, send, sink, audience):
    tell(audience[:1], values=FAIR | {"title": "残疾毕业生专场招聘会"})

    send()

    mail = sink.mails[0]
    written = str(mail["Subject"]) + mail.get_body(("plain",)).get_content()
    written += mail.get_body(("html",)).get_content() + str(mail["Message-ID"])
    assert "残疾" not in written
    assert mail["Subject"] == "2016年11月26日（星期六）招聘会通知"


def test_a_sender_without_a_slot_ends_at_once(tell, send, sink, audience, outlet):
    tell(audience)

    with take_post(Channel.MAIL, 0, owner="somebody", lease_seconds=60):
        refused, other = send(slot=0), send(slot=1)

    assert (refused, other) == (Drained.BUSY, Drained.DONE)
    assert len(sink.recipients) == 5


def test_a_sender_hands_over_when_its_time_is_over(tell, send, sink, audience):
    tell(audience)
    points = []

    ended = send(stop=lambda: points.count("after_250") == 2, at_point=points.append)

    assert ended is Drained.MORE
    assert states() == {"sent": 2, "pending": 3}
    assert len(sink.recipients) == 2


def test_mail_that_somebody_waits_for_goes_first(tell, send, sink, audience):
    tell(audience)
    last = db.session.execute(select(Delivery).order_by(Delivery.id.desc())).scalars().first()
    last.priority = Priority.AT_ONCE
    db.session.commit()

    send()

    assert sink.recipients[0] == "student4@domain4.example"


@pytest.mark.parametrize(
    ("stop", "state", "reason"),
    [
        pytest.param(cancel_notice, "skipped", "cancelled", id="cancelled"),
        pytest.param(pause_notice, "held", "paused", id="paused"),
    ],
)
def test_a_notice_stopped_in_the_middle_stops_there(
    tell, send, sink, audience, cast, stop, state, reason
):
    tell(audience)
    huang = viewer_of(cast.huang)

    def stop_after_the_second(point: str) -> None:
        if point == "after_rcpt" and len(sink.kept) == 2:
            with transaction():
                stop(only_notice(), actor=huang)

    send(at_point=stop_after_the_second)

    assert len(sink.recipients) == 2
    assert states() == {"sent": 2, state: 3}
    reasons = db.session.execute(select(Delivery.reason).where(Delivery.state == state)).scalars()
    assert set(reasons) == {reason}


def test_who_opts_out_between_claim_and_sending_is_left_out(tell, send, sink, audience):
    tell(audience)

    def opt_out_the_last(point: str) -> None:
        if point == "after_claim" and not sink.kept:
            with transaction():
                opt_out(audience[4].id, NoticeKind.FAIR, Channel.MAIL)

    send(at_point=opt_out_the_last)

    assert "student4@domain4.example" not in sink.recipients
    assert states() == {"sent": 4, "skipped": 1}


def test_an_address_closed_between_claim_and_sending_is_left_out(tell, send, sink, audience):
    tell(audience)

    def close_the_last(point: str) -> None:
        if point == "after_claim" and not sink.kept:
            with transaction():
                suppress_address(Channel.MAIL, audience[4].email_index, reason="complaint")

    send(at_point=close_the_last)

    assert "student4@domain4.example" not in sink.recipients
    assert states() == {"sent": 4, "skipped": 1}


def test_a_delivery_that_expired_meanwhile_does_not_go_out(tell, send, sink, audience, travel):
    tell(audience[:1])
    travel(hours=49)

    send()

    assert sink.recipients == []
    assert states() == {"expired": 1}


def test_a_sender_that_lost_its_lease_sends_nothing(tell, send, sink, audience, superuser):
    tell(audience[:1])

    def let_the_lease_pass(point: str) -> None:
        if point == "after_rcpt":
            superuser.execute("UPDATE deliveries SET lease_until = now() - interval '1 second'")

    send(at_point=let_the_lease_pass, seconds=0.5)

    assert sink.recipients == []


def test_an_answer_after_the_lease_is_evidence(tell, send, sink, audience, outlet, superuser):
    tell(audience[:1])

    def sweep_meanwhile(point: str) -> None:
        if point == "after_250":
            superuser.execute("UPDATE deliveries SET lease_until = now() - interval '1 second'")
            with transaction():
                sweep(outlet)
            assert states() == {"pending": 1}

    send(at_point=sweep_meanwhile)

    assert sink.recipients == ["student0@domain0.example"]
    assert (only_delivery().state, only_delivery().reason) == ("sent", "late_evidence")
