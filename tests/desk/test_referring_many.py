"""Several jobs of a list are put forward with one act and one word, and taken back with another."""

import re

import pytest

from placement.db import db
from placement.jobs.models import PostingResponse, Referral, ReferralState, ResponseKind
from placement.jobs.warming import renew_list
from tests.factories import save
from tests.openings import make_posting

pytestmark = pytest.mark.xdist_group("compiled")  # with tests/jobs


@pytest.fixture
def desk(browser, cast, posting):
    """Ms Chen's screen."""
    return browser.sign_in(cast.chen)


@pytest.fixture
def two(cast, posting):
    """Two postings on the list."""
    other = make_posting(title="秘书")
    renew_list(cast.lin_mei.id)
    db.session.commit()
    return posting, other


def states() -> dict[int, ReferralState]:
    db.session.rollback()
    return {kept.posting_id: kept.state for kept in db.session.query(Referral)}


def test_those_ticked_are_referred_to_at_once_and_taken_back(desk, cast, two):
    address = f"/cases/{cast.case.id}/jobs"
    ids = [posting.id for posting in two]

    desk.submit(f"{address}/refer", postings=ids, note="Call before Friday")
    made = states()
    notes = {kept.note for kept in db.session.query(Referral)}
    page = desk.get(address).text
    desk.submit(re.search(rf'{address}/withdraw\?[^"]+', page)[0].replace("&amp;", "&"))

    assert made == dict.fromkeys(ids, ReferralState.OPEN)
    assert notes == {"Call before Friday"}
    assert states() == dict.fromkeys(ids, ReferralState.WITHDRAWN)


def test_nothing_ticked_or_not_on_the_list_refers_to_nothing(desk, cast, two):
    address = f"/cases/{cast.case.id}/jobs/refer"

    for postings in ([], [two[0].id, 999_999]):
        desk.submit(address, postings=postings)
        assert 'data-flash="error"' in desk.get(f"/cases/{cast.case.id}/jobs").text

    assert states() == {}


def test_what_was_answered_since_is_not_taken_back(desk, cast, two):
    ids = [posting.id for posting in two]
    desk.submit(f"/cases/{cast.case.id}/jobs/refer", postings=ids)
    mine = db.session.query(Referral).filter_by(posting_id=ids[0]).one()
    mine.state = ReferralState.APPLIED
    save(mine)
    save(PostingResponse(student_id=cast.lin_mei.id, posting_id=ids[0], kind=ResponseKind.APPLIED))

    query = "&".join(f"of={number}" for number in ids)
    desk.submit(f"/cases/{cast.case.id}/jobs/withdraw?{query}")

    assert states() == {ids[0]: ReferralState.APPLIED, ids[1]: ReferralState.WITHDRAWN}
