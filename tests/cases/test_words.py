"""The words of a case's states."""

from placement.cases.models import BarrierState, FollowUpResult, GoalState
from placement.cases.words import tone, word


def test_call_and_goal_that_were_reached_read_differently(app):
    with app.test_request_context():
        assert str(word(FollowUpResult.REACHED)) != str(word(GoalState.REACHED))


def test_barrier_that_stands_is_not_a_goal_under_way(app):
    with app.test_request_context():
        assert str(word(BarrierState.OPEN)) != str(word(GoalState.OPEN))
    assert tone(BarrierState.OPEN) == ""
    assert tone(GoalState.OPEN) == "act"
