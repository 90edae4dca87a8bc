"""The hard rules, one example each, and what is refused."""

import dataclasses
import datetime as dt

import pytest

from placement.jobs.ranking.arrival import candidates_for_posting
from placement.jobs.ranking.batch import recommend_all
from placement.jobs.ranking.facts import (
    Feedback,
    SeekerFacts,
    Tables,
    Wishes,
    city_of,
    occupation_class,
    place_includes,
)
from placement.jobs.ranking.national import national_tables
from placement.jobs.ranking.postings import prepare
from placement.jobs.ranking.results import Options
from placement.jobs.ranking.seekers import prepare_seekers
from placement.jobs.ranking.single import limits, recommend_one
from placement.jobs.ranking.weights import PARTS, Weights
from tests.jobs.ranking_cast import DAY, LIN_MEI, POSTING, TABLES, ranked, wishing

NEVER = {
    "closed": {"open": False},
    "deadline-passed": {"deadline": DAY - dt.timedelta(days=1)},
    "employer-not-verified": {"employer_verified": False},
    "level-too-high": {"level": "11"},
    "level-unknown": {"level": "99"},
    "other-major-strictly": {"majors": ("080901",), "majors_strict": True},
    "kept-for-others": {"reserved_for": frozenset({"disability"})},
    "too-far": {"city": "350200"},
    "no-place-named": {"city": ""},
}


@pytest.mark.parametrize("changes", NEVER.values(), ids=NEVER)
def test_posting_is_never_proposed(changes):
    posting = dataclasses.replace(POSTING, **changes)
    prepared = prepare([posting, dataclasses.replace(POSTING, id=10)], day=DAY, tables=TABLES)
    seekers = prepare_seekers([LIN_MEI], weights=prepared.weights, tables=TABLES)

    alone = recommend_one(prepared, LIN_MEI)
    among_all = recommend_all(prepared, seekers)
    as_news = candidates_for_posting(
        posting, seekers, day=DAY, weights=prepared.weights, tables=TABLES
    )

    assert [number for number, _ in alone.listed(0)] == [10]
    assert [number for number, _ in among_all.listed(0)] == [10]
    assert len(as_news) == 0


SETTLED = {
    "answered-before": {"excluded": frozenset({9})},
    "employer-blocked": {"feedback": Feedback(blocked_employers=frozenset({5}))},
    "needs-what-is-not-there": {"wishes": Wishes(needs=frozenset({"电梯"}))},
    "level-not-known": {"level": ""},
}


@pytest.mark.parametrize("changes", SETTLED.values(), ids=SETTLED)
def test_student_is_never_proposed_the_posting(changes):
    seeker = dataclasses.replace(LIN_MEI, **changes)

    assert ranked(POSTING, seeker).listed(0) == []


ALLOWED = {
    "as-it-is": {},
    "last-day": {"deadline": DAY},
    "no-deadline": {"deadline": None},
    "no-level-asked": {"level": ""},
    "own-class-strictly": {"majors": ("120201",), "majors_strict": True},
    "own-field-strictly": {"majors": ("12",), "majors_strict": True},
    "strict-without-majors": {"majors": (), "majors_strict": True},
    "second-wished-city": {"city": "350500"},
    "county-of-a-wished-city": {"city": "350503"},
}


@pytest.mark.parametrize("changes", ALLOWED.values(), ids=ALLOWED)
def test_posting_is_proposed(changes):
    posting = dataclasses.replace(POSTING, **changes)

    assert [number for number, _ in ranked(posting).listed(0)] == [9]


def test_reserved_posting_is_open_to_its_group():
    posting = dataclasses.replace(POSTING, reserved_for=frozenset({"disability", "rural_origin"}))
    seeker = dataclasses.replace(LIN_MEI, categories=frozenset({"rural_origin"}))

    assert ranked(posting, seeker).listed(0)


def test_needs_must_be_covered_by_what_the_posting_offers():
    posting = dataclasses.replace(POSTING, accommodations=frozenset({"电梯", "可远程办公"}))

    covered = ranked(posting, wishing(needs=frozenset({"电梯"})))

    assert covered.listed(0)
    assert covered.parts[0, 0, PARTS.index("care")] == 1.0
    assert ranked(posting, wishing(needs=frozenset({"电梯", "无障碍通道"}))).listed(0) == []


@pytest.mark.parametrize(
    ("wishes", "city", "allowed"),
    [
        pytest.param({}, "350200", True, id="nothing-said-goes-anywhere"),
        pytest.param({"anywhere": True, "places": ("350100",)}, "350200", True, id="anywhere"),
        pytest.param({"places": ("350700",)}, "350500", True, id="within-150-km-of-home"),
        pytest.param({"places": ("350700",)}, "350200", False, id="beyond-150-km"),
        pytest.param({"places": ("350000",)}, "350200", True, id="whole-province"),
        pytest.param({"distance_km": 100}, "350100", True, id="within-own-limit"),
        pytest.param({"distance_km": 100}, "350500", False, id="beyond-own-limit"),
        pytest.param(
            {"distance_km": 100, "places": ("350500",)}, "350500", True, id="wished-though-far"
        ),
        pytest.param({"distance_km": 100}, "350800", False, id="distance-not-known"),
    ],
)
def test_rule_of_place(wishes, city, allowed):
    seeker = dataclasses.replace(LIN_MEI, wishes=Wishes(**wishes))

    found = ranked(dataclasses.replace(POSTING, city=city), seeker)

    assert bool(found.listed(0)) is allowed


