"""A job that is lost opens the case again, however that is learnt; disputes go to somebody else."""

import pytest

from placement import clock
from placement.accounts.queries import viewer_of
from placement.cases.models import Case, CloseReason
from placement.cases.operations import close_case
from placement.db import db, transaction
from placement.intake.models import Import
from placement.outcomes.models import Dispute, Outcome
from placement.outcomes.operations import open_dispute
from tests.factories import make_outcome, save
from tests.intake.taking import take, undo


@pytest.fixture
def number(cast) -> dict[str, str]:
    return {"student_number": cast.lin_mei.student_number, "university": cast.university.code}


def close(cast, reason=CloseReason.PLACED) -> None:
    with transaction():
        actor, day, version = viewer_of(cast.zheng), clock.today(), cast.case.version
        close_case(cast.case, actor=actor, reason=reason, closed_on=day, version=version)


def state_of(cast) -> tuple[object, object]:
    db.session.rollback()
    case = db.session.get(Case, cast.case.id)
    return case.closed_on, case.close_reason


def test_file_that_says_the_job_is_lost_opens_the_case_until_it_is_taken_back(cast, number):
    make_outcome(cast.lin_mei)
    close(cast)
    closed = state_of(cast)

    answer = take("outcomes", number | {"code": "70", "effective_on": "2016-11-02"})
    opened = state_of(cast)
    undo(answer)

    assert closed[0] is not None
    assert opened == (None, None)
    assert state_of(cast) == closed


def test_file_that_proved_the_job_is_taken_back(cast, number):
    row = number | {"code": "10", "employer": "甲", "effective_on": "2016-07-01"}
    answer = take("outcomes", row, verified=True)
    close(cast)

    undo(answer)

    assert state_of(cast) == (None, None)


def test_file_leaves_closed_what_was_closed_for_another_reason_or_is_placed_still(cast, number):
    make_outcome(cast.lin_mei)
    close(cast)
    placed = number | {"code": "11", "employer": "乙", "effective_on": "2016-11-02"}
    take("outcomes", placed, verified=True)
    still = state_of(cast)
    with transaction():
        cast.case.close_reason = CloseReason.DECLINED_HELP

    take("outcomes", number | {"code": "70", "effective_on": "2016-12-02"})

    assert still[1] is CloseReason.PLACED
    assert state_of(cast)[1] is CloseReason.DECLINED_HELP


def test_case_that_was_worked_on_since_keeps_the_file_from_being_taken_back(browser, cast, number):
    make_outcome(cast.lin_mei)
    close(cast)
    answer = take("outcomes", number | {"code": "70", "effective_on": "2016-11-02"})
    browser.sign_in(cast.chen).submit(
        f"/cases/{cast.case.id}/next-step",
        version=db.session.get(Case, cast.case.id).version,
        next_step="Look for another post",
    )

    browser.sign_in(cast.huang)
    response = browser.submit(f"/imports/{answer['import_id']}/undo")

    assert response.status_code == 409
    assert state_of(cast) == (None, None)


def test_who_sent_the_file_settles_no_dispute_about_it(browser, cast, number):
    row = number | {"code": "10", "employer": "甲", "effective_on": "2016-07-01"}
    answer = take("outcomes", row, verified=True)
    db.session.get(Import, answer["import_id"]).actor_id = cast.zheng.id
    outcome = db.session.query(Outcome).one()
    save(open_dispute(outcome, actor_id=cast.lin_mei_user.id, reason="Never worked there"))
    url = f"/outcomes/{outcome.id}/dispute/settle"

    browser.sign_in(cast.zheng)
    page = browser.get(f"/outcomes/{outcome.id}").text
    refused = browser.submit(url, settlement="I sent it, so it is right")
    browser.sign_in(cast.chen)
    offered = browser.get(f"/outcomes/{outcome.id}").text
    browser.submit(url, settlement="The employer confirms that she never came")

    assert "Somebody who neither recorded the outcome nor opened the dispute" in page
    assert refused.status_code == 422
    assert url in offered
    assert db.session.query(Dispute).one().settled_by == cast.chen.id
