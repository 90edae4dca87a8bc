"""The mail address of a member of staff: entered with the password, confirmed from the mailbox."""

import re

import pytest

from placement.accounts.models import AddressCode, Role, User
from placement.accounts.operations import hash_password
from placement.accounts.operations.addresses import CONFIRM_HOURS
from placement.db import db
from placement.notices.models import NoticeKind
from tests.factories import give_email, make_user
from tests.notices.conftest import only_notice, states

PASSWORD = "one quiet river stone"


@pytest.fixture
def chen(cast, browser, outlet, sent_jobs):
    """Ms Chen, signed in, with a password that she knows."""
    cast.chen.password_hash = hash_password(PASSWORD)
    db.session.commit()
    browser.sign_in(cast.chen)
    return cast.chen


def asked(browser, email, password=PASSWORD):
    return browser.submit("/account/address", email=email, password=password)


def link_in(mail) -> str:
    text = mail.get_body(("plain",)).get_content()
    return re.search(r"\S*(/account/address/confirm\?code=\S+)", text)[1]


def code_of(link) -> str:
    return link.partition("code=")[2]


def stored(user) -> User:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(User, user.id)


def test_an_address_is_entered_confirmed_used_changed_and_taken_away(
    chen, browser, send, sink, superuser
):
    assert "E-mail" in browser.get("/account").text
    for email, password in (
        ("chen@x.example", "not hers"),
        ("no address", PASSWORD),
        ("", PASSWORD),
        ("a\r\nBcc: b@x.example", PASSWORD),
    ):
        assert asked(browser, email, password).status_code == 422
    assert stored(chen).data_key is None

    assert asked(browser, " Chen.Ping@x.example ").status_code == 302
    waiting = browser.get("/account").text
    assert "C***@x.example" in waiting
    assert "Chen.Ping" not in waiting
    assert not stored(chen).has_confirmed_email
    row = superuser.execute("SELECT users::text, address_codes::text FROM users, address_codes")
    assert b"chen.ping".hex() not in str(row.fetchall()).lower()
    send()
    assert sink.recipients == ["Chen.Ping@x.example"]

    link = link_in(sink.mails[0])
    assert browser.get(link).status_code == 200
    assert not stored(chen).has_confirmed_email
    confirm = {"code": code_of(link)}
    assert browser.submit("/account/address/confirm", **confirm).status_code == 302
    assert stored(chen).email == "Chen.Ping@x.example"
    assert browser.submit("/account/address/confirm", **confirm).status_code == 422

    # Until another one is confirmed the first stays in force; who lost the password gets a code.
    asked(browser, "second@x.example")
    browser.submit("/sign-out")
    browser.submit("/forgotten", username="chen.ping@X.example")
    send()
    assert sorted(sink.recipients[1:]) == ["Chen.Ping@x.example", "second@x.example"]
    entered = browser.submit("/sign-in", username="chen.ping@x.example", password=PASSWORD)
    assert entered.status_code == 302

    browser.sign_in(chen)
    browser.submit("/account/address/remove")
    later = link_in(next(m for m in sink.mails if m["To"] == "second@x.example"))
    refused = browser.submit("/account/address/confirm", code=code_of(later))
    assert refused.status_code == 422
    assert stored(chen).email is None


def test_the_link_works_for_the_one_who_asked_alone_and_for_a_day(
    chen, cast, browser, send, sink, travel
):
    asked(browser, "chen@x.example")
    asked(browser, "chen@y.example")
    send()
    links = {mail["To"]: code_of(link_in(mail)) for mail in sink.mails}

    browser.sign_in(cast.wu)
    other = browser.submit("/account/address/confirm", code=links["chen@y.example"])
    browser.sign_in(chen)
    overtaken = browser.submit("/account/address/confirm", code=links["chen@x.example"])
    travel(hours=CONFIRM_HOURS, minutes=1)
    browser.sign_in(chen)
    late = browser.submit("/account/address/confirm", code=links["chen@y.example"])

    assert [r.status_code for r in (other, overtaken, late)] == [422, 422, 422]
    assert stored(chen).email is None


def test_an_address_that_signs_somebody_else_in_is_refused_to_its_owner_alone(
    chen, cast, browser, send, sink
):
    give_email(cast.wu, "shared@x.example")

    assert asked(browser, "SHARED@x.example").status_code == 302
    send()
    refused = browser.submit("/account/address/confirm", code=code_of(link_in(sink.mails[0])))

    assert refused.status_code == 422
    assert "Another account signs in with this address." in refused.text


def test_guessing_the_password_is_slowed_down(chen, browser):
    answers = [asked(browser, "chen@x.example", "wrong").text for _ in range(6)]

    assert "Too many failed tries" in answers[-1]
    assert db.session.query(AddressCode).count() == 0


def test_an_administrator_has_the_first_code_mailed_which_confirms_the_address(
    cast, browser, outlet, sent_jobs, send, sink
):
    browser.sign_in(cast.zheng)
    entries = {"display_name": "Ms Sun", "username": "sun", "role": "counselor"}
    entries |= {"university_id": cast.university.id}
    assert browser.submit("/accounts/new", **entries, email="sun@").status_code == 422
    shown = browser.submit("/accounts/new", **entries, email="sun@x.example")
    sun = db.session.query(User).filter_by(username="sun").one()
    assert f"/accounts/{sun.id}/mail-code" in shown.text
    assert not sun.has_confirmed_email

    browser.submit(f"/accounts/{sun.id}/mail-code")
    send()
    text = sink.mails[0].get_body(("plain",)).get_content()
    code = re.search(r"[A-Z2-9]{5}(?:-[A-Z2-9]{5}){3}", text)[0]
    browser.submit("/activate", code=code, password=PASSWORD, again=PASSWORD)

    assert only_notice().kind is NoticeKind.ACTIVATION
    assert sink.recipients == ["sun@x.example"]
    assert stored(sun).has_confirmed_email
    assert states() == {"sent": 1}


def test_no_code_is_mailed_where_there_is_no_address(cast, browser, outlet):
    browser.sign_in(cast.zheng)
    closed = make_user(Role.COUNSELOR, cast.university)

    assert browser.submit(f"/accounts/{closed.id}/mail-code").status_code == 422
    assert states() == {}
