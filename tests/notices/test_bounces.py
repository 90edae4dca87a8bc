"""Mails that come back: only our Message-ID counts, and only a bad address is given up."""

import contextlib
import socket
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from placement.db import db
from placement.errors import ConfigurationError
from placement.notices.bounces.collecting import Collected, collect_bounces
from placement.notices.models import DeliveryState, Suppression
from placement.notices.queries import stories_of
from tests.notices.conftest import only_delivery, states

HOST = "127.0.0.1"


def dsn(message_id: str, *, status="5.1.1", action="failed", to="who@x.example") -> bytes:
    """A report as mail servers write it."""
    return (
        "From: MAILER-DAEMON@relay.example\r\nTo: notices@placement.example\r\n"
        "Message-ID: <report@relay.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; relay.example\r\n\r\n"
        f"Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"To: {to}\r\nSubject: x\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    ).encode()


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "bounces" / name).mkdir(parents=True)
    return tmp_path / "bounces"


@pytest.fixture
def sent(tell, send, audience):
    """A mail that went out."""
    tell(audience[:1])
    send()
    return only_delivery()


def collect(maildir: Path, *mails: bytes) -> Collected:
    for number, mail in enumerate(mails):
        (maildir / "new" / f"{number}.relay").write_bytes(mail)
    return collect_bounces(str(maildir))


def suppressed() -> list[str]:
    return list(db.session.execute(select(Suppression.reason)).scalars())


def test_a_bad_address_is_given_up_at_once(sent, maildir, tell, audience):
    assert collect(maildir, dsn(sent.message_id)) == Collected(read=1, taken=1)

    delivery = only_delivery()
    assert (delivery.state, delivery.reason) == ("bounced", "bounced_hard")
    assert delivery.enhanced_code == "5.1.1"
    assert stories_of([delivery.id])[delivery.id][-1].to_state is DeliveryState.BOUNCED
    assert suppressed() == ["hard_bounce"]
    assert tell(audience[:1], again=True).states["mail"] == {"skipped": 1}


@pytest.mark.parametrize("status", ["4.2.2", "5.2.2", "5.7.1", "5.3.4"])
def test_a_full_box_or_a_policy_closes_no_address(sent, maildir, status):
    assert collect(maildir, dsn(sent.message_id, status=status)).taken == 1

    assert only_delivery().reason == "bounced_soft"
    assert suppressed() == []


def test_what_is_forged_or_no_failure_changes_nothing(sent, maildir, audience):
    wrong_domain = sent.message_id.replace("@", "@evil.")
    right_address = dsn("<0123456789abcdef0123456789abcdef@x.example>", to=audience[0].email)
    plain = b"Subject: Undelivered\r\nMessage-ID: " + sent.message_id.encode() + b"\r\n\r\nno\r\n"

    collected = collect(
        maildir,
        dsn(wrong_domain),
        right_address,
        dsn(sent.message_id, action="delayed", status="4.4.1"),
        dsn(sent.message_id, action="delivered", status="2.0.0"),
        plain,
        b"\xff\xfe nothing",
    )

    assert collected == Collected(read=6, taken=0)
    assert states() == {"sent": 1}
    assert suppressed() == []


def test_a_mail_is_taken_once_and_kept(sent, maildir):
    collect(maildir, dsn(sent.message_id), dsn(sent.message_id))

    assert len(stories_of([sent.id])[sent.id]) == 5
    assert not list((maildir / "new").iterdir())
    assert sorted(p.name for p in (maildir / "cur").iterdir()) == ["0.relay:2,S", "1.relay:2,S"]
    assert collect_bounces(str(maildir)) == Collected(read=0, taken=0)


def test_a_folder_of_an_imap_server(sent):
    said: list[str] = []
    with serving(dsn(sent.message_id), said) as port:
        collected = collect_bounces(f"imap://bounces:pass%20word@{HOST}:{port}/Returned")

    assert collected == Collected(read=1, taken=1)
    assert 'LOGIN bounces "pass word"' in said
    assert any(line.startswith("UID STORE 7 +FLAGS") for line in said)


@pytest.mark.parametrize("place", ["/nowhere", "pop3://a:b@c.example", "imaps://host.example"])
def test_a_place_that_is_none_is_refused(place):
    with pytest.raises(ConfigurationError):
        collect_bounces(place)


@contextlib.contextmanager
def serving(mail: bytes, said: list[str]):
    """An IMAP server for one conversation; its port."""
    answers = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
        "SELECT": b"* 1 EXISTS\r\n",
        "UID SEARCH": b"* SEARCH 7\r\n",
        "UID FETCH": b"* 1 FETCH (UID 7 BODY[]<0> {%d}\r\n%b)\r\n" % (len(mail), mail),
    }
    listener = socket.create_server((HOST, 0))

    def talk() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as stream:
            stream.write(b"* OK ready\r\n")
            stream.flush()
            for line in stream:
                tag, _, words = line.decode().strip().partition(" ")
                said.append(words)
                for start, answer in answers.items():
                    if words.startswith(start):
                        stream.write(answer)
                stream.write(f"{tag} OK done\r\n".encode())
                stream.flush()
                if words == "LOGOUT":
                    return

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join(10)
        listener.close()
