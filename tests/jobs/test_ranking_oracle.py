"""Every way through the engine gives what plain loops over all pairs give, to the millionth."""

import dataclasses
import random

import numpy as np
import pytest

from placement.jobs.ranking import batch, kernel
from placement.jobs.ranking.arrival import candidates_for_posting
from placement.jobs.ranking.batch import recommend_all, recommend_in_chunks
from placement.jobs.ranking.facts import PostingFacts, SeekerFacts, Wishes
from placement.jobs.ranking.postings import prepare
from placement.jobs.ranking.results import Options
from placement.jobs.ranking.seekers import prepare_seekers
from placement.jobs.ranking.single import limits, recommend_one
from placement.jobs.ranking.weights import Weights
from tests.jobs.ranking_oracle import Oracle
from tests.jobs.ranking_world import DAY, Size, make_world

SIZE = Size(
    students=200,
    postings=300,
    occupations=120,
    classes=12,
    cities=12,
    major_classes=20,
    employers=60,
    words=20,
)
OPTIONS = Options(pool=60)


def with_gaps(posting: PostingFacts) -> PostingFacts:
    """Some postings say hardly anything: those are where 'unknown' must not become 0."""
    if posting.id % 11:
        return posting
    silent = {"majors": (), "majors_strict": False, "city": "", "occupation": "", "industry": ""}
    silent |= {"title": "", "description": ""}
    fields = list(silent)[posting.id % len(silent) :]
    return dataclasses.replace(posting, **{field: silent[field] for field in fields})


@pytest.fixture(scope="module")
def world():
    made = make_world(SIZE, seed=7)
    nobody = SeekerFacts(id=10_000)
    anywhere = SeekerFacts(id=10_001, level="31", wishes=Wishes(anywhere=True))
    return dataclasses.replace(
        made,
        postings=[with_gaps(posting) for posting in made.postings],
        seekers=[*made.seekers, nobody, anywhere],
    )


@pytest.fixture(scope="module")
def oracle(world):
    return Oracle(world.postings, DAY, world.tables, Weights().of_parts)


@pytest.fixture(scope="module")
def prepared(world):
    return prepare(world.postings, day=DAY, tables=world.tables)


@pytest.fixture(scope="module")
def seekers(world, prepared):
    return prepare_seekers(world.seekers, weights=prepared.weights, tables=world.tables)


@pytest.fixture(scope="module")
def everybody(prepared, seekers):
    return recommend_all(prepared, seekers, options=OPTIONS, threads=2)


def pool_of(found, row):
    rows = found.postings[row][found.postings[row] >= 0]
    scores = found.millionths[row][: len(rows)]
    return list(zip(found.posting_ids[rows].tolist(), scores.tolist(), strict=True))


def same(one, other):
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name), equal_nan=True)
        if field.name != "version"
        else one.version == other.version
        for field in dataclasses.fields(one)
    )


def test_lists_of_all_equal_the_plain_loops(world, oracle, everybody):
    for row, seeker in enumerate(world.seekers):
        ranked = oracle.ranked(seeker)

        assert pool_of(everybody, row) == ranked[: OPTIONS.pool]
        assert everybody.feasible[row] == len(ranked)


def test_visible_lists_equal_the_plain_rule_of_variety(world, oracle, everybody):
    for row, seeker in enumerate(world.seekers):
        visible = [number for number, _ in everybody.listed(row)]

        assert visible == oracle.visible(seeker, OPTIONS.pool, OPTIONS.top)


def test_parts_of_visible_postings_equal_the_plain_ones(world, oracle, everybody):
    facts = {posting.id: posting for posting in world.postings}
    for row, seeker in enumerate(world.seekers):
        for rank, (number, _) in enumerate(everybody.listed(row)):
            parts = [np.nan if f is None else f for f in oracle.parts(seeker, facts[number])]

            assert everybody.parts[row, rank, :7] == pytest.approx(parts, abs=1e-12, nan_ok=True)


