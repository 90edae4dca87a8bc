"""What is owed to each person, what was given, and a board that ranks nobody."""

import datetime as dt
import re

import pytest

from placement import clock
from placement.accounts.queries import viewer_of
from placement.cases.models import ActionKind, FollowUpMethod, FollowUpResult
from placement.cases.operations import add_action, record_follow_up
from placement.cases.standard import CONTACT, marks_of
from placement.db import transaction
from placement.jobs.models import Referral
from placement.rulebook.queries import standard_in
from tests.factories import save
from tests.openings import make_posting

OPENED = dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("today", "tone"),
    [
        pytest.param(dt.date(2026, 3, 2), "", id="far"),
        pytest.param(OPENED + dt.timedelta(days=170), "due", id="soon"),
        pytest.param(OPENED + dt.timedelta(days=181), "late", id="missed"),
    ],
)
def test_what_is_missing_turns_from_quiet_to_missed(today, tone):
    marks = marks_of(
        {"job_referral": 2},
        standard=standard_in([], today),
        opened_on=OPENED,
        last_contact_on=None,
        today=today,
    )

    referrals = next(mark for mark in marks if mark.code == "referrals")
    assert (referrals.done, referrals.needed, referrals.tone(today)) == (2, 3, tone)


def test_training_or_internship_is_one_of_them():
    marks = marks_of(
        {"internship": 1},
        standard=standard_in([], OPENED),
        opened_on=OPENED,
        last_contact_on=None,
        today=OPENED,
    )

    assert next(mark for mark in marks if mark.code == "training").tone(OPENED) == "good"


@pytest.mark.parametrize(
    ("day", "days"),
    [(dt.date(2026, 4, 30), 30), (dt.date(2026, 5, 1), 14), (dt.date(2026, 9, 1), 30)],
)
def test_contacts_are_closer_in_the_season_of_graduation(day, days):
    last = day - dt.timedelta(days=days)
    in_time, late = (
        marks_of(
            {},
            standard=standard_in([], day),
            opened_on=OPENED,
            last_contact_on=last - dt.timedelta(days=more),
            today=day,
        )
        for more in (0, 1)
    )

    assert standard_in([], day).interval.days == days
    assert [m[-1].code for m in (in_time, late)] == [CONTACT, CONTACT]
    assert (in_time[-1].tone(day), late[-1].tone(day)) == ("good", "late")


def test_every_standard_says_where_it_comes_from():
    assert all(requirement.source for requirement in standard_in([], OPENED).requirements)


def give_everything(cast) -> None:
    actor = viewer_of(cast.chen)
    kinds = (ActionKind.POLICY_BRIEFING, ActionKind.GUIDANCE, ActionKind.TRAINING)
    with transaction():
        for kind in kinds:
            add_action(cast.case, actor=actor, kind=kind, title="Done", done_on=clock.today())
        record_follow_up(
            cast.case,
            counselor=actor,
            contacted_on=clock.today(),
            method=FollowUpMethod.CALL,
            result=FollowUpResult.REACHED,
            version=cast.case.version,
        )
    for _ in range(3):
        posting = make_posting(university_id=cast.university.id)
        save(Referral(student_id=cast.lin_mei.id, posting_id=posting.id, counselor_id=cast.chen.id))


def board_of(page: str) -> list[str]:
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return re.findall(r"<td[^>]*>\s*([^<\s][^<]*?)\s*</td>", table)


def test_board_counts_people_served(browser, cast):
    assert cast.case.closed_on is None
    browser.sign_in(cast.zheng)
    before = board_of(browser.get("/service").text)

    give_everything(cast)
    after = board_of(browser.get("/service").text)

    assert before == ["陈老师", "1", "0", "0", "0", "0", "0", "0"]
    assert after == ["陈老师", "1", "1", "1", "1", "1", "1", "1"]


def test_person_is_shown_as_owed_until_all_is_given(browser, cast):
    case_id = cast.case.id
    browser.sign_in(cast.chen)
    owed = browser.get("/service?missing=referrals")
    page = browser.get(f"/cases/{case_id}")

    give_everything(cast)

    assert f"/cases/{case_id}" in owed.text
    assert "0 of 5 met" in page.text
    assert "5 of 5 met" in browser.get(f"/cases/{case_id}").text
    assert f"/cases/{case_id}" not in browser.get("/service").text.partition("Still owed")[2]
