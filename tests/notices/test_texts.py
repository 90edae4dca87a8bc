"""The texts: complete in both languages, neutral, and impossible to break out of."""

import datetime as dt
import email
from email.policy import default as modern

import pytest

from placement.clock import ZONE
from placement.notices.channels.link import Letter
from placement.notices.channels.mime import compose, wire_address
from placement.notices.models import ACCOUNT_KINDS, NoticeKind
from placement.notices.neutral import is_neutral, neutral
from placement.notices.rendering import Draft, has_sms, render
from tests.notices.conftest import FAIR

LOCALES = ["zh_Hans_CN", "en"]
SHARED = {
    NoticeKind.FAIR: FAIR | {"url": "https://placement.example/fairs/1"},
    NoticeKind.ACTIVATION: {"expires_on": "2016-12-01"},
    NoticeKind.PASSWORD: {"expires_on": "2016-12-01"},
    NoticeKind.MOVED: FAIR | {"url": "https://placement.example/fairs/1"},
    NoticeKind.CALLED_OFF: FAIR | {"url": "https://placement.example/fairs/1", "reason": "台风"},
}
TO_STAFF = {
    NoticeKind.ADDRESS: {"expires_on": "2016-12-01"},
    NoticeKind.REPORT: {"day": "2016-11-28", "class_year": "2016", "late": True, "url": "x"},
    NoticeKind.HAND_OVER: {"number": 2, "late": 0, "url": "x"},
    NoticeKind.VERIFICATION: {"number": 12, "late": 0, "url": "x"},
    NoticeKind.DAY: {"number": 12, "late": 3, "url": "x"},
}
PERSONAL = {
    NoticeKind.FAIR: {"name": "林梅", "unsubscribe_url": "https://placement.example/u"},
    NoticeKind.ACTIVATION: {"name": "林梅", "username": "u", "code": "C", "url": "x"},
    NoticeKind.PASSWORD: {"name": "林梅", "username": "u", "code": "C", "url": "x"},
    NoticeKind.MOVED: {"name": "林梅"},
    NoticeKind.CALLED_OFF: {"name": "林梅"},
}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", SHARED)
def test_a_draft_filled_is_the_text_rendered(kind, locale):
    draft = Draft(kind, locale, SHARED[kind], PERSONAL[kind])

    assert draft.fill(PERSONAL[kind]) == render(kind, locale, SHARED[kind] | PERSONAL[kind])


@pytest.mark.parametrize("kind", SHARED)
def test_chinese_has_no_english_left(kind):
    rendered = render(kind, "zh_Hans_CN", SHARED[kind] | PERSONAL[kind])

    for text in (rendered.subject, rendered.text, rendered.sms):
        words = text.replace("https://placement.example", "")
        assert not any(word in words for word in ("the ", "you", "Job", "Dear", "code"))


@pytest.mark.parametrize("kind", SHARED)
def test_every_kind_has_its_sms(kind):
    assert has_sms(kind)
    assert "\n" not in render(kind, "en", SHARED[kind] | PERSONAL[kind]).sms


@pytest.mark.parametrize("kind", TO_STAFF)
def test_mails_to_staff_say_how_many_and_where_in_both_languages(kind):
    personal = {"name": "陈老师", "unsubscribe_url": "https://placement.example/u", "url": "x"}
    values = TO_STAFF[kind] | personal

    chinese, english = (render(kind, locale, values) for locale in LOCALES)

    words = (chinese.subject + chinese.text).replace("https://placement.example", "")
    assert not any(word in words for word in ("the ", "you", "report", "Dear", "list"))
    for rendered in (chinese, english):
        assert is_neutral(rendered.subject + rendered.text)
        assert ("https://placement.example/u" in rendered.html) == (kind not in ACCOUNT_KINDS)
        number = TO_STAFF[kind].get("number")
        assert number is None or str(number) in rendered.text


def test_a_name_cannot_break_out_of_html_or_take_anothers_gap():
    personal = {"name": "<b>\ue000unsubscribe_url\ue001", "unsubscribe_url": "https://x.example"}

    filled = Draft(NoticeKind.FAIR, "en", SHARED[NoticeKind.FAIR], personal).fill(personal)

    assert "<b>" not in filled.html
    assert filled.html.count("https://x.example") == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("春季  招聘会\n", "春季 招聘会"),
        ("残疾毕业生专场", ""),
        ("家庭经济困难毕业生专场", ""),
        ("Fair for Low-Income families", ""),
        ("农村商业银行专场", "农村商业银行专场"),
        (None, ""),
    ],
)
def test_neutral_texts(text, shown):
    assert neutral(text) == shown
    assert is_neutral(shown)


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("a@b.example", "a@b.example"),
        ("a+b@大学.example", "a+b@xn--pss25c.example"),
        ("a@b@c", None),
        ("a b@c.example", None),
        ("a@c.example\r\nRCPT TO:<x@y.example>", None),
        ("名@c.example", None),
        ("", None),
    ],
)
def test_addresses_on_the_wire(address, wire):
    assert wire_address(address) == wire


def test_a_mail_reads_back_as_written():
    content = render(
        NoticeKind.FAIR, "zh_Hans_CN", SHARED[NoticeKind.FAIR] | PERSONAL[NoticeKind.FAIR]
    )
    letter = Letter(
        message_id="<a1@placement.example>",
        address="a@b.example",
        written_at=dt.datetime(2016, 11, 26, 9, 0, tzinfo=ZONE),
        content=content,
        kind=NoticeKind.FAIR,
        locale="zh_Hans_CN",
        unsubscribe_url="https://placement.example/u",
    )

    raw = compose(letter, address="a@b.example", sender="notices@placement.example")

    mail = email.message_from_bytes(raw, policy=modern)
    assert not mail.defects
    assert mail["Subject"] == content.subject
    assert mail["From"].addresses[0].display_name == "高校毕业生就业服务"
    assert mail["Message-ID"] == "<a1@placement.example>"
    written = {kind: mail.get_body((kind,)).get_content() for kind in ("plain", "html")}
    assert written["plain"].replace("\r\n", "\n") == content.text
    assert written["html"].replace("\r\n", "\n").strip() == content.html.strip()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_subject_cannot_add_a_header():
    values = SHARED[NoticeKind.FAIR] | PERSONAL[NoticeKind.FAIR]
    values |= {"title": "Fair\r\nBcc: victim@x.example"}
    letter = Letter(
        message_id="<a1@placement.example>",
        address="a@b.example",
        written_at=dt.datetime(2016, 11, 26, 9, 0, tzinfo=ZONE),
        content=render(NoticeKind.FAIR, "en", values),
        kind=NoticeKind.FAIR,
        locale="en",
    )

    raw = compose(letter, address="a@b.example", sender="notices@placement.example")

    assert email.message_from_bytes(raw, policy=modern)["Bcc"] is None
