"""How often a student is written to: what can wait becomes one mail, what cannot comes at once."""

import datetime as dt

import pytest
from sqlalchemy import select

from placement import clock
from placement.clock import ZONE
from placement.db import db, transaction
from placement.notices.digests import Rhythm, next_digest
from placement.notices.models import (
    Channel,
    Delivery,
    DeliveryState,
    MailRhythm,
    Notice,
    NoticeKind,
    OptOut,
)
from placement.notices.operations.digesting import make_digests
from tests.factories import save
from tests.notices.conftest import FAIR

MONDAY_NOON = dt.datetime(2016, 11, 21, 12, 0, tzinfo=ZONE)
LATER = dt.timedelta(days=20)


@pytest.mark.parametrize(
    ("rhythm", "now", "moment"),
    [
        pytest.param(Rhythm.AT_ONCE, MONDAY_NOON, None, id="at-once"),
        pytest.param(Rhythm.DAILY, MONDAY_NOON, (21, 18), id="this-evening"),
        pytest.param(Rhythm.DAILY, MONDAY_NOON.replace(hour=18), (22, 18), id="the-next-evening"),
        pytest.param(Rhythm.WEEKLY, MONDAY_NOON, (27, 18), id="on-sunday"),
    ],
)
def test_when_a_digest_is_made(rhythm, now, moment):
    found = next_digest(rhythm, now)

    assert (found and (found.day, found.hour)) == moment


@pytest.fixture
def rhythms(audience):
    """One wants one mail a day, one a week, three at once."""
    save(
        MailRhythm(student_id=audience[0].id, rhythm=Rhythm.DAILY),
        MailRhythm(student_id=audience[1].id, rhythm=Rhythm.WEEKLY),
    )


def mails(*, kind: NoticeKind | None = None) -> list[Delivery]:
    db.session.rollback()
    db.session.expire_all()
    found = select(Delivery).join(Notice).where(Delivery.channel == Channel.MAIL)
    if kind is not None:
        found = found.where(Notice.kind == kind)
    return list(db.session.execute(found.order_by(Delivery.id)).scalars())


def let_moments_come() -> None:
    for delivery in mails():
        if delivery.reason == "digest":
            delivery.next_try_at = clock.now()
    db.session.commit()


def test_what_waits_goes_out_as_one_mail(tell, send, sink, outlet, audience, rhythms):
    later = clock.now() + LATER
    tell(audience[:2], expires_at=later)
    tell(
        audience[:1],
        audience={"b": "b"},
        values={**FAIR, "title": "Second fair"},
        expires_at=later,
        subject_id=2,
    )
    tell(audience[2:], audience={"c": "c"}, expires_at=later, subject_id=3)
    assert [d.state.value for d in mails()] == ["held"] * 3 + ["pending"] * 3
    with transaction():
        assert make_digests(outlet) == 0  # nobody's moment has come
    send()
    assert len(sink.kept) == 3
    let_moments_come()

    with transaction():
        assert make_digests(outlet) == 1
    with transaction():
        assert make_digests(outlet) == 0
    send()

    digest = mails(kind=NoticeKind.DIGEST)
    assert [(d.student_id, d.state) for d in digest] == [(audience[0].id, DeliveryState.SENT)]
    merged = [d for d in mails() if d.digest_id]
    assert [(d.state.value, d.reason, d.digest_id) for d in merged] == [
        ("skipped", "in_digest", digest[0].id)
    ] * 2
    alone = next(d for d in mails() if d.student_id == audience[1].id)
    assert alone.state is DeliveryState.SENT
    letter = next(mail for mail in sink.mails if mail["Message-ID"] == digest[0].message_id)
    for form in ("plain", "html"):
        written = letter.get_body((form,)).get_content()
        assert written.count("https://placement.example/fairs/1") == 2
        assert "Second fair" in written
    assert len(sink.kept) == 5


def test_what_cannot_wait_comes_at_once(tell, outlet, audience, rhythms):
    tell(audience[:2])  # over in two days: a digest of the week would be too late

    states = {d.student_id: (d.state.value, d.expires_at) for d in mails()}

    assert states[audience[1].id][0] == "pending"
    tell(audience[:2], kind=NoticeKind.FOLLOW_UP, values={"on": "2016-11-26", "path": "/my/plan"})
    assert {d.state.value for d in mails(kind=NoticeKind.FOLLOW_UP)} == {"pending"}


def test_a_student_chooses_how_often_and_of_what(browser, cast, tell, outlet):
    lin_mei = cast.lin_mei
    browser.sign_in(cast.lin_mei_user)
    html = browser.get("/inbox/preferences").get_data(as_text=True)
    assert 'value="at_once" required checked' in " ".join(html.split())
    topics = {"fairs": "mail", "jobs": "mail", "talks": "mail", "outcome": "mail"}

    browser.submit("/inbox/preferences", rhythm="weekly", **topics)
    tell([lin_mei], expires_at=clock.now() + LATER)
    (held,) = mails()
    assert (held.state, held.reason) == (DeliveryState.HELD, "digest")
    wanted_no_more = db.session.execute(select(OptOut.kind, OptOut.channel)).all()
    assert [tuple(row) for row in wanted_no_more] == [(NoticeKind.PAPERS, Channel.MAIL)]

    browser.submit("/inbox/preferences", rhythm="at_once", papers="mail", **topics)
    (moved,) = mails()
    assert moved.state is DeliveryState.PENDING
    assert db.session.execute(select(OptOut)).all() == []
    assert browser.submit("/inbox/preferences", rhythm="hourly").status_code == 422
