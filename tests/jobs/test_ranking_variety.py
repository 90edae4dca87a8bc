"""The visible list shows variety, and gives way only where it would have gaps."""

import numpy as np
import pytest

from placement.jobs.ranking.kernel import choose_for_all
from placement.jobs.ranking.variety import choose_varied, stages_of
from placement.jobs.ranking.weights import Variety

SPREAD = range(100, 130)


def chosen(employers, occupations, related=(), top=10, choose=choose_varied):
    size = len(employers)
    visible = np.full((1, top), -1, dtype=np.int32)
    flags = np.zeros((1, size), dtype=np.bool_)
    flags[0, list(related)] = True
    choose(
        np.asarray([employers], dtype=np.int32),
        np.asarray([occupations], dtype=np.int32),
        flags,
        stages_of(Variety(), top),
        visible,
    )
    return visible[0][visible[0] >= 0].tolist()


def test_best_are_taken_in_order_where_all_differ():
    assert chosen(SPREAD, SPREAD) == list(range(10))


def test_two_postings_of_an_employer_at_most():
    employers = [1, 1, 1, 1, *range(2, 28)]

    assert chosen(employers, SPREAD) == [0, 1, *range(4, 12)]


def test_three_postings_of_an_occupation_at_most():
    occupations = [1, 1, 1, 1, 1, *range(2, 27)]

    assert chosen(SPREAD, occupations) == [0, 1, 2, *range(5, 12)]


def test_unknown_occupations_are_not_alike():
    assert chosen(SPREAD, [-1] * 30) == list(range(10))


def test_occupations_give_way_before_employers_do():
    # The first gap is filled with another employer's, though of the same occupation.
    employers = [1, 1, 1, 2, 3, 4]
    occupations = [1, 1, 1, 1, 1, 1]

    assert chosen(employers, occupations, top=5) == [0, 1, 3, 4, 5]
    assert chosen(employers, occupations, top=6) == [0, 1, 2, 3, 4, 5]


def test_two_related_ones_are_shown_where_there_are_any():
    assert chosen(SPREAD, SPREAD, related=[20, 25, 29]) == [*range(8), 20, 25]
    assert chosen(SPREAD, SPREAD, related=[29]) == [*range(9), 29]
    assert chosen(SPREAD, SPREAD, related=[3, 4, 29]) == list(range(10))


def test_related_ones_keep_the_limits_too():
    employers = [*range(100, 127), 7, 7, 7]

    assert chosen(employers, SPREAD, related=[27, 28, 29]) == [*range(8), 27, 28]


def test_short_pool_is_shown_whole():
    assert chosen([1, 1, 1], [1, 1, 1]) == [0, 1, 2]
    assert chosen([1, 2, -1], [1, 1, -1], top=3) == [0, 1]


@pytest.mark.parametrize("seed", range(5))
def test_compiled_choice_is_the_same(seed):
    random = np.random.default_rng(seed)
    employers = random.integers(0, 12, 60).tolist()
    occupations = random.integers(-1, 6, 60).tolist()
    related = np.flatnonzero(random.random(60) < 0.1).tolist()

    plain = chosen(employers, occupations, related)

    assert plain == chosen(employers, occupations, related, choose=choose_for_all)
