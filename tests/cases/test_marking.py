"""An action of a plan is marked done with one touch, and taken back with another."""

import re

import pytest

from placement import clock
from placement.accounts.queries import viewer_of
from placement.cases.models import Action, ActionKind, ActionState, CloseReason
from placement.cases.operations import add_action
from placement.db import db, transaction
from tests.factories import save


@pytest.fixture
def action(cast) -> Action:
    with transaction():
        kind, title = ActionKind.GUIDANCE, "Mock interview"
        return add_action(cast.case, actor=viewer_of(cast.chen), kind=kind, title=title)


def stored(action: Action) -> tuple[ActionState, object]:
    db.session.rollback()
    kept = db.session.get(Action, action.id)
    return kept.state, kept.done_on


def test_action_is_done_with_one_touch_and_taken_back(browser, cast, action):
    browser.sign_in(cast.chen)
    address = f"/cases/{cast.case.id}/actions/{action.id}/state"

    browser.submit(address, state="done", version=action.version)
    done = stored(action)
    page = browser.get(f"/cases/{cast.case.id}").text
    browser.submit(re.search(rf'{address}\?[^"]+', page)[0].replace("&amp;", "&"))

    assert done == (ActionState.DONE, clock.today())
    assert stored(action) == (ActionState.PLANNED, None)


def test_mark_in_a_case_that_was_closed_meanwhile_is_refused_on_its_page(browser, cast, action):
    cast.case.closed_on, cast.case.close_reason = clock.today(), CloseReason.NOT_SEEKING
    save(cast.case)
    browser.sign_in(cast.chen)

    refused = browser.submit(
        f"/cases/{cast.case.id}/actions/{action.id}/state", state="done", version=action.version
    )

    assert refused.location == f"/cases/{cast.case.id}"
    assert 'data-flash="error"' in browser.get(refused.location).text
    assert stored(action) == (ActionState.PLANNED, None)


def test_mark_on_an_outdated_page_or_of_no_state_changes_nothing(browser, cast, action):
    browser.sign_in(cast.chen)
    address = f"/cases/{cast.case.id}/actions/{action.id}/state"

    browser.submit(address, state="done", version=action.version + 1)
    page = browser.get(f"/cases/{cast.case.id}").text
    nothing = browser.submit(address, state="gone", version=action.version)

    assert 'data-flash="error"' in page
    assert nothing.status_code == 422
    assert stored(action) == (ActionState.PLANNED, None)
