"""Closing takes two persons and a reason that holds."""

import datetime as dt
import re

import pytest

from placement import clock
from placement.cases.models import Case, Closing
from placement.db import db
from tests.factories import make_outcome


def ask(browser, cast, reason="placed", who="chen"):
    browser.sign_in(getattr(cast, who))
    return browser.submit(
        f"/cases/{cast.case.id}/close",
        version=cast.case.version,
        reason=reason,
        closed_on=clock.today().isoformat(),
    )


def is_closed(cast) -> bool:
    db.session.rollback()
    return db.session.get(Case, cast.case.id).closed_on is not None


def test_case_is_closed_when_another_person_approves(browser, cast):
    make_outcome(cast.lin_mei)
    asked = ask(browser, cast)
    still_open = not is_closed(cast)

    browser.sign_in(cast.zheng)
    counted = browser.get("/overview?year=2016")
    listed = browser.get("/cases/closings")
    approved = browser.submit(f"/cases/{cast.case.id}/close/approve", next="/cases/closings")
    closed = is_closed(cast)
    page = browser.get("/cases/closings")
    browser.submit(f"/cases/{cast.case.id}/reopen")

    assert asked.status_code == 302
    assert still_open
    assert re.search(r'Closings to decide</a>\s*<span class="number quiet">1<', counted.text)
    assert "林梅" in listed.text
    assert approved.location == "/cases/closings"
    assert "The case of 林梅 is closed." in page.text
    assert f"/cases/{cast.case.id}/reopen" in page.text
    assert closed
    assert not is_closed(cast)


def test_case_is_opened_again_with_what_happens_next(browser, cast):
    make_outcome(cast.lin_mei)
    ask(browser, cast)
    browser.sign_in(cast.zheng).submit(f"/cases/{cast.case.id}/close/approve")
    url, soon = f"/cases/{cast.case.id}/reopen", clock.today() + dt.timedelta(days=3)
    asked = browser.sign_in(cast.chen).get(url)
    case = db.session.get(Case, cast.case.id)

    nothing = browser.submit(url, version=case.version, next_step="")
    opened = browser.submit(
        url, version=case.version, next_step="Look for the next post", next_contact_on=str(soon)
    )
    again = browser.get(url)

    assert asked.status_code == 200
    assert nothing.status_code == 422
    assert opened.status_code == 302
    case = db.session.get(Case, cast.case.id)
    assert (case.closed_on, case.next_step) == (None, "Look for the next post")
    assert case.next_contact_on == soon
    assert again.location == f"/cases/{case.id}"


def test_nobody_approves_what_they_asked_for(browser, cast):
    ask(browser, cast, "declined_help", who="zheng")

    browser.submit(f"/cases/{cast.case.id}/close/approve")

    assert not is_closed(cast)


@pytest.mark.parametrize("reason", ["placed", "handed_over"])
def test_reason_must_hold(browser, cast, reason):
    make_outcome(cast.lin_mei, verified=False)

    response = ask(browser, cast, reason)

    assert response.status_code == 422
    assert db.session.query(Closing).count() == 0


def test_hand_over_needs_the_students_own_agreement(browser, cast):
    browser.sign_in(cast.lin_mei_user)
    browser.submit("/my/consent", recipient="Employment service of the home county")

    agreed = ask(browser, cast, "handed_over")
    browser.submit(f"/cases/{cast.case.id}/close/withdraw")
    browser.sign_in(cast.lin_mei_user).submit("/my/consent/withdraw")

    assert agreed.status_code == 302
    assert ask(browser, cast, "handed_over").status_code == 422


def test_refused_case_stays_open(browser, cast):
    ask(browser, cast, "declined_help")

    browser.sign_in(cast.zheng).submit(
        f"/cases/{cast.case.id}/close/refuse", answer="Talk with her family once more"
    )

    assert not is_closed(cast)
    assert db.session.query(Closing).one().answer == "Talk with her family once more"
