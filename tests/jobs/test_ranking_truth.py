"""In a made-up world with a planted truth the lists find it, and find nothing where it is hidden.

The bands are about code and settings, not about how good lists are for real students.
"""

import dataclasses

import numpy as np
import pytest

from placement.jobs.ranking.batch import recommend_all
from placement.jobs.ranking.facts import occupation_class
from placement.jobs.ranking.postings import prepare
from placement.jobs.ranking.results import Options
from placement.jobs.ranking.seekers import prepare_seekers
from placement.jobs.ranking.weights import Variety
from tests.jobs.ranking_world import CATEGORIES, DAY, Size, make_world

SIZE = Size(students=600, postings=2500, occupations=400, employers=2000, words=40)
ANY = Options(variety=Variety(per_employer=10, per_occupation=10, related=0))


def lists_of(world, seekers, options=ANY):
    prepared = prepare(world.postings, day=DAY, tables=world.tables)
    columns = prepare_seekers(seekers, weights=prepared.weights, tables=world.tables)
    return prepared, recommend_all(prepared, columns, options=options)


def shares(world, prepared, found):
    """Of the visible, and of all the feasible pool, the share in the target's middle class."""
    classes = np.asarray([occupation_class(posting.occupation) for posting in prepared.facts])
    hits = []
    for row, target in enumerate(world.targets):
        rows = found.visible_postings[row]
        hits.extend((classes[rows[rows >= 0]] == target).tolist())
    frequency = {name: np.mean(classes == name) for name in set(classes)}
    chance = np.mean([frequency.get(target, 0.0) for target in world.targets])
    return float(np.mean(hits)), float(chance)


@pytest.fixture(scope="module")
def world():
    return make_world(SIZE, seed=11)


def test_lists_find_the_planted_target(world):
    hit, chance = shares(world, *lists_of(world, world.seekers))

    assert chance < 0.1
    assert 0.50 < hit < 0.75


@pytest.mark.parametrize(
    ("kept", "low", "high"),
    [
        pytest.param({"skills", "occupations"}, 0.50, 0.75, id="text-and-occupation"),
        pytest.param({"occupations"}, 0.45, 0.72, id="occupation-only"),
        pytest.param({"skills"}, 0.33, 0.60, id="text-only"),
        pytest.param(set(), 0.22, 0.50, id="neither"),
    ],
)
def test_what_a_student_says_finds_the_target(world, kept, low, high):
    said = {"skills": "", "occupations": ()}
    gone = {field: empty for field, empty in said.items() if field not in kept}
    seekers = [
        dataclasses.replace(s, wishes=dataclasses.replace(s.wishes, **gone)) for s in world.seekers
    ]

    hit, _ = shares(world, *lists_of(world, seekers))

    assert low < hit < high


def test_hidden_target_is_not_found():
    # An earlier answer to a posting of the target would betray it, as it should: it is taken away.
    hidden = make_world(SIZE, seed=12, hidden=True)
    strangers = [dataclasses.replace(s, feedback=type(s.feedback)()) for s in hidden.seekers]

    hit, chance = shares(hidden, *lists_of(hidden, strangers))

    assert abs(hit - chance) < 0.04


def test_ethnic_group_origin_and_hardship_move_no_list():
    plain = make_world(SIZE, seed=13, reserved=False)
    _, before = lists_of(plain, plain.seekers, Options())
    for category in CATEGORIES:
        flipped = [
            dataclasses.replace(s, categories=s.categories ^ {category}) for s in plain.seekers
        ]

        _, after = lists_of(plain, flipped, Options())

        assert np.array_equal(before.postings, after.postings)
        assert np.array_equal(before.millionths, after.millionths)
        assert np.array_equal(before.visible, after.visible)
        assert np.array_equal(before.parts, after.parts, equal_nan=True)


def test_category_changes_a_list_only_through_reserved_postings(world):
    flipped = [
        dataclasses.replace(s, categories=s.categories ^ {"family_hardship"}) for s in world.seekers
    ]
    prepared, before = lists_of(world, world.seekers)
    _, after = lists_of(world, flipped)

    reserved = np.asarray(["family_hardship" in p.reserved_for for p in prepared.facts])
    changed = 0
    for row in range(len(before)):
        one, other = (set(x.postings[row][x.postings[row] >= 0].tolist()) for x in (before, after))
        only_in_smaller = one - other if before.feasible[row] > after.feasible[row] else other - one
        changed += one != other
        assert all(reserved[posting] for posting in only_in_smaller)
    assert changed > 0
