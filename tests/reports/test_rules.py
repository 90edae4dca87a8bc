"""The rules of outcomes and rates, one story each."""

import datetime as dt

import pytest

from placement.db import db
from placement.history import history_moment
from placement.outcomes.models import Decision
from placement.reports.dimensions import Dimension
from placement.reports.questions import Basis, Status
from placement.reports.rates import percent
from tests.factories import make_outcome
from tests.reports.asking import (
    AUTUMN,
    SPRING,
    decide,
    dispute,
    reasons,
    report,
)


@pytest.mark.parametrize(
    ("share", "whole", "expected"),
    [
        pytest.param(32_965, 34_267, "96.20", id="whole-register"),
        pytest.param(32_965, 34_108, "96.65", id="those-counted"),
        pytest.param(1, 800, "0.13", id="half-goes-up"),
        pytest.param(0, 7, "0.00", id="nobody-placed"),
        pytest.param(7, 7, "100.00", id="everybody"),
    ],
)
def test_rate_in_percent_is_exact_and_half_up(share, whole, expected):
    assert str(percent(share, whole)) == expected


def test_rate_over_nobody_is_none():
    assert percent(0, 0) is None


def test_later_recorded_outcome_of_one_day_decides(member):
    make_outcome(member, "10", recorded_at=AUTUMN)
    make_outcome(member, "75", recorded_at=SPRING)

    assert report().total.codes == {"10": 1}


def test_outcome_waits_for_its_verification(member):
    outcome = make_outcome(member, "10", verified=False, recorded_at=SPRING)
    decide(outcome, Decision.VERIFIED, at=AUTUMN)

    before, after = (report(known_at=moment).total.placed for moment in (SPRING, AUTUMN))

    assert (before, after) == (0, 1)
    assert reasons(known_at=SPRING) == ["unverified"]


def test_reported_placement_that_nobody_verified_is_unknown(member):
    make_outcome(member, "10", verified=False)

    assert reasons(Status.UNKNOWN) == ["unverified"]
    assert report(basis=Basis.REPORTED).total.placed == 1


def test_last_decision_about_an_outcome_holds(member):
    outcome = make_outcome(member, "10", recorded_at=SPRING)
    decide(outcome, Decision.REJECTED, at=AUTUMN)

    assert reasons(Status.UNKNOWN) == ["rejected"]
    assert report(basis=Basis.REPORTED).total.known == 0

    decide(outcome, Decision.VERIFIED)

    assert reasons(Status.PLACED) == ["verified"]


def test_need_that_nobody_verified_takes_a_verified_placement_away(member):
    make_outcome(member, "10", dt.date(2016, 7, 1))
    make_outcome(member, "70", dt.date(2016, 9, 1), verified=False)

    found = report()

    assert found.total.codes == {"70": 1}
    assert found.overtaken == 1
    assert reasons(Status.NOT_PLACED) == ["overtaken"]
    assert report(dt.date(2016, 8, 31)).total.placed == 1


def test_need_after_a_need_takes_nothing_away(member):
    make_outcome(member, "10", dt.date(2016, 7, 1))
    make_outcome(member, "70", dt.date(2016, 8, 1))
    make_outcome(member, "71", dt.date(2016, 9, 1), verified=False)

    assert report().overtaken == 0


def test_placement_that_begins_after_the_day_is_not_overtaken_on_it(member):
    make_outcome(member, "70", dt.date(2016, 7, 1), verified=False)
    make_outcome(member, "10", dt.date(2016, 10, 1))

    assert report(dt.date(2016, 8, 31)).overtaken == 0


def test_dispute_stops_the_deciding_outcome_from_counting_until_it_ends(member):
    make_outcome(member, "80", dt.date(2016, 6, 1))
    row = dispute(make_outcome(member, "10", dt.date(2016, 7, 1)))

    during = report(by=["code"])

    assert during.total.placed == 0
    assert during.total.known == 1
    assert during.total.codes == {"disputed": 1}
    assert during.total.parts["seeking"] == 1
    assert [r.key for r in during.by[(Dimension.CODE,)]] == ["disputed"]
    assert report(basis=Basis.REPORTED).total.placed == 1

    row.voided_at = history_moment()
    db.session.commit()

    assert report().total.placed == 1
    assert report(known_at=during.known_at).total.placed == 0
