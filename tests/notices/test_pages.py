"""The pages of those who send: list, running notice, every message, the acts."""

import csv
import io

import pytest
from sqlalchemy import select

from placement.audit.models import AuditEvent
from placement.db import db, transaction
from placement.notices.models import Channel, Delivery, DeliveryState, NoticeState
from placement.notices.operations.circuit import open_circuit, stop_channel
from tests.notices.conftest import only_notice, put, states


@pytest.fixture
def notice_id(tell, audience, cast):
    return tell(
        audience, channels=(Channel.MAIL, Channel.INBOX), university_id=cast.university.id
    ).notice_id


def page(browser, path):
    response = browser.get(path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_an_empty_list_says_what_comes(browser, cast):
    browser.sign_in(cast.huang)

    assert "Nothing was announced yet." in page(browser, "/notices")


def test_the_list_shows_how_each_stands(browser, cast, notice_id):
    browser.sign_in(cast.zheng)

    html = page(browser, "/notices")

    assert "2016届春季招聘会" in html
    assert f"/notices/{notice_id}" in html
    assert "under way" in html


@pytest.mark.parametrize("path", ["", "/deliveries", "/deliveries.csv", "/cancel"])
def test_a_notice_of_another_university_does_not_exist(browser, cast, notice_id, path):
    browser.sign_in(cast.xu)

    assert browser.get(f"/notices/{notice_id}{path}").status_code == 404
    assert "2016届" not in page(browser, "/notices")


@pytest.mark.parametrize("act", ["pause", "resume", "cancel", "resolve"])
def test_a_notice_of_another_university_cannot_be_steered(browser, cast, notice_id, act):
    browser.sign_in(cast.xu)

    response = browser.submit(f"/notices/{notice_id}/{act}", resolution="leave")

    assert response.status_code == 404
    assert only_notice().state is NoticeState.SENDING


@pytest.mark.parametrize("who", ["chen", "lin_mei_user"])
def test_others_do_not_send(browser, cast, notice_id, who):
    browser.sign_in(getattr(cast, who))

    assert browser.get("/notices").status_code == 403
    assert browser.get(f"/notices/{notice_id}").status_code == 403
    assert browser.submit(f"/notices/{notice_id}/pause").status_code == 403


def test_a_moving_notice_asks_for_itself_again(browser, cast, notice_id, send):
    browser.sign_in(cast.zheng)
    assert f'data-poll="/notices/{notice_id}"' in page(browser, f"/notices/{notice_id}")

    send()

    html = page(browser, f"/notices/{notice_id}")
    assert '<div id="running">' in " ".join(html.split()).replace('" >', '">')
    assert 'class="segments"' in html


def test_pause_resume_and_cancel_by_their_buttons(browser, cast, notice_id):
    browser.sign_in(cast.zheng)

    browser.submit(f"/notices/{notice_id}/pause")
    assert only_notice().state is NoticeState.PAUSED
    assert "Nothing goes out until it is resumed." in page(browser, f"/notices/{notice_id}")
    browser.submit(f"/notices/{notice_id}/resume")
    assert only_notice().state is NoticeState.SENDING
    assert "5 messages have not gone out" in page(browser, f"/notices/{notice_id}/cancel")
    browser.submit(f"/notices/{notice_id}/cancel")

    assert only_notice().state is NoticeState.CANCELLED
    assert states() == {"skipped": 5, "sent": 5}
    assert "Nothing more goes out." in page(browser, f"/notices/{notice_id}")


def test_no_act_without_the_token(browser, cast, notice_id):
    browser.sign_in(cast.zheng)

    response = browser.submit(f"/notices/{notice_id}/pause", token="forged")

    assert response.status_code == 400
    assert only_notice().state is NoticeState.SENDING


def test_a_resumed_cancelled_notice_says_why_not(browser, cast, notice_id):
    browser.sign_in(cast.zheng)
    browser.submit(f"/notices/{notice_id}/cancel")

    response = browser.submit(f"/notices/{notice_id}/resume")

    assert response.status_code == 409
    assert "This notice was cancelled." in response.get_data(as_text=True)


def test_doubt_is_told_in_words_and_decided(browser, cast, notice_id):
    put(DeliveryState.UNCERTAIN, sending_at=only_notice().created_at)
    browser.sign_in(cast.zheng)

    html = page(browser, f"/notices/{notice_id}")
    assert "10 messages are in doubt" in html
    assert browser.submit(f"/notices/{notice_id}/resolve").status_code == 422
    browser.submit(f"/notices/{notice_id}/resolve", resolution="arrived")

    assert states() == {"sent": 10}


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        pytest.param(lambda: open_circuit(Channel.MAIL), "does not answer since", id="away"),
        pytest.param(
            lambda: stop_channel(Channel.MAIL, reason="log_in_refused"),
            "the server refuses our log-in",
            id="stopped",
        ),
    ],
)
def test_a_channel_in_trouble_is_told(browser, cast, notice_id, trouble, words):
    with transaction():
        trouble()
    browser.sign_in(cast.huang)

    assert words in page(browser, f"/notices/{notice_id}")


