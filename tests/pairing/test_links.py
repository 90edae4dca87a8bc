"""A helper's link: it opens little, to whoever has it, until it is withdrawn or too old."""

import datetime as dt
import json
import re

import pytest

from placement import clock
from placement.accounts.queries import viewer_of
from placement.audit.models import AuditEvent
from placement.db import db, transaction
from placement.notices.models import Delivery, NoticeKind
from placement.notices.rendering import has_sms, render
from placement.pairing import operations
from placement.pairing.models import Pairing, PairingLink, PairingWord
from placement.pairing.operations.linking import A_MINUTE
from tests.pairing.test_helpers import DAY, helper

_LINK = re.compile(r"https?://[^<\s]+(/help/[^<\s]+)")


@pytest.fixture
def pairing(cast) -> Pairing:
    with transaction():
        given = helper(email="su@alumni.example")
        return operations.pair_student(cast.case, actor=viewer_of(cast.chen), helper=given)


@pytest.fixture
def link(cast, pairing) -> str:
    with transaction():
        return "/help/" + operations.new_link(pairing, actor=viewer_of(cast.chen))


def writing(link: str) -> str:
    """Where a word on the one student of a link goes."""
    return f"{link}/{db.session.query(Pairing).one().id}"


def opened() -> int:
    db.session.rollback()
    return db.session.query(AuditEvent).filter_by(action="helper.opened").count()


def test_link_is_shown_once_and_kept_nowhere(browser, cast, pairing):
    browser.sign_in(cast.chen)

    shown = browser.submit(f"/helpers/{pairing.id}/link").text
    path = _LINK.search(shown)[1]
    later = browser.get(f"/cases/{cast.case.id}/helpers").text

    row = db.session.query(PairingLink).one()
    token = path.rpartition("/")[2]
    assert token not in later
    assert token not in str([getattr(row, column.key) for column in row.__table__.columns])
    assert "link good until" in later
    assert row.expires_at > clock.now() + 30 * DAY


def test_helper_without_an_account_reads_little_and_writes(browser, cast, link):
    page = browser.get(link)
    door = writing(link)
    empty = browser.submit(door, text="", helped_on=str(clock.today()))
    sent = {"text": "Two interviews, both went well", "helped_on": str(clock.today())}
    twice = {"submission_id": "6f2b7a0e-2b1c-4a43-9d7e-1f6c8c2f5d11"}
    browser.submit(door, **sent, **twice)
    thanks = browser.submit(door, **sent, **twice)
    told = browser.sign_in(cast.chen).get(f"/cases/{cast.case.id}").text
    mine = browser.sign_in(cast.lin_mei_user).get("/my").text

    assert "您帮扶的学生：梅" in page.text
    assert "Practise interviews" in page.text
    for secret in ("林", cast.lin_mei.student_number, "hardship", "困难", cast.lin_mei.mobile):
        assert secret not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert empty.status_code == 422
    assert "Two interviews, both went well" in thanks.text
    assert "Two interviews, both went well" in told
    assert b"interviews" not in db.session.query(PairingWord).one().text_sealed
    assert opened() == 4
    assert "opened the link of paired help" in mine


def test_helper_takes_a_word_back_but_not_that_of_another(browser, cast, pairing, link):
    browser.submit(writing(link), text="Wrong person", helped_on=str(clock.today()))
    mine = db.session.query(PairingWord).one().id
    with transaction():
        noted = operations.note_word(
            pairing, actor=viewer_of(cast.chen), text="By phone", helped_on=clock.today()
        )

    browser.submit(f"{link}/words/{mine}/undo")
    refused = browser.submit(f"{link}/words/{noted.id}/undo")

    db.session.rollback()
    voided = {row.id for row in db.session.query(PairingWord) if row.voided_at}
    assert voided == {mine}
    assert refused.status_code == 403


def withdrawn(cast, pairing):
    operations.withdraw_link(pairing, actor=viewer_of(cast.chen))


def renewed(cast, pairing):
    operations.new_link(pairing, actor=viewer_of(cast.chen))


def ended(cast, pairing):
    chen = viewer_of(cast.chen)
    operations.end_pairing(pairing, actor=chen, reason="Moved away", version=pairing.version)


def objected(cast, pairing):
    operations.object_to_pairing(pairing, actor=viewer_of(cast.lin_mei_user), reason="No, thanks")


def too_old(cast, pairing):
    row = db.session.query(PairingLink).one()
    row.made_at, row.expires_at = clock.now() - 2 * DAY, clock.now() - dt.timedelta(seconds=1)


def erased(cast, pairing):
    cast.lin_mei.data_key = None


@pytest.mark.parametrize(
    "way", [withdrawn, renewed, ended, objected, too_old, erased], ids=lambda way: way.__name__
)
def test_link_opens_nothing_any_more(browser, cast, pairing, link, way):
    before = browser.get(link).status_code
    with transaction():
        way(cast, pairing)

    page = browser.get(link)
    written = browser.submit(writing(link), text="Met", helped_on=str(clock.today()))

    assert before == 200
    assert (page.status_code, written.status_code) == (410, 410)
    assert "Practise interviews" not in page.text
    assert db.session.query(PairingWord).count() == 0
    assert opened() == 3


def test_forged_link_is_no_link_and_one_used_too_often_waits(browser, link):
    door, token = link[: len("/help/")], link[len("/help/") :]
    assert browser.get(door + token.swapcase()).status_code == 404
    assert browser.get("/help/none").status_code == 404
    assert opened() == 0
    row = db.session.query(PairingLink).one()
    browser.get(link)
    db.session.rollback()
    db.session.refresh(row)
    row.uses = A_MINUTE
    row.minute = clock.now().replace(second=0, microsecond=0)
    db.session.commit()

    statuses = {browser.get(link).status_code for _ in range(2)}

    assert 429 in statuses


def test_link_goes_by_mail_without_a_trace_of_it_in_clear(browser, cast, pairing, settings):
    browser.sign_in(cast.chen)

    answer = browser.submit(f"/helpers/{pairing.id}/link", mail="1")
    shown = browser.get(f"/cases/{cast.case.id}/helpers").text

    assert answer.status_code == 302
    if settings.smtp_url:
        delivery = db.session.query(Delivery).one()
        assert delivery.student_id is None
        assert "/help/" not in json.dumps(delivery.notice.values)
        assert b"/help/" not in delivery.values_sealed
    else:
        assert "link good until" not in shown


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_mail_to_a_helper_names_no_student(locale):
    values = {
        "helper": "苏学长",
        "counselor": "陈老师",
        "url": "https://placement.example/help/x",
        "expires_on": "2016-12-01",
    }

    mail = render(NoticeKind.HELPER, locale, values)

    assert "https://placement.example/help/x" in mail.text
    assert mail.html.count("苏学长") == 1
    assert not has_sms(NoticeKind.HELPER)


def test_link_page_is_the_helpers_also_where_somebody_is_signed_in(browser, cast, link):
    page = browser.sign_in(cast.chen).get(link).text

    assert cast.chen.display_name not in page
    assert "/students" not in page
    assert "data-viewer" not in page
