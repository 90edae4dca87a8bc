"""The student agrees with a step of the plan or asks about it; the counselor answers."""

import pytest

from placement import clock
from placement.accounts.queries import viewer_of
from placement.cases.models import Action, ActionAnswer, ActionKind, ActionState, AnswerKind
from placement.cases.operations import add_action, answer_action, reply_to_question
from placement.db import db, transaction
from placement.errors import InvalidValueError, NotAllowedError


@pytest.fixture
def action(cast) -> Action:
    with transaction():
        kind, title = ActionKind.GUIDANCE, "Mock interview in the office"
        return add_action(cast.case, actor=viewer_of(cast.chen), kind=kind, title=title)


def standing() -> ActionAnswer | None:
    db.session.rollback()
    return db.session.query(ActionAnswer).filter_by(withdrawn_at=None).one_or_none()


def test_question_reaches_the_counselor_and_the_reply_the_student(browser, cast, action):
    mine, base = f"/my/actions/{action.id}", f"/cases/{cast.case.id}/actions/{action.id}"
    browser.sign_in(cast.lin_mei_user)
    offered = browser.get("/my/plan").text
    empty = browser.submit(f"{mine}/question", note="")
    browser.submit(f"{mine}/question", note="May I do it by video?")
    asked = browser.get("/my/plan").text

    browser.sign_in(cast.chen)
    today = browser.get("/today").text
    shown = browser.get(f"/cases/{cast.case.id}").text
    browser.submit(f"{base}/reply", reply="Yes, on Friday at ten")
    quiet = browser.get("/today").text
    told = browser.sign_in(cast.lin_mei_user).get("/my/plan").text

    assert "Mock interview in the office" in offered
    assert f"{mine}/accept" in offered
    assert empty.status_code == 422
    assert "Your counselor answers here." in asked
    assert "asks about a step of the plan" in today
    assert "May I do it by video?" in shown
    assert "asks about a step of the plan" not in quiet
    assert "陈老师 replied: Yes, on Friday at ten" in told
    assert b"video" not in standing().note_sealed


def test_student_agrees_and_takes_it_back(browser, cast, action):
    mine = f"/my/actions/{action.id}"
    browser.sign_in(cast.lin_mei_user)

    browser.submit(f"{mine}/question", note="Is it needed?")
    browser.submit(f"{mine}/accept")
    agreed = standing()
    shown = browser.sign_in(cast.chen).get(f"/cases/{cast.case.id}").text
    browser.sign_in(cast.lin_mei_user).submit(f"{mine}/take-back")

    assert agreed.kind is AnswerKind.ACCEPTED
    assert "the student agrees" in shown
    assert standing() is None


def test_nobody_else_speaks_for_the_student_and_nothing_is_said_to_what_is_over(cast, action):
    mine, chen = viewer_of(cast.lin_mei_user), viewer_of(cast.chen)
    accepted = AnswerKind.ACCEPTED
    with pytest.raises(NotAllowedError):
        answer_action(action, case=cast.case, actor=chen, kind=accepted)
    agreed = answer_action(action, case=cast.case, actor=mine, kind=accepted)
    with pytest.raises(InvalidValueError, match="Nothing is asked"):
        reply_to_question(agreed, case=cast.case, actor=chen, reply="You are welcome")
    action.state, action.done_on = ActionState.DONE, clock.today()
    with pytest.raises(InvalidValueError, match="is over"):
        answer_action(action, case=cast.case, actor=mine, kind=accepted)
    db.session.rollback()