@pytest.mark.parametrize(
    ("student", "posting", "allowed"),
    [
        ("61", "41", True),
        ("41", "61", True),
        ("25", "31", True),
        ("31", "25", False),
        ("01", "11", True),
        ("11", "01", False),
        ("41", "31", False),
    ],
)
def test_levels_stand_in_order(student, posting, allowed):
    seeker = dataclasses.replace(LIN_MEI, level=student)

    found = ranked(dataclasses.replace(POSTING, level=posting), seeker)

    assert bool(found.listed(0)) is allowed


def test_student_without_any_fact_gets_postings_open_to_all():
    prepared = prepare(
        [POSTING, dataclasses.replace(POSTING, id=3, level="")], day=DAY, tables=TABLES
    )

    assert recommend_one(prepared, SeekerFacts(id=1)).listed(0) == [(3, 0.0)]


def test_no_postings_and_no_students_give_empty_lists():
    nothing = prepare([], day=DAY)
    nobody = prepare_seekers([], weights=nothing.weights)
    somebody = prepare_seekers([LIN_MEI], weights=nothing.weights)

    assert recommend_one(nothing, LIN_MEI).listed(0) == []
    assert recommend_all(nothing, somebody).listed(0) == []
    assert len(recommend_all(prepare([POSTING], day=DAY), nobody)) == 0
    assert limits(nothing, LIN_MEI).feasible == 0
    found = candidates_for_posting(POSTING, nobody, day=DAY, weights=nothing.weights)
    assert len(found) == 0


def test_limits_name_the_rule_that_alone_stands_in_the_way():
    high, far = (
        dataclasses.replace(POSTING, level="11"),
        dataclasses.replace(POSTING, city="350200"),
    )
    postings = [
        dataclasses.replace(high, id=1),
        dataclasses.replace(far, id=2),
        dataclasses.replace(far, id=3),
        dataclasses.replace(high, id=4, city="350200"),
        dataclasses.replace(POSTING, id=5),
    ]

    found = limits(prepare(postings, day=DAY, tables=TABLES), LIN_MEI)

    assert (found.postings, found.feasible) == (5, 1)
    assert {rule: n for rule, n in found.only.items() if n} == {"level": 1, "place": 2}


def test_without_tables_no_distance_is_known():
    assert Tables().distance_km("350121", "350100") is None
    assert Tables().major_class("120203", "31") == "1202"


def test_two_of_the_same_number_are_refused():
    with pytest.raises(ValueError, match="two postings"):
        prepare([POSTING, POSTING], day=DAY)
    with pytest.raises(ValueError, match="two students"):
        prepare_seekers([LIN_MEI, LIN_MEI], weights=prepare([POSTING], day=DAY).weights)


@pytest.mark.parametrize(
    "wrong",
    [
        {"major": -0.1},
        dict.fromkeys(PARTS, 0.0),
        {"near_home": 1.1},
        {"elsewhere": -0.1},
        {"salary_fade": 0.0},
    ],
)
def test_weights_that_mean_nothing_are_refused(wrong):
    with pytest.raises(ValueError, match="must"):
        Weights(**wrong)


@pytest.mark.parametrize(("top", "pool"), [(0, 10), (11, 10), (10, 301)])
def test_lengths_that_cannot_be_are_refused(top, pool):
    with pytest.raises(ValueError, match="postings"):
        Options(top=top, pool=pool)


@pytest.mark.parametrize(
    ("division", "city"),
    [
        ("350121", "350100"),
        ("350100", "350100"),
        ("110105", "110000"),
        ("429004", "429004"),
        ("350000", "350000"),
    ],
)
def test_city_of_a_division(division, city):
    assert city_of(division) == city


@pytest.mark.parametrize(
    ("place", "city", "included"),
    [
        ("350000", "350100", True),
        ("350121", "350100", True),
        ("350100", "350200", False),
        ("310115", "310100", True),
        ("429004", "429005", False),
        ("", "350100", False),
        ("350100", "", False),
    ],
)
def test_place_includes_city(place, city, included):
    assert place_includes(place, city) is included


@pytest.mark.parametrize(
    ("code", "expected"),
    [("2-02-10-03", "2-02"), ("2-02-00-00", "2-02"), ("2-00-00-00", "2"), ("", "")],
)
def test_middle_class_of_an_occupation(code, expected):
    assert occupation_class(code) == expected


def test_national_tables_know_both_catalogues_of_majors():
    tables = national_tables()
    accountant = dataclasses.replace(LIN_MEI, level="41", major_code="630302", major_name="会计")
    posting = dataclasses.replace(POSTING, majors=("120203",), majors_strict=True)

    found = recommend_one(prepare([posting], day=DAY, tables=tables), accountant)

    assert found.parts[0, 0, PARTS.index("major")] == 1.0
    assert tables.distance_km("350121", "350100") == pytest.approx(20, abs=20)
    assert "1202" in tables.occupation_majors["2-06-03"]
