"""Whom a notice reaches: the choice, who is left out of it, and who cannot be reached and why."""

import csv
import datetime as dt
import io

import pytest

from placement import clock
from placement.accounts.models import Role
from placement.audit.models import AuditEvent
from placement.db import db
from placement.fairs.models import SignUp, SignUpState
from placement.notices.models import Channel, NoticeKind, OptOut, Suppression
from placement.students.models import Category, StandingKind
from tests.factories import (
    make_member,
    make_outcome,
    make_standing,
    make_student,
    make_user,
    save,
)


def member(cast, **values):
    student = make_student(cast.university, **values)
    make_member(student, Category.RURAL_ORIGIN)
    return student


def without_mail(cast, **values):
    student = member(cast, **values)
    student.email_sealed = student.email_index = None
    db.session.commit()
    return student


def counted(composer, **fields):
    """The head count that the form shows while it changes, and nothing is written."""
    page = composer.compose(act="count", **fields)
    assert page.status_code == 200
    return page.text


def people(composer, **fields) -> int:
    text = counted(composer, **fields)
    if "Nobody fits this choice." in text:
        return 0
    return int(text.split('class="big number">')[1].split()[0].replace(",", ""))


def test_the_choice_narrows_and_the_exclusions_take_out(composer, cast, fair):
    assert cast.lin_mei
    assert cast.stranger
    placed, seeking, answered = (member(cast) for _ in range(3))
    make_outcome(placed, "10", verified=True)
    make_outcome(seeking, "70", verified=False)
    make_standing(member(cast), StandingKind.WITHDRAWN)
    save(SignUp(fair_id=fair.id, student_id=answered.id, state=SignUpState.COMING))
    save(OptOut(student_id=seeking.id, kind=NoticeKind.FAIR, channel=Channel.MAIL))

    assert people(composer) == 4
    assert people(composer, categories="rural_origin") == 3
    assert people(composer, categories="rural_origin", parts="seeking") == 2
    assert people(composer, placed="y") == 3
    assert people(composer, answered="y") == 3
    assert people(composer, opted_out="y") == 3
    assert people(composer, named=seeking.student_number) == 3
    text = counted(composer, placed="y", answered="y", named=f"90001/{seeking.student_number}")
    for words in ("no longer studies here", "has found a place", "has answered already"):
        assert words in text
    assert composer.newest() is None


def test_who_was_written_to_lately_is_left_out_for_as_long(composer, cast, travel):
    _told, other = member(cast), member(cast)
    composer.agree(composer.draft(named=other.student_number))

    assert people(composer, contacted_days="2") == 1
    travel(days=1)
    composer.browser.sign_in(cast.zheng)

    assert people(composer, contacted_days="2") == 1
    assert people(composer, contacted_days="1") == 2


def test_a_piece_of_the_page_is_enough_for_the_live_count(composer, cast):
    assert cast.lin_mei
    token = composer.browser.token()

    answer = composer.browser.client.post(
        f"/fairs/{composer.fair_id}/announce",
        data={"csrf_token": token, "act": "count", "channels": "inbox"},
        headers={"X-Fragment": "head-count"},
    )

    assert answer.text.strip().startswith('<div class="head-count" id="head-count"')
    assert "1 person" in answer.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"channels": []}, "This field is required.", id="no-channel"),
        pytest.param({"named": "4711"}, "Nobody has the number 4711.", id="unknown-person"),
        pytest.param({"when": "at"}, "Choose a day and a time.", id="no-time"),
        pytest.param(
            {"when": "at", "send_at": "2016-01-01T08:00"}, "This time is past.", id="past"
        ),
        pytest.param(
            {"when": "at", "send_at": "2036-01-01T08:00"}, "The fair is over by then.", id="late"
        ),
        pytest.param({"message": "致困难毕业生"}, "Say it without naming a category.", id="reason"),
        pytest.param(
            {"remind_after_days": "3"}, "The reminder would come too late", id="reminder-late"
        ),
        pytest.param({"remind_after_days": "0"}, "Number must be between 1 and 30.", id="reminder"),
        pytest.param({"contacted_days": "900"}, "Number must be between 1 and 365.", id="days"),
    ],
)
def test_a_bad_entry_is_explained_beside_its_field(composer, fields, words):
    response = composer.compose(**fields)

    assert response.status_code == 422
    assert words in response.text
    assert composer.newest() is None


def test_a_person_of_another_university_cannot_be_named(composer, cast):
    response = composer.compose(named=cast.stranger.student_number)

    assert response.status_code == 422


def test_a_number_that_two_universities_have_needs_the_university(browser, cast, composer):
    member(cast, student_number="777")
    make_member(make_student(cast.other_university, student_number="777"), Category.RURAL_ORIGIN)
    browser.sign_in(cast.huang)

    refused = composer.compose(named="777")
    taken = composer.compose(named="90001/777")

    assert "Several have the number 777" in refused.text
    assert (refused.status_code, taken.status_code) == (422, 302)


def test_who_does_not_get_it_and_why(composer, cast):
    silent = without_mail(cast, name="无邮箱")
    unwilling, closed, placed = (member(cast, email=f"s{n}@a.example") for n in range(3))
    make_outcome(placed, "10", verified=True)
    make_user(Role.STUDENT, cast.university, student_id=closed.id, password_hash="their own")
    make_user(Role.STUDENT, cast.university, student_id=unwilling.id)  # invited, never came
    save(OptOut(student_id=unwilling.id, kind=NoticeKind.FAIR, channel=Channel.MAIL))
    save(
        Suppression(
            channel=Channel.MAIL,
            address_index=closed.email_index,
            reason="hard_bounce",
            since=clock.now() - dt.timedelta(days=1),
        )
    )
    draft = composer.draft(channels=["inbox", "mail"], placed="y")

    page = composer.page(draft, "/unreached")
    export = composer.browser.get(f"/notices/drafts/{draft.id}/unreached.csv")

    for words in ("no address is known", "does not want such notices", "has found a place"):
        assert words in page
    rows = list(csv.reader(io.StringIO(export.data.decode("utf-8-sig"))))[1:]
    by_way = {(row[0], row[4], row[5]) for row in rows}
    assert by_way == {
        (silent.student_number, "Mail", "no address is known"),
        (unwilling.student_number, "Mail", "does not want such notices"),
        (closed.student_number, "Mail", "the address was given up after refusals"),
        (placed.student_number, "left out", "has found a place"),
        *(
            (s.student_number, "Inbox", "has no account yet; it waits in the inbox for them")
            for s in (silent, unwilling)
        ),
    }
    assert "无邮箱" in composer.page(draft, "/unreached?way=mail&reason=no_address")
    assert "Nobody is missed in this way." in composer.page(draft, "/unreached?reason=contacted")
    listed = db.session.query(AuditEvent).filter_by(action="students.listed").first()
    assert silent.id in listed.student_ids


def test_the_province_sees_the_unreached_masked(composer, browser, cast):
    silent = without_mail(cast, name="欧阳无邮")
    browser.sign_in(cast.huang)
    draft = composer.draft(channels=["mail"])

    page = composer.page(draft, "/unreached?way=mail")
    export = browser.get(f"/notices/drafts/{draft.id}/unreached.csv").data.decode()

    assert "no address is known" in page
    for text in (page, export):
        assert silent.name not in text
        assert silent.student_number not in text
