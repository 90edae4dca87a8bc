"""The parts of a score, one example each."""

import dataclasses

import numpy as np
import pytest

from placement.jobs.ranking.facts import Feedback, PostingFacts
from placement.jobs.ranking.weights import PARTS
from tests.jobs.ranking_cast import LIN_MEI, POSTING, ranked, wishing


def part(name, posting, seeker=LIN_MEI):
    found = ranked(posting, seeker)
    assert found.listed(0)
    return pytest.approx(found.parts[0, 0, PARTS.index(name)], nan_ok=True)


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        pytest.param({"majors": ("120201", "080901")}, 1.0, id="class-named"),
        pytest.param({"majors": ("120101",)}, 0.35, id="field-named"),
        pytest.param({"majors": ("080901",)}, 0.0, id="other-named"),
        pytest.param({}, 1.0, id="from-the-occupation"),
        pytest.param({"occupation": "2-06-04-00"}, np.nan, id="nothing-known"),
    ],
)
def test_part_of_the_major(changes, value):
    assert part("major", dataclasses.replace(POSTING, **changes)) == value


@pytest.mark.parametrize(
    ("wished", "value"),
    [
        (("2-06-03-00",), 1.0),
        (("2-06-03",), 1.0),
        (("2-06-00-00",), 1.0),
        (("2-06-07-02",), 0.7),
        (("2-02-10-03", "2-06-07-02"), 0.7),
        (("2-02-10-03",), 0.0),
        ((), np.nan),
    ],
)
def test_part_of_the_occupation(wished, value):
    assert part("occupation", POSTING, wishing(occupations=wished)) == value


@pytest.mark.parametrize(
    ("places", "city", "value"),
    [
        pytest.param(("350100",), "350100", 1.0, id="first-wish"),
        pytest.param(("350500", "350100"), "350100", 0.85, id="other-wish"),
        pytest.param(("350700",), "350100", 0.7 * 0.9, id="near-home"),
        pytest.param(("350700",), "350500", 0.25, id="not-so-near"),
        pytest.param((), "350100", 0.7 * 0.9, id="nothing-said-near-home"),
        pytest.param((), "350800", np.nan, id="nothing-said-nothing-known"),
    ],
)
def test_part_of_the_city(places, city, value):
    assert part("city", dataclasses.replace(POSTING, city=city), wishing(places=places)) == value


def test_city_is_left_out_for_who_would_go_anywhere():
    found = ranked(POSTING, wishing(places=(), anywhere=True))

    assert np.isnan(found.parts[0, 0, PARTS.index("city")])


@pytest.mark.parametrize(
    ("wish", "pay", "value"),
    [
        (6000, (4500, 6000), 1.0),
        (5000, (4500, None), 1 - 500 / (0.33 * 5000)),
        (9000, (4500, 6000), 0.0),
        (None, (4500, 6000), np.nan),
        (4000, (None, None), np.nan),
    ],
)
def test_part_of_the_salary(wish, pay, value):
    posting = dataclasses.replace(POSTING, salary_min=pay[0], salary_max=pay[1])

    assert part("salary", posting, wishing(salary=wish)) == value


@pytest.mark.parametrize(
    ("wished", "industry", "value"),
    [
        (("J66",), "J66", 1.0),
        (("J",), "J66", 1.0),
        (("C13",), "J66", 0.0),
        (("J66",), "J", np.nan),
        (("J66", "J"), "J", 1.0),
        ((), "J66", np.nan),
        (("J66",), "", np.nan),
    ],
)
def test_part_of_the_industry(wished, industry, value):
    posting = dataclasses.replace(POSTING, industry=industry)

    assert part("industry", posting, wishing(industries=wished)) == value


def test_feedback_moves_city_and_score_and_nothing_else():
    far = dataclasses.replace(LIN_MEI, feedback=Feedback(cities={"350100": 0.5}))
    unloved = dataclasses.replace(LIN_MEI, feedback=Feedback(occupations={"2-06": -0.15}))
    plain, halved, lowered = (ranked(POSTING, s) for s in (LIN_MEI, far, unloved))

    assert halved.parts[0, 0, PARTS.index("city")] == 0.5
    assert lowered.listed(0)[0][1] == pytest.approx(plain.listed(0)[0][1] - 0.15)
    assert np.array_equal(lowered.parts[0, 0, :7], plain.parts[0, 0, :7], equal_nan=True)


def test_unknown_parts_are_left_out_not_counted_as_nothing():
    bare = PostingFacts(id=1, employer_id=1, title="", city="350100")

    assert ranked(bare).listed(0) == [(1, 1.0)]
