"""A plan is approved by somebody else, where the university wants that."""

import pytest

from placement.accounts.models import Role
from placement.cases.models import ApprovalState, Case, PlanApproval
from placement.db import db
from tests.factories import make_user


@pytest.fixture
def base(browser, cast) -> str:
    """The case of a university that wants approval, with something in its plan."""
    browser.sign_in(cast.zheng).submit("/cases/approvals/on")
    cast.university.approves_plans = True
    base = f"/cases/{cast.case.id}"
    browser.sign_in(cast.chen)
    browser.submit(f"{base}/next-step", version=cast.case.version, next_step="Write the CV")
    browser.submit(f"{base}/goals/new", title="A post near home", barrier_id=0)
    return base


def states() -> list[ApprovalState]:
    db.session.rollback()
    return [row.state for row in db.session.query(PlanApproval).order_by(PlanApproval.id)]


def test_plan_is_approved_by_another_and_a_change_asks_again(browser, cast, base):
    before = browser.get(base).text
    browser.submit(f"{base}/approval/ask", note="As talked about")
    browser.sign_in(cast.zheng)
    listed = browser.get("/cases/approvals").text
    browser.submit(f"{base}/approval/approve", version=1)
    approved = states()

    browser.sign_in(cast.chen)
    browser.submit(f"{base}/actions/new", kind="training", title="Course in spring", goal_id=0)
    again = browser.sign_in(cast.zheng).get(base).text

    assert "not yet put forward" in before
    assert "As talked about" in listed
    assert approved == [ApprovalState.APPROVED]
    assert states() == [ApprovalState.APPROVED, ApprovalState.ASKED]
    assert "changed, to be approved again" in again


def test_plan_comes_back_with_a_word_and_is_put_forward_again(browser, cast, base):
    browser.submit(f"{base}/approval/ask")
    browser.sign_in(cast.zheng)
    silent = browser.submit(f"{base}/approval/return", version=1, answer="")
    browser.submit(f"{base}/approval/return", version=1, answer="Say what the family thinks")

    browser.sign_in(cast.chen)
    shown = browser.get(base).text
    browser.submit(f"{base}/approval/ask")
    browser.submit(f"{base}/approval/withdraw")

    assert silent.status_code == 422
    assert "Say what the family thinks" in shown
    assert states() == [ApprovalState.RETURNED, ApprovalState.WITHDRAWN]


def test_nobody_approves_what_they_have_not_seen_or_asked_for_themselves(browser, cast, base):
    browser.submit(f"{base}/approval/ask")
    browser.submit(f"{base}/goals/new", title="Another one", barrier_id=0)
    browser.sign_in(cast.zheng)
    browser.submit(f"{base}/approval/approve", version=1)
    unseen = states()
    browser.submit(f"{base}/approval/approve", version=2)
    browser.submit(f"{base}/goals/new", title="A third", barrier_id=0)

    browser.submit(f"{base}/approval/approve", version=1)

    assert unseen == [ApprovalState.ASKED]
    assert states() == [ApprovalState.APPROVED, ApprovalState.ASKED]


def test_approval_is_off_until_the_whole_university_wants_it(browser, cast):
    case_id = cast.case.id
    college = make_user(Role.UNIVERSITY, cast.university, colleges=["文学院"])
    refused = browser.sign_in(college).submit("/cases/approvals/on")
    browser.sign_in(cast.chen)

    page = browser.get(f"/cases/{case_id}").text
    asked = browser.submit(f"/cases/{case_id}/approval/ask")

    assert refused.status_code == 403
    assert "not yet put forward" not in page
    assert asked.status_code == 422
    assert db.session.get(Case, case_id).closed_on is None
    assert states() == []


def test_empty_plan_is_not_put_forward(browser, cast):
    cast.university.approves_plans = True
    db.session.commit()
    browser.sign_in(cast.chen)

    response = browser.submit(f"/cases/{cast.case.id}/approval/ask")

    assert "The plan is empty." in response.text
    assert states() == []
