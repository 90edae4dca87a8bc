"""Pause, resume, cancel, and decide about what is in doubt."""

import pytest
from sqlalchemy import select

from placement.accounts.queries import viewer_of
from placement.audit.models import AuditEvent
from placement.db import db, transaction
from placement.notices.models import Channel, ChannelStatus, DeliveryState, Notice, NoticeState
from placement.notices.operations.circuit import stop_channel
from placement.notices.operations.steering import (
    NoticeClosedError,
    Resolution,
    cancel_notice,
    pause_notice,
    resolve_doubt,
    restart_channel,
    resume_notice,
)
from placement.queue import DRAIN_DELIVERIES
from tests.notices.conftest import only_delivery, only_notice, put, states


@pytest.fixture
def huang(cast):
    return viewer_of(cast.huang)


def act(operation, *arguments, **values):
    with transaction():
        return operation(only_notice(), *arguments, **values)


def test_a_paused_notice_sends_nothing_until_it_is_resumed(
    tell, send, sink, audience, huang, outlet, sent_jobs
):
    tell(audience)

    act(pause_notice, actor=huang)
    assert states() == {"held": 5}
    send()
    assert sink.recipients == []
    sent_jobs.clear()
    act(resume_notice, actor=huang, settings=outlet)

    assert states() == {"pending": 5}
    assert (DRAIN_DELIVERIES, ("mail", 0)) in sent_jobs


def test_pausing_twice_is_as_good_as_once(tell, audience, huang):
    tell(audience)
    act(pause_notice, actor=huang)

    act(pause_notice, actor=huang)

    events = select(AuditEvent.action).where(AuditEvent.action == "notice.paused")
    assert len(db.session.execute(events).all()) == 1


def test_cancelling_leaves_what_went_out(tell, send, audience, huang):
    tell(audience)
    points = []
    send(stop=lambda: points.count("after_250") == 2, at_point=points.append)

    act(cancel_notice, actor=huang)

    assert states() == {"sent": 2, "skipped": 3}
    assert only_notice().state is NoticeState.CANCELLED


def test_a_cancelled_notice_stays_cancelled(tell, audience, huang, outlet):
    tell(audience)
    act(cancel_notice, actor=huang)

    with pytest.raises(NoticeClosedError):
        act(resume_notice, actor=huang, settings=outlet)
    with pytest.raises(NoticeClosedError):
        act(pause_notice, actor=huang)

    assert only_notice().state is NoticeState.CANCELLED


@pytest.mark.parametrize("before", [DeliveryState.UNCERTAIN, DeliveryState.UNCERTAIN_FINAL])
@pytest.mark.parametrize(
    ("resolution", "after"),
    [
        pytest.param(Resolution.ARRIVED, "sent", id="arrived"),
        pytest.param(Resolution.SEND_AGAIN, "pending", id="again"),
        pytest.param(Resolution.LEAVE, "uncertain_final", id="leave"),
    ],
)
def test_doubt_is_decided_by_a_person(tell, audience, huang, outlet, before, resolution, after):
    tell(audience[:1])
    put(before, sending_at=only_notice().created_at)

    act(resolve_doubt, resolution, actor=huang, settings=outlet)

    delivery = only_delivery()
    assert delivery.state == after
    assert delivery.uncertain_resends == (1 if after == "pending" else 0)


def test_only_the_one_in_question_is_decided(tell, audience, huang, outlet):
    tell(audience)
    put(DeliveryState.UNCERTAIN, sending_at=only_notice().created_at)
    one = db.session.execute(select(Notice.id)).scalar_one()

    changed = act(
        resolve_doubt, Resolution.ARRIVED, actor=huang, settings=outlet, delivery_id=_first()
    )

    assert changed == 1
    assert states(one) == {"sent": 1, "uncertain": 4}


def _first() -> int:
    return db.session.execute(db.text("SELECT min(id) FROM deliveries")).scalar_one()


def test_a_cancelled_notice_is_not_sent_again(tell, audience, huang, outlet):
    tell(audience[:1])
    put(DeliveryState.UNCERTAIN)
    act(cancel_notice, actor=huang)

    with pytest.raises(NoticeClosedError):
        act(resolve_doubt, Resolution.SEND_AGAIN, actor=huang, settings=outlet)


def test_a_stopped_channel_goes_on_when_a_person_says_so(tell, audience, huang, outlet, sent_jobs):
    tell(audience)
    with transaction():
        stop_channel(Channel.MAIL, reason="log_in_refused")
    sent_jobs.clear()

    with transaction():
        restart_channel(Channel.MAIL, actor=huang, settings=outlet)

    db.session.expire_all()
    status = db.session.execute(select(ChannelStatus)).scalar_one()
    assert (status.failures, status.stopped_reason) == (0, None)
    assert (DRAIN_DELIVERIES, ("mail", 0)) in sent_jobs
