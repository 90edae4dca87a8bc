"""What holds of every list, whatever students and postings there are."""

import dataclasses

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from placement.jobs.ranking.explain import explain_list
from placement.jobs.ranking.facts import LEVEL_RANKS, place_includes
from placement.jobs.ranking.postings import prepare
from placement.jobs.ranking.results import Options
from placement.jobs.ranking.single import recommend_one
from placement.jobs.ranking.weights import SALARY, Weights
from tests.jobs.ranking_strategies import DAY, GROUPS, TABLES, boards, distance, many, students


@many
@given(boards(), students())
def test_no_hard_rule_is_ever_broken(board, student):
    found = recommend_one(prepare(board, day=DAY, tables=TABLES), student)

    facts = {posting.id: posting for posting in board}
    rows = found.postings[0][found.postings[0] >= 0]
    for posting in (facts[number] for number in found.posting_ids[rows].tolist()):
        assert posting.open
        assert posting.employer_verified
        assert posting.deadline is None or posting.deadline >= DAY
        assert LEVEL_RANKS.get(student.level, 0) >= LEVEL_RANKS.get(posting.level, 0)
        assert not posting.reserved_for or posting.reserved_for & student.categories
        assert student.wishes.needs <= posting.accommodations
        assert posting.id not in student.excluded
        assert posting.employer_id not in student.feedback.blocked_employers
        assert may_work_in(student, posting)


def may_work_in(student, posting):
    wishes = student.wishes
    if wishes.anywhere or not (wishes.places or wishes.distance_km):
        return True
    if any(place_includes(place, posting.city) for place in wishes.places):
        return True
    km = distance(student.home, posting.city) if student.home and posting.city else None
    return km is not None and km <= (wishes.distance_km or 150)


@many
@given(boards(), students())
def test_ranks_are_sorted_and_scores_are_shares(board, student):
    found = recommend_one(prepare(board, day=DAY, tables=TABLES), student)

    listed = found.listed(0)
    assert listed == sorted(listed, key=lambda pair: (-pair[1], pair[0]))
    assert len({number for number, _ in listed}) == len(listed)
    assert all(0 <= score <= 1 for _, score in listed)
    assert len(listed) == min(10, found.feasible[0])


@many
@given(boards(2), students())
def test_another_posting_never_lowers_the_best_score(board, student):
    fewer = prepare(board[:-1], day=DAY, tables=TABLES)
    more = prepare(board, day=DAY, tables=TABLES, weights=fewer.weights)

    before = recommend_one(fewer, student).millionths[0, 0]
    after = recommend_one(more, student).millionths[0, 0]

    assert after >= before


@many
@given(boards(), students(), st.integers(1, 60))
def test_a_higher_wish_never_improves_the_part_of_the_salary(board, student, hundreds):
    prepared = prepare(board, day=DAY, tables=TABLES)
    wish = student.wishes.salary or 3000.0
    before = salaries(prepared, with_salary(student, wish))
    after = salaries(prepared, with_salary(student, wish + hundreds * 100))

    assert before.keys() == after.keys()
    assert all(np.isnan(before[n]) or after[n] <= before[n] for n in before)


def with_salary(student, salary):
    return dataclasses.replace(student, wishes=dataclasses.replace(student.wishes, salary=salary))


def salaries(prepared, student):
    found = recommend_one(prepared, student, options=Options(top=14))
    return {
        number: found.parts[0, rank, SALARY] for rank, (number, _) in enumerate(found.listed(0))
    }


@many
@given(boards(), students(), st.randoms(use_true_random=False))
def test_order_of_postings_is_irrelevant(board, student, random):
    shuffled = list(board)
    random.shuffle(shuffled)

    one = recommend_one(prepare(board, day=DAY, tables=TABLES), student)
    other = recommend_one(prepare(shuffled, day=DAY, tables=TABLES), student)

    assert one.listed(0) == other.listed(0)


@many
@given(boards(), students())
def test_declined_posting_never_comes_back(board, student):
    prepared = prepare(board, day=DAY, tables=TABLES)
    first = [number for number, _ in recommend_one(prepared, student).listed(0)][:3]

    declined = dataclasses.replace(student, excluded=student.excluded | set(first))

    assert not set(first) & {n for n, _ in recommend_one(prepared, declined).listed(0)}


@many
@given(boards(), students(), st.frozensets(st.sampled_from(GROUPS)))
def test_categories_change_nothing_where_nothing_is_reserved(board, student, categories):
    open_to_all = [dataclasses.replace(p, reserved_for=frozenset()) for p in board]
    prepared = prepare(open_to_all, day=DAY, tables=TABLES)
    other = dataclasses.replace(student, categories=categories)

    assert listed_and_explained(prepared, student) == listed_and_explained(prepared, other)


def listed_and_explained(prepared, student):
    found = recommend_one(prepared, student)
    explained = explain_list(prepared, student, found, 0, Weights())
    return found.listed(0), [(e.reasons, e.caution, e.reasons_missing) for e in explained]
