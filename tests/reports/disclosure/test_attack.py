"""What is published holds against an attacker that was written without looking at the code."""

import pytest
from hypothesis import HealthCheck, given, note, settings

from placement.reports.disclosure.printing import printed_before, printed_tables
from placement.reports.disclosure.releases import (
    PARTS,
    SMALLEST,
    Release,
    rows_of,
    tell_too_much,
)
from placement.reports.disclosure.suppression import Coarsening, measures_by_table, protect
from placement.reports.snapshots.frozen import tables_of
from tests.reports.disclosure.attacker import Attacker
from tests.reports.disclosure.populations import (
    demo_sized,
    person,
    populations,
    release_of,
)

random_population = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
HELD = ("family_hardship", "disability", "rural_origin")


@random_population
@given(people=populations())
def test_attacker_is_left_with_five_values_of_each_hidden_count(people):
    tables = printed_tables(protect(release_of(people)).release)

    attacker = Attacker(tables, categories=HELD)
    values, count = attacker.narrowest(most=12)

    note(f"{len(attacker.hidden)} hidden, narrowest {count}")
    assert values >= SMALLEST


@random_population
@given(people=populations())
def test_nothing_small_is_printed(people):
    tables = printed_tables(protect(release_of(people)).release)

    for name, table in tables.items():
        for row in table["rows"]:
            counts = [row[measure] for measure in table["measures"]]
            assert not {1, 2, 3, 4} & set(counts)
            if row["denominator"] is None or row.get("placed") is None:
                continue
            rest = row["denominator"] - row["placed"]
            assert rest not in {1, 2, 3, 4}
            assert "category" not in name or row["denominator"] == 0 or row["placed"] > 0
            assert "category" not in name or row["denominator"] == 0 or rest > 0


@random_population
@given(people=populations())
def test_second_publication_exposes_nothing_of_the_first(people):
    first = protect(release_of(people, ("category", "university"))).release
    before = printed_tables(first)
    again = printed_before(before, first.rows, first.fixed)
    assert again == first

    second = printed_tables(protect(release_of(people), [again]).release)

    values, _ = Attacker(before, second, categories=HELD).narrowest(most=12)
    assert values >= SMALLEST


@pytest.fixture
def one_small_cell():
    """Two universities; one person of the first is seeking, thirty of the second are."""
    people = [person(n, "10001", "31", ("rural_origin",), "10") for n in range(60)]
    people += [person(100, "10001", "31", ("rural_origin",), "70")]
    people += [person(200 + n, "10002", "31", ("rural_origin",), "10") for n in range(60)]
    return people + [person(300 + n, "10002", "31", ("rural_origin",), "70") for n in range(30)]


def test_without_a_second_cell_the_attacker_wins(one_small_cell):
    release = release_of(one_small_cell, ("university",))
    alone = release.hiding(tell_too_much(release))

    values, count = Attacker(printed_tables(alone)).narrowest()

    assert (values, count) == (1, ("university", "10001", "placed"))
    safe, _ = Attacker(printed_tables(protect(release).release)).narrowest()
    assert safe >= SMALLEST


def test_rate_beside_a_hidden_count_would_give_it_away(one_small_cell):
    tables = printed_tables(protect(release_of(one_small_cell, ("university",))).release)
    row = tables["university"]["rows"][0]
    assert (row["placed"], row["rate"]) == (None, None)

    row["rate"] = "98.36"

    values, _ = Attacker(tables).narrowest()
    assert values < SMALLEST


def test_table_that_cannot_be_printed_safely_is_coarsened_and_says_so(one_small_cell):
    parts = release_of(one_small_cell, ("university",))
    careless = Release(frozenset(), parts.rows, {"university": ("denominator", "unit")})

    protected = protect(parts, [careless])

    # One of the 61 is not in the first part, as everybody has read already: nothing that is
    # hidden could be kept, so that it is not printed at all.
    printed = dict(protected.release.printed)
    assert Coarsening("university", PARTS) in protected.coarsened
    assert printed["university"] == ("denominator",)


def test_what_an_earlier_publication_gave_away_stops_no_later_one(one_small_cell):
    release = release_of(one_small_cell, ("university",))
    careless = release.hiding(tell_too_much(release))

    protected = protect(release_of(one_small_cell, ("university", "level")), [careless])

    assert "level" in protected.release.printed


def test_tables_in_a_circle_are_not_published_together():
    names = ("category+university", "category+level")
    people = [person(n, "10001", "31", ("rural_origin",), "10") for n in range(60)]
    rows = rows_of(
        tables_of(people, scheme="2021", names=("category", "level", "university", *names))
    )

    protected = protect(Release(frozenset(), rows, measures_by_table(("total", *names))))

    assert [c.table for c in protected.coarsened] == ["category+level"]
    assert set(protected.release.printed) == {"total", "category+university"}


@pytest.mark.slow
def test_publication_of_the_size_of_the_demo_holds():
    release = release_of(demo_sized(30, 12_000))

    protected = protect(release)

    tables = printed_tables(protected.release)
    assert not protected.coarsened
    assert protected.narrowest >= SMALLEST
    universities = tables["university"]["rows"]
    assert sum(row["denominator"] is not None for row in universities) == len(universities)