def test_the_province_restarts_a_channel(browser, cast, notice_id):
    with transaction():
        stop_channel(Channel.MAIL, reason="log_in_refused")
    browser.sign_in(cast.huang)

    response = browser.submit("/notices/channels/mail/restart")

    assert response.status_code == 302
    assert "is stopped" not in page(browser, f"/notices/{notice_id}")


def test_an_unknown_channel_is_not_restarted(browser, cast):
    browser.sign_in(cast.huang)

    assert browser.submit("/notices/channels/pigeon/restart").status_code == 404


def test_only_the_province_restarts_channels(browser, cast):
    browser.sign_in(cast.zheng)

    assert browser.submit("/notices/channels/mail/restart").status_code == 403


def test_every_message_with_its_story(browser, cast, notice_id, send, audience):
    send()
    browser.sign_in(cast.zheng)

    html = page(browser, f"/notices/{notice_id}/deliveries?channel=mail&state=sent")

    assert audience[0].name in html
    assert "being sent" in html
    assert "The server said 250 2.0.0." in html
    assert "5 messages" in html
    listed = select(AuditEvent).where(AuditEvent.action == "students.listed")
    event = db.session.execute(listed).scalar_one()
    assert event.student_ids == sorted(s.id for s in audience)


def test_the_province_sees_masked_names(browser, cast, notice_id, audience):
    browser.sign_in(cast.huang)

    html = page(browser, f"/notices/{notice_id}/deliveries")

    assert audience[0].name not in html
    assert audience[0].student_number not in html


def test_no_message_in_this_state(browser, cast, notice_id):
    browser.sign_in(cast.zheng)

    html = page(browser, f"/notices/{notice_id}/deliveries?state=bounced")

    assert "No message is in this state." in html


def test_the_export_is_what_the_page_shows(browser, cast, notice_id, audience):
    audience[0].college = "=HYPERLINK(1)"
    db.session.commit()
    browser.sign_in(cast.zheng)

    response = browser.get(f"/notices/{notice_id}/deliveries.csv?channel=mail")

    assert response.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [s.student_number for s in audience]
    assert rows[1][3] == "'=HYPERLINK(1)"
    exported = select(AuditEvent).where(AuditEvent.action == "notice.exported")
    assert db.session.execute(exported).scalar_one().details == {"channel": "mail"}


def test_the_provinces_export_is_masked(browser, cast, notice_id, audience):
    browser.sign_in(cast.huang)

    text = browser.get(f"/notices/{notice_id}/deliveries.csv").data.decode("utf-8-sig")

    assert not any(s.student_number in text or s.name in text for s in audience)


def test_why_some_did_not_get_it(browser, cast, tell, audience):
    audience[0].email_sealed = audience[0].email_index = None
    db.session.commit()
    told = tell(audience, university_id=cast.university.id)
    browser.sign_in(cast.zheng)

    assert "no address is known" in page(browser, f"/notices/{told.notice_id}")


def test_looking_changes_nothing(browser, cast, notice_id):
    browser.sign_in(cast.zheng)
    before = db.session.execute(select(Delivery.state, Delivery.read_at)).all()

    for path in ("", "/deliveries", "/cancel"):
        page(browser, f"/notices/{notice_id}{path}")

    assert db.session.execute(select(Delivery.state, Delivery.read_at)).all() == before


def test_a_message_leads_to_what_happened_with_its_person(browser, cast, notice_id, audience):
    browser.sign_in(cast.zheng)

    html = page(browser, f"/notices/{notice_id}/deliveries")

    assert f'href="/notices/{notice_id}/people/{audience[0].id}"' in html
