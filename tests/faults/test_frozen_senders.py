"""F14: senders that live and do nothing are found by the rows and replaced."""

from tests.faults.acts import freeze_the_senders
from tests.faults.invariants import check_all
from tests.faults.trials import Trial

PEOPLE = 600


def test_frozen_senders_are_replaced_and_everything_goes_out_once(superuser, arena, announced):
    announced(PEOPLE)

    told = freeze_the_senders(Trial(arena, lambda: superuser), times=1)

    assert "the senders begin anew" in arena.said("worker")
    check_all(superuser, arena.log, people=PEOPLE, most_doubts=told.most_doubts)