def test_one_student_gets_the_same_list_as_in_the_run_over_all(world, prepared, everybody):
    for row, seeker in enumerate(world.seekers):
        alone = recommend_one(prepared, seeker, options=OPTIONS)

        assert np.array_equal(alone.postings[0], everybody.postings[row])
        assert np.array_equal(alone.millionths[0], everybody.millionths[row])
        assert np.array_equal(alone.visible[0], everybody.visible[row])
        assert np.array_equal(alone.parts[0], everybody.parts[row], equal_nan=True)
        assert alone.feasible[0] == everybody.feasible[row]


def test_new_posting_gets_the_score_that_it_has_in_each_list(world, prepared, seekers, oracle):
    places = {seeker.id: seeker for seeker in world.seekers}
    for posting in oracle.live[::10]:
        found = candidates_for_posting(
            posting, seekers, day=DAY, weights=prepared.weights, tables=world.tables
        )

        allowed = {s.id for s in world.seekers if oracle.allowed(s, posting)}
        assert set(found.seeker_ids.tolist()) == allowed
        for number, score in zip(found.seeker_ids.tolist(), found.millionths.tolist(), strict=True):
            assert score == oracle.score(places[number], posting)
        assert found.millionths.tolist() == sorted(found.millionths.tolist(), reverse=True)


def test_limits_count_what_each_rule_alone_keeps_away(world, prepared, oracle):
    for seeker in world.seekers[::20]:
        found = limits(prepared, seeker)

        free = dataclasses.replace(seeker, wishes=dataclasses.replace(seeker.wishes, anywhere=True))
        before = {p.id for p in oracle.live if oracle.allowed(seeker, p)}
        after = {p.id for p in oracle.live if oracle.allowed(free, p)}
        assert (found.postings, found.feasible) == (len(oracle.live), len(before))
        assert found.only["place"] == len(after - before)


def test_order_of_rows_chunks_and_threads_change_nothing(world, prepared, seekers, everybody):
    shuffled = list(world.postings)
    random.Random(3).shuffle(shuffled)
    prepared_again = prepare(shuffled, day=DAY, tables=world.tables)

    again = recommend_all(prepared_again, seekers, options=OPTIONS, threads=1)
    pieces = list(recommend_in_chunks(prepared, seekers, options=OPTIONS, threads=3, chunk=37))

    assert same(again, everybody)
    assert sum(len(piece) for piece in pieces) == len(everybody)
    assert np.array_equal(np.concatenate([p.millionths for p in pieces]), everybody.millionths)
    backwards = prepare_seekers(world.seekers[::-1], weights=prepared.weights, tables=world.tables)
    reversed_ = recommend_all(prepared, backwards, options=OPTIONS)
    assert np.array_equal(reversed_.postings[::-1], everybody.postings)


def test_progress_is_told_and_can_end_the_run(prepared, seekers):
    told = []

    recommend_all(prepared, seekers, progress=lambda done, total: told.append((done, total)))

    assert told == [(202, 202)]

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        recommend_all(prepared, seekers, progress=stop)


def test_pool_of_another_size_begins_alike(prepared, seekers, everybody):
    wider = recommend_all(prepared, seekers, options=Options(pool=300))

    assert np.array_equal(wider.postings[:, :60], everybody.postings)
    assert np.array_equal(wider.millionths[:, :60], everybody.millionths)


def test_walk_does_the_same_before_it_is_compiled(monkeypatch, prepared, seekers, everybody):
    # Compiled code leaves no trace for the coverage report, and bounds go unchecked in it.
    for name, function in vars(kernel).copy().items():
        if hasattr(function, "py_func"):
            monkeypatch.setattr(kernel, name, function.py_func)
    monkeypatch.setattr(batch, "rank_students", kernel.rank_students)
    monkeypatch.setattr(batch, "choose_for_all", kernel.choose_for_all)

    assert same(recommend_all(prepared, seekers, options=OPTIONS), everybody)


def test_scores_are_shares_of_one(world, prepared, seekers, everybody):
    found = candidates_for_posting(
        world.postings[1], seekers, day=DAY, weights=prepared.weights, tables=world.tables
    )

    listed = everybody.listed(0)
    assert everybody.visible_scores[0, : len(listed)].tolist() == [score for _, score in listed]
    assert found.scores.tolist() == [m / 1_000_000 for m in found.millionths.tolist()]
