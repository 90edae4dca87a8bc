"""A dispute opened by mistake is taken back by the student who opened it, for half an hour."""

import datetime as dt

from placement import clock
from placement.audit.models import AuditEvent
from placement.db import db, transaction
from placement.outcomes.models import Dispute
from placement.outcomes.operations import take_dispute_back
from tests.factories import make_outcome


def disputed(browser, cast) -> str:
    outcome = make_outcome(cast.lin_mei)
    url = f"/outcomes/{outcome.id}/dispute"
    browser.sign_in(cast.lin_mei_user).submit(url, reason="Never worked there")
    return url


def test_own_dispute_is_taken_back_from_the_news_of_it(browser, cast):
    url = disputed(browser, cast)
    news = browser.get("/my/outcome").text

    browser.submit(f"{url}/undo")

    page = browser.get("/my/outcome").text
    assert f'action="{url}/undo"' in news
    assert "Your dispute is taken back." in page
    assert "This is wrong" in page
    assert db.session.query(Dispute).one().voided_at is not None
    acts = {event.action for event in db.session.query(AuditEvent)}
    assert "dispute.taken_back" in acts
    assert browser.submit(f"{url}/undo").status_code == 404


def test_taken_back_twice_is_taken_back_once(browser, cast):
    disputed(browser, cast)
    row, mine = db.session.query(Dispute).one(), cast.lin_mei_user.id
    with transaction():
        take_dispute_back(row, actor_id=mine)
    at = row.voided_at

    with transaction():
        take_dispute_back(row, actor_id=mine)

    assert row.voided_at == at
    acts = [event.action for event in db.session.query(AuditEvent)]
    assert acts.count("dispute.taken_back") == 1


def test_not_after_half_an_hour_and_not_that_of_another(browser, cast):
    url = disputed(browser, cast)
    row = db.session.query(Dispute).one()
    row.opened_by = cast.zheng.id
    db.session.commit()
    of_another = browser.submit(f"{url}/undo")
    row.opened_by = cast.lin_mei_user.id
    row.recorded_at = clock.now() - dt.timedelta(minutes=31)
    db.session.commit()

    late = browser.submit(f"{url}/undo")

    assert (of_another.status_code, late.status_code) == (403, 403)
    assert "Tell your counselor" in late.text
    assert db.session.query(Dispute).one().voided_at is None
