"""How far the people of a notice are: the figures, who is behind them, one person's story."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from sqlalchemy import select

from placement import clock
from placement.accounts.models import Role
from placement.audit.models import AuditEvent
from placement.db import db
from placement.desk.notices.funnel import Step, count_steps
from placement.fairs.models import Fair, FairResult, ResultKind, SignUp, SignUpState
from placement.notices.models import Channel, Delivery, DeliveryState
from tests.factories import make_user, save
from tests.notices.conftest import only_notice

CHANNELS = (Channel.MAIL, Channel.INBOX)


@pytest.fixture
def fair(cast) -> Fair:
    fair = Fair(title="春季招聘会", on=clock.today() + dt.timedelta(days=2), place="福州")
    fair.university_id = cast.university.id
    save(fair)
    return fair


@pytest.fixture
def notice(tell, audience, cast, fair):
    """Of five one has no address and no account, one read it, one comes, one not, one came."""
    for student in audience[1:]:
        of = {"student_id": student.id, "password_hash": "of their own"}
        make_user(Role.STUDENT, cast.university, **of)
    audience[0].email_sealed = audience[0].email_index = None
    db.session.commit()
    tell(audience, channels=CHANNELS, university_id=cast.university.id, subject_id=fair.id)
    opened = select(Delivery).where(
        Delivery.student_id == audience[1].id, Delivery.channel == Channel.INBOX
    )
    db.session.execute(opened).scalar_one().read_at = clock.now()
    save(
        SignUp(fair_id=fair.id, student_id=audience[2].id),
        SignUp(fair_id=fair.id, student_id=audience[3].id, state=SignUpState.WITHDRAWN),
        SignUp(fair_id=fair.id, student_id=audience[4].id, came_at=clock.now()),
        FairResult(fair_id=fair.id, student_id=audience[4].id, kind=ResultKind.OFFER),
    )
    return only_notice()


def page(browser, path):
    response = browser.get(path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_the_figures_by_any_way_and_by_one(notice):
    assert count_steps(notice).counts == {
        Step.CHOSEN: 5,
        Step.QUEUED: 5,
        Step.SENT: 4,
        Step.DELIVERED: 4,
        Step.READ: 4,
        Step.COMING: 2,
        Step.CAME: 1,
        Step.RESULT: 1,
    }
    by_mail = count_steps(notice, channel=Channel.MAIL).counts
    assert (by_mail[Step.CHOSEN], by_mail[Step.QUEUED], by_mail[Step.SENT]) == (5, 4, 0)
    assert by_mail[Step.DELIVERED] == 3  # who answered has it


def test_each_figure_leads_to_its_people(browser, cast, notice, audience):
    browser.sign_in(cast.zheng)
    html = page(browser, f"/notices/{notice.id}")
    assert f"/notices/{notice.id}/people?step=coming" in html
    assert f"/notices/{notice.id}/people?step=read&amp;lacking=1" in html

    coming = page(browser, f"/notices/{notice.id}/people?step=coming")
    silent = page(browser, f"/notices/{notice.id}/people?step=read&lacking=1")
    no_mail = page(browser, f"/notices/{notice.id}/people?step=queued&lacking=1&channel=mail")

    assert [s.student_number in coming for s in audience] == [False, False, True, False, True]
    assert [s.student_number in silent for s in audience] == [True, False, False, False, False]
    assert [s.student_number in no_mail for s in audience] == [True, False, False, False, False]
    assert "no address is known" in no_mail
    listed = select(AuditEvent.student_ids).where(AuditEvent.action == "students.listed")
    assert [audience[0].id] in db.session.execute(listed).scalars().all()
    untold = page(browser, f"/notices/{notice.id}/people?step=sent&lacking=1")
    assert [s.student_number in untold for s in audience] == [True, False, False, False, False]
    assert "Nobody is here." in page(browser, f"/notices/{notice.id}/people?step=chosen&lacking=1")


def test_a_person_has_a_story_and_doubt_is_decided_there(browser, cast, notice, audience, send):
    send()
    mail = db.session.execute(
        select(Delivery).where(
            Delivery.student_id == audience[4].id, Delivery.channel == Channel.MAIL
        )
    ).scalar_one()
    mail.state, mail.sending_at = DeliveryState.UNCERTAIN, clock.now()
    db.session.commit()
    browser.sign_in(cast.zheng)
    story = page(browser, f"/notices/{notice.id}/people/{audience[4].id}")
    for words in (
        "being sent",
        "signed up for the fair",
        "came to the fair",
        "noted at the fair",
        "nobody can know",
    ):
        assert words in story

    there = f"/notices/{notice.id}/deliveries/{mail.id}"
    assert browser.submit(f"{there}/resolve", resolution="perhaps").status_code == 422
    browser.submit(f"{there}/resolve", resolution="arrived")
    db.session.expire_all()
    assert mail.state is DeliveryState.SENT
    mail.state = DeliveryState.FAILED
    db.session.commit()
    assert "Try again" in page(browser, f"/notices/{notice.id}/people/{audience[4].id}")
    browser.submit(f"{there}/retry")

    db.session.expire_all()
    assert mail.state is DeliveryState.PENDING
    assert browser.get(f"/notices/{notice.id}/people/{cast.lin_mei.id}").status_code == 404


def test_the_file_is_what_the_page_shows(browser, cast, notice, audience):
    browser.sign_in(cast.zheng)
    response = browser.get(f"/notices/{notice.id}/people.csv?step=read")
    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert {row[0] for row in rows[1:]} == {s.student_number for s in audience[1:]}
    assert rows[0][4:6] == ["Mail", "Inbox"]

    book = browser.get(f"/notices/{notice.id}/people.xlsx?step=queued&lacking=1&channel=mail")
    sheet = openpyxl.load_workbook(io.BytesIO(book.data)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [audience[0].student_number]
    assert browser.get(f"/notices/{notice.id}/people.pdf").status_code == 404

    browser.sign_in(cast.huang)
    masked = browser.get(f"/notices/{notice.id}/people.csv").data.decode("utf-8-sig")
    assert not any(s.student_number in masked or s.name in masked for s in audience)
