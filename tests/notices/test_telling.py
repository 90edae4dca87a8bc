"""Telling one person something that they wait for."""

import datetime as dt

import pytest
from sqlalchemy import select

from placement.db import db, transaction
from placement.notices.models import Channel, Delivery, NoticeKind
from placement.notices.operations.suppressing import opt_out
from placement.notices.operations.telling import NoMailAddressError, notify_user
from tests.factories import give_email
from tests.notices.conftest import only_delivery, states

VALUES = {"username": "90001/20120001", "code": "7HQK-22PM", "url": "https://placement.example/c"}
DAY = dt.date(2016, 12, 1)


def tell(recipient, outlet, **values):
    with transaction():
        return notify_user(
            NoticeKind.PASSWORD, recipient, VALUES, expires_on=DAY, settings=outlet, **values
        )


def test_a_student_gets_the_code_at_any_hour(cast, outlet, sent_jobs, sink, send):
    tell(cast.lin_mei_user, outlet)

    send(mail_quiet_hours="00:00-23:59")

    mail = sink.mails[0]
    assert mail["Subject"] == "重新设置密码"
    assert "7HQK-22PM" in mail.get_body(("plain",)).get_content()
    assert "2016年12月1日" in mail.get_body(("plain",)).get_content()
    assert mail["List-Unsubscribe"] is None


def test_the_code_is_unreadable_in_the_database(cast, outlet, sent_jobs, superuser):
    tell(cast.lin_mei, outlet)

    rows = superuser.execute("SELECT deliveries::text, notices::text FROM deliveries, notices")

    assert all("7HQK" not in text for row in rows for text in row)


def test_who_wants_no_fairs_still_gets_codes(cast, outlet, sent_jobs, sink, send):
    opt_out(cast.lin_mei.id, NoticeKind.FAIR, Channel.MAIL)
    db.session.commit()
    tell(cast.lin_mei_user, outlet)

    send()

    assert states() == {"sent": 1}


def test_staff_get_it_at_the_address_given(cast, outlet, sent_jobs, sink, send, superuser):
    tell(cast.chen, outlet, address="chen@university.example")
    stored = superuser.execute("SELECT address_sealed FROM deliveries").fetchone()[0]
    assert b"chen" not in stored

    send()

    assert sink.recipients == ["chen@university.example"]
    assert only_delivery().user_id == cast.chen.id


def test_staff_get_it_at_the_address_that_they_confirmed(cast, outlet, sent_jobs, sink, send):
    give_email(cast.chen, "Chen@university.example")

    tell(cast.chen, outlet)
    send()

    assert sink.recipients == ["Chen@university.example"]


@pytest.mark.parametrize("address", [None, "", "no address", "@nowhere"])
def test_staff_without_address_are_refused(cast, outlet, address):
    with pytest.raises(NoMailAddressError):
        tell(cast.chen, outlet, address=address)

    assert states() == {}


def test_a_student_without_address_is_refused(cast, outlet):
    cast.lin_mei.email_sealed = None
    db.session.commit()

    with pytest.raises(NoMailAddressError):
        tell(cast.lin_mei_user, outlet)


def test_twice_is_two_mails_with_two_codes(cast, outlet, sent_jobs, sink, send):
    tell(cast.lin_mei, outlet)
    tell(cast.lin_mei, outlet)

    send()

    assert len(set(sink.message_ids)) == 2
    assert len(db.session.execute(select(Delivery)).scalars().all()) == 2
