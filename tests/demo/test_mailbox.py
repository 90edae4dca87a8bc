"""The demo's mail server and the page that shows what it kept."""

import contextlib
import dataclasses
import multiprocessing
import smtplib
from collections.abc import Iterator

import pytest

from placement.app import create_app
from placement.db import db
from placement.demo.mail_sink import INDEX_NAME, LOG_NAME, MailLog, run_mail_sink
from placement.demo.mailbox import Mailbox
from tests.browsing import inspect_page

MAIL = "From: a@b.example\r\nSubject: {}\r\nMessage-ID: <{}@x>\r\n\r\nHello.\r\n.A dot.\r\n"


@pytest.fixture
def mail_server(tmp_path) -> Iterator[int]:
    here, there = multiprocessing.Pipe()
    # The function of the program itself, so that the process loads no more than the mail server.
    process = multiprocessing.get_context("spawn").Process(
        target=run_mail_sink, args=(tmp_path, 0), kwargs={"ready": there.send}
    )
    process.start()
    assert here.poll(30)
    yield here.recv()
    process.terminate()
    process.join(10)
    assert process.exitcode == 0


def test_mails_are_kept_whole_and_the_newest_comes_first(mail_server, tmp_path):
    with smtplib.SMTP("127.0.0.1", mail_server) as client:
        for number in range(3):
            client.sendmail("a@b.example", [f"s{number}@c.example"], MAIL.format(number, number))

    box = Mailbox(tmp_path)
    assert len(box) == 3
    assert [mail.subject for mail in box.newest(skip=0, size=2)] == ["2", "1"]
    whole = box.read(1)
    assert whole is not None
    assert (whole.recipient, whole.text) == ("s0@c.example", "Hello.\n.A dot.")
    assert [mail.number for mail in box.to("S1@c")] == [2]


def test_what_is_no_mail_is_refused(mail_server, tmp_path):
    with smtplib.SMTP("127.0.0.1", mail_server) as client:
        assert client.docmd("DATA")[0] == 503
        assert client.docmd("MAIL", "nonsense")[0] == 501
        assert client.docmd("MAIL", "FROM:<a@b.example>")[0] == 250
        assert client.docmd("RCPT", "TO:<>")[0] == 501
        assert client.docmd("TURN")[0] == 502
        assert client.noop()[0] == 250
        assert client.rset()[0] == 250

    assert len(Mailbox(tmp_path)) == 0


def test_a_torn_index_is_mended(tmp_path):
    with contextlib.closing(MailLog(tmp_path)) as log:
        log.add(b"a@b.example", b"c@d.example", b"Subject: x\r\n\r\n")
    with (tmp_path / INDEX_NAME).open("ab") as index:
        index.write(b"torn")

    with contextlib.closing(MailLog(tmp_path)) as log:
        log.add(b"a@b.example", b"e@f.example", b"Subject: y\r\n\r\n")

    assert [mail.subject for mail in Mailbox(tmp_path).newest(skip=0, size=9)] == ["y", "x"]
    assert (tmp_path / LOG_NAME).stat().st_mode & 0o777 == 0o600


def test_a_number_that_does_not_exist(tmp_path):
    assert Mailbox(tmp_path).read(1) is None
    assert Mailbox(tmp_path).newest(skip=0, size=5) == []


@pytest.fixture
def client(settings, endpoints, app):
    demo = create_app(dataclasses.replace(settings, demo=True), endpoints=endpoints)
    yield demo.test_client()
    with demo.app_context():
        db.engine.dispose()


@pytest.fixture
def kept(settings) -> Iterator[None]:
    folder = settings.instance / "demo" / "mail"
    with contextlib.closing(MailLog(folder)) as log:
        for number in range(60):
            mail = MAIL.format(f"subject {number}", number).encode()
            log.add(b"a@b.example", b"s%d@c.example" % number, mail)
    yield
    (folder / LOG_NAME).unlink()
    (folder / INDEX_NAME).unlink()


def test_the_page_shows_mails_to_who_has_not_signed_in(client, kept):
    html = client.get("/demo/mail").get_data(as_text=True)

    inspect_page(html)
    assert "subject 59" in html
    assert "subject 9<" not in html
    assert "subject 9<" in client.get("/demo/mail?page=2").get_data(as_text=True)


def test_one_mail_in_full(client, kept):
    html = client.get("/demo/mail/60").get_data(as_text=True)

    inspect_page(html)
    assert "Hello." in html
    assert client.get("/demo/mail/61").status_code == 404


def test_mails_are_found_by_address(client, kept):
    html = client.get("/demo/mail?q=s42@").get_data(as_text=True)

    assert "subject 42" in html
    assert "subject 59" not in html
    assert client.get("/demo/mail?q=nobody").status_code == 200


def test_an_empty_mailbox_says_so(client):
    inspect_page(client.get("/demo/mail").get_data(as_text=True))


def test_other_machines_see_nothing(client, kept):
    away = {"REMOTE_ADDR": "10.0.0.7"}

    assert client.get("/demo/mail", environ_overrides=away).status_code == 404
    assert client.get("/demo/mail/1", environ_overrides=away).status_code == 404


def test_the_mailbox_exists_in_the_demo_only(browser, cast):
    browser.sign_in(cast.huang)

    assert browser.get("/demo/mail").status_code == 404
