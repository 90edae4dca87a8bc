"""Notices to staff: the outbox of everybody, by mail to the address that each has confirmed."""

import psycopg
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from placement import clock
from placement.accounts.models import User
from placement.accounts.operations.addresses import give_address
from placement.accounts.queries import viewer_of
from placement.db import db, transaction, use_scope
from placement.errors import InvalidValueError
from placement.notices.bounces.collecting import collect_bounces
from placement.notices.models import Channel, Delivery, NoticeKind, Recipient, Suppression
from placement.notices.operations.announcement import AlreadyAnnouncedError
from placement.notices.operations.announcing import announce, preview
from placement.notices.operations.suppressing import opt_out
from tests.factories import give_email, make_user
from tests.notices.conftest import announcement, only_delivery, states
from tests.notices.test_bounces import dsn


@pytest.fixture
def tell_staff(outlet, sent_jobs):
    """Announce to members of staff: `tell_staff(users, personal=…)`."""

    def announce_to(users, **values):
        chosen = select(User.id).where(User.id.in_([user.id for user in users]))
        notice = announcement(to=Recipient.STAFF, **values)
        with transaction():
            return announce(chosen, notice, actor=None, settings=outlet)

    return announce_to


def test_each_with_a_confirmed_address_is_written_to_once(cast, tell_staff, send, sink, browser):
    chen = give_email(cast.chen, "chen@university.example")
    zheng = give_email(cast.zheng, "zheng@university.example")
    give_address(cast.wu, "wu@university.example", actor_id=None)
    opt_out(None, NoticeKind.FAIR, Channel.MAIL, user_id=zheng.id)
    gone = give_email(
        make_user(cast.wu.role, cast.university, disabled_at=clock.now()), "gone@university.example"
    )
    db.session.commit()
    people = [chen, zheng, cast.wu, cast.huang, gone]

    told = tell_staff(people, personal={chen.id: {"description": "给陈老师"}})
    with pytest.raises(AlreadyAnnouncedError):
        tell_staff(people)
    send()

    assert told.states[Channel.MAIL] == {"pending": 1, "skipped": 4}
    assert sink.recipients == ["chen@university.example"]
    assert "给陈老师" in sink.mails[0].get_body(("plain",)).get_content()
    reasons = db.session.execute(select(Delivery.user_id, Delivery.reason))
    assert {row[0]: row[1] for row in reasons} == {
        chen.id: None,
        zheng.id: "opted_out",
        cast.wu.id: "no_address",
        cast.huang.id: "no_address",
        gone.id: "recipient_gone",
    }


def test_the_link_in_the_mail_ends_the_kind(cast, tell_staff, send, sink, browser):
    tell_staff([give_email(cast.chen, "chen@university.example")])
    send()
    link = sink.mails[0]["List-Unsubscribe"].strip("<>").removeprefix("https://placement.example")

    assert browser.client.get(link).status_code == 200
    assert browser.client.post(link).status_code == 200
    tell_staff([cast.chen], subject_id=2)
    send()

    assert states() == {"sent": 1, "skipped": 1}


def test_what_changes_before_it_goes_out_is_asked_again(cast, tell_staff, send, sink):
    chen = give_email(cast.chen, "old@university.example")
    zheng = give_email(cast.zheng, "zheng@university.example")
    leaver = give_email(make_user(cast.wu.role, cast.university), "leaver@university.example")
    tell_staff([chen, zheng, leaver])

    give_email(chen, "new@university.example")
    opt_out(None, NoticeKind.FAIR, Channel.MAIL, user_id=zheng.id)
    db.session.execute(update(User).where(User.id == leaver.id).values(disabled_at=clock.now()))
    db.session.commit()
    send()

    assert sink.recipients == ["new@university.example"]
    assert states() == {"sent": 1, "skipped": 2}


def test_an_address_that_does_not_exist_is_given_up(cast, tell_staff, send, tmp_path):
    tell_staff([give_email(cast.chen, "chen@university.example")])
    send()
    for name in ("new", "cur", "tmp"):
        (tmp_path / "bounces" / name).mkdir(parents=True)
    back = dsn(only_delivery().message_id)
    (tmp_path / "bounces" / "new" / "1.relay").write_bytes(back)

    collect_bounces(str(tmp_path / "bounces"))

    given_up = db.session.execute(select(Suppression.address_index)).scalar_one()
    assert given_up == cast.chen.email_index


def test_staff_are_written_to_by_mail_alone(cast, tell_staff, outlet):
    for channels in ((Channel.INBOX,), (Channel.MAIL, Channel.SMS)):
        with pytest.raises(InvalidValueError):
            preview(
                select(User.id),
                announcement(to=Recipient.STAFF, channels=channels),
                settings=outlet,
            )


def test_a_delivery_has_one_recipient_whom_the_database_shows_it_to(
    cast, tell, tell_staff, audience, superuser
):
    tell(audience[:1])
    tell_staff([cast.chen, cast.zheng], subject_id=2)
    seen = {}
    for user in (cast.chen, cast.zheng, cast.wu, cast.xu):
        with use_scope(viewer_of(user).scope):
            found = db.session.execute(select(Delivery.user_id)).scalars()
            seen[user.username] = [number for number in found if number is not None]

    assert seen == {"chen": [cast.chen.id], "zheng": [cast.zheng.id], "wu": [], "xu": []}
    for whose in ("user_id = %s", "user_id = NULL, student_id = NULL"):
        with pytest.raises(psycopg.errors.CheckViolation):
            superuser.execute(
                f"UPDATE deliveries SET {whose} WHERE student_id IS NOT NULL",
                [cast.chen.id] if "%s" in whose else None,
            )
        superuser.rollback()


def test_the_same_person_twice_in_a_notice_is_refused_by_the_database(cast, tell_staff):
    tell_staff([cast.chen])

    again = text(
        "INSERT INTO deliveries (notice_id, user_id, channel, state, locale, message_id,"
        " expires_at) SELECT notice_id, user_id, channel, state, locale, 'x', expires_at"
        " FROM deliveries"
    )
    with pytest.raises(IntegrityError):
        db.session.execute(again)
