"""A student's messages, and how they stop them."""

import re

import pytest
from sqlalchemy import select

from placement.db import db
from placement.notices.models import Channel, Delivery, NoticeKind, OptOut
from placement.notices.queries import count_unread
from placement.notices.topics import KINDS_OF, Topic
from placement.notices.unsubscribe import sign_delivery
from tests.notices.conftest import only_delivery


@pytest.fixture
def message(tell, cast):
    tell([cast.lin_mei], channels=(Channel.INBOX,))
    return only_delivery()


@pytest.fixture
def mailed(tell, cast):
    tell([cast.lin_mei])
    return only_delivery()


def page(browser, path):
    response = browser.get(path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_an_empty_inbox_says_what_comes(browser, cast, outlet):
    browser.sign_in(cast.lin_mei_user)

    assert "No messages yet." in page(browser, "/inbox")


def test_a_message_is_opened_by_its_button(browser, cast, message):
    browser.sign_in(cast.lin_mei_user)
    assert "2016届春季招聘会" in page(browser, "/inbox")
    assert count_unread(cast.lin_mei.id) == 1

    response = browser.submit(f"/inbox/{message.id}/open")

    assert response.headers["Location"] == f"/inbox/{message.id}"
    assert count_unread(cast.lin_mei.id) == 0
    html = page(browser, f"/inbox/{message.id}")
    assert "Place: 福州" in html
    assert 'href="/fairs/1"' in html


def test_looking_does_not_mark_it_read(browser, cast, message):
    browser.sign_in(cast.lin_mei_user)

    page(browser, f"/inbox/{message.id}")

    assert count_unread(cast.lin_mei.id) == 1


def test_opening_again_keeps_the_first_moment(browser, cast, message, travel):
    browser.sign_in(cast.lin_mei_user)
    browser.submit(f"/inbox/{message.id}/open")
    first = only_delivery().read_at
    travel(minutes=5)

    browser.submit(f"/inbox/{message.id}/open")

    assert only_delivery().read_at == first is not None


def test_the_message_of_another_does_not_exist(browser, cast, message):
    browser.sign_in(cast.stranger_user)

    assert browser.get(f"/inbox/{message.id}").status_code == 404
    assert browser.submit(f"/inbox/{message.id}/open").status_code == 404
    assert only_delivery().read_at is None


def test_a_mail_is_no_inbox_message(browser, cast, mailed):
    browser.sign_in(cast.lin_mei_user)

    assert "No messages yet." in page(browser, "/inbox")
    assert browser.get(f"/inbox/{mailed.id}").status_code == 404


@pytest.mark.parametrize("who", ["chen", "zheng", "huang"])
def test_staff_have_no_inbox(browser, cast, message, who):
    browser.sign_in(getattr(cast, who))

    assert browser.get("/inbox").status_code == 403
    assert browser.get(f"/inbox/{message.id}").status_code == 403


def test_a_student_chooses_by_which_ways(browser, cast, outlet):
    browser.sign_in(cast.lin_mei_user)
    assert "/inbox/preferences" in page(browser, "/inbox")
    html = page(browser, "/inbox/preferences")
    assert re.search(r'name="fairs"[^>]*value="mail"[^>]*checked', html)
    assert 'value="sms"' not in html

    browser.submit("/inbox/preferences", rhythm="at_once")
    unwanted = set(db.session.execute(select(OptOut.kind)).scalars())
    assert unwanted == {kind for kinds in KINDS_OF.values() for kind in kinds}
    wanted = dict.fromkeys([topic.value for topic in Topic], "mail")
    browser.submit("/inbox/preferences", rhythm="at_once", **wanted)

    assert db.session.execute(select(OptOut)).all() == []


def test_a_way_that_does_not_exist_is_refused(browser, cast, outlet):
    browser.sign_in(cast.lin_mei_user)

    refused = browser.submit("/inbox/preferences", rhythm="at_once", fairs="pigeon")

    assert refused.status_code == 422
    assert db.session.execute(select(OptOut)).all() == []


def link(delivery: Delivery) -> str:
    return f"/notices/unsubscribe/{sign_delivery(delivery.uid)}"


def test_looking_at_the_link_in_a_mail_changes_nothing(browser, mailed):
    html = page(browser, link(mailed))

    assert "不想再收到招聘会邮件吗？" in html
    assert db.session.execute(select(OptOut)).all() == []


def test_one_click_stops_the_mails_without_sign_in_or_token(browser, cast, mailed):
    response = browser.client.post(link(mailed), data={"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    db.session.rollback()
    stopped = db.session.execute(select(OptOut).order_by(OptOut.kind)).scalars().all()
    assert [(row.student_id, row.kind, row.channel) for row in stopped] == [
        (cast.lin_mei.id, kind, Channel.MAIL) for kind in (NoticeKind.FAIR, NoticeKind.REMINDER)
    ]


def test_who_changes_their_mind_gets_them_again(browser, mailed):
    assert "我还想接收" in browser.submit(link(mailed)).get_data(as_text=True)

    browser.submit(link(mailed), again="1")

    assert db.session.execute(select(OptOut)).all() == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda token: token[:-2] + "xx", id="other-signature"),
        pytest.param(lambda token: "A" + token[1:], id="other-delivery"),
        pytest.param(lambda _token: "nonsense", id="nonsense"),
    ],
)
def test_a_forged_link_leads_nowhere(browser, mailed, change):
    forged = f"/notices/unsubscribe/{change(sign_delivery(mailed.uid))}"

    assert browser.get(forged).status_code == 404
    assert browser.client.post(forged).status_code == 404
    db.session.rollback()
    assert db.session.execute(select(OptOut)).all() == []


def test_mails_about_the_account_cannot_be_stopped(browser, cast, tell):
    personal = {cast.lin_mei.id: {"username": "u", "code": "c", "url": "x"}}
    values = {"expires_on": "2016-12-01"}
    tell([cast.lin_mei], kind=NoticeKind.ACTIVATION, values=values, personal=personal)

    assert browser.client.post(link(only_delivery())).status_code == 404
