"""A test of a notice to oneself: a real mail, marked, to nobody else, and counted nowhere."""

import pytest

from placement.cli.notice import testing
from placement.composing.models import DraftState
from placement.db import db
from placement.notices.models import Channel, Delivery, Notice, NoticeKind
from placement.notices.sender import Orders, drain
from tests.factories import give_email
from tests.notices.sink import Sink

ADDRESS = "zheng@x.example"


@pytest.fixture
def sink():
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture
def outlet(offered, sink):
    """Mail goes to the sink, never at any hour but for what somebody waits for."""
    return offered(
        smtp_url=f"smtp://127.0.0.1:{sink.port}",
        mail_from="notices@placement.example",
        mail_quiet_hours="00:00-23:59",
    )


@pytest.fixture
def draft(composer, outlet, cast):
    assert cast.lin_mei
    return composer.draft(
        channels=["inbox", "mail"], message="请带简历。", message_en="Bring your CV."
    )


def test_it_arrives_as_students_would_read_it_and_counts_nowhere(
    composer, draft, outlet, sink, cast
):
    give_email(cast.zheng, ADDRESS)
    shown = composer.shown(draft)
    assert "Send me this as a test, In English" in composer.page(draft)

    for language in ("en", "zh_Hans_CN"):
        assert composer.act(draft, "test", language=language).status_code == 302
    assert "waiting" in composer.page(draft).split('id="tests"')[1]
    drain(Channel.MAIL, 0, Orders(settings=outlet))

    assert sink.recipients == [ADDRESS, ADDRESS]
    english, chinese = sink.mails
    assert english["Subject"].startswith("Test: Job fair on ")
    assert chinese["Subject"].startswith("【测试】")
    texts = [mail.get_body(("plain",)).get_content() for mail in sink.mails]
    assert texts[0].startswith("This is a test that you sent to yourself.")
    assert "Bring your CV." in texts[0]
    assert "请带简历。" in texts[1]
    assert english["List-Unsubscribe"] is None
    told = composer.page(draft).split('id="tests"')[1]
    assert told.count("sent") == 2
    assert db.session.query(Delivery).filter(Delivery.student_id.is_not(None)).count() == 0
    assert {notice.kind for notice in db.session.query(Notice)} == {NoticeKind.TEST}
    assert "Spring fair" not in composer.browser.get("/notices").text
    assert composer.newest().state is DraftState.DRAFT
    assert composer.shown(draft) == shown


def test_without_a_confirmed_address_the_page_says_what_to_do(composer, draft, cast):
    page = composer.page(draft)

    refused = composer.act(draft, "test", language="en")

    assert "Send me this as a test" not in page
    assert 'href="/account"' in page
    assert refused.status_code == 422
    assert "Give one on the page of your account" in refused.text
    assert db.session.query(Notice).count() == 0


def test_what_has_gone_out_and_other_languages_are_not_tested(composer, draft, cast):
    give_email(cast.zheng, ADDRESS)
    strange = composer.act(draft, "test", language="xx")
    composer.agree(draft)

    late = composer.act(draft, "test", language="en")

    assert (strange.status_code, late.status_code) == (422, 422)
    assert "Send me this as a test" not in composer.page(draft)


def test_it_is_sent_by_a_command_too(typed, draft, outlet, sink, cast):
    give_email(cast.zheng, ADDRESS)
    words = ("notice", "test", draft.id, "--language", "en", "--by")

    done = typed(testing, *words, cast.zheng.username)
    stranger = typed(testing, *words, cast.chen.username)
    drain(Channel.MAIL, 0, Orders(settings=outlet))

    assert (done.exit_code, stranger.exit_code) == (0, 1), done.output
    assert sink.recipients == [ADDRESS]


def test_ten_an_hour_and_no_more(composer, draft, cast, travel):
    give_email(cast.zheng, ADDRESS)
    for _each in range(10):
        assert composer.act(draft, "test", language="en").status_code == 302

    refused = composer.act(draft, "test", language="en")
    travel(hours=1, minutes=1)
    composer.browser.sign_in(cast.zheng)
    later = composer.act(draft, "test", language="en")

    assert refused.status_code == 429
    assert "10 tests within an hour" in refused.text
    assert later.status_code == 302
    assert db.session.query(Notice).count() == 11


def test_of_an_sms_the_page_says_why_there_is_no_test(composer, offered, cast):
    offered(sms_url="https://key:secret@gateway.example/", sms_templates="fair=SMS_1,fair.en=SMS_2")
    assert cast.lin_mei
    page = composer.page(composer.draft(channels=["sms"]))

    assert "of staff no mobile number is kept" in page
