"""How kinds of students relate to kinds of postings: one small table for each pair of columns.

A table holds the value of a part for (a value on the students' side, a value on the postings'
side), NaN where nothing is known. Thousands of students share a few hundred such values, so the
tables are made once and only looked up for a pair.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from placement.jobs.ranking.facts import (
    Tables,
    occupation_class,
    occupation_stem,
    place_includes,
)
from placement.jobs.ranking.postings import MajorDemand, Prepared
from placement.jobs.ranking.seekers import MajorHeld, PreparedSeekers
from placement.jobs.ranking.weights import Weights

Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]

REFUSED = -1.0
"""In the table of majors: the posting takes nobody of this major."""


@dataclass(frozen=True, slots=True)
class Relations:
    """The tables between one set of students and one set of postings.

    Tables read by lists of wishes (`places`, `occupations`, `industries`) have one row more,
    which stands for 'no wish' and is where the code NONE (-1) leads.
    """

    rule: Weights
    distance_km: Reals
    places: Flags
    occupations: Reals
    industries: Reals
    majors: Reals
    reserved: Flags
    accommodations: Flags
    needs: Reals
    city_known: Flags


def relate(prepared: Prepared, seekers: PreparedSeekers, rule: Weights) -> Relations:
    """Make the tables between these students and these postings under a rule of scoring."""
    cities = prepared.cities.values
    return Relations(
        rule=rule,
        distance_km=_distances(seekers.homes.values, cities, prepared.tables),
        places=_flags([*seekers.places.values, ""], cities, place_includes),
        occupations=_occupations(seekers.occupations.values, prepared.occupations.values, rule),
        industries=_industries(seekers.industries.values, prepared.industries.values),
        majors=_majors(seekers.majors.values, prepared.majors.values, rule),
        reserved=_flags(seekers.categories.values, prepared.reserved.values, _may_enter),
        accommodations=_flags(seekers.needs.values, prepared.accommodations.values, _covered),
        needs=np.asarray([1.0 if needs else np.nan for needs in seekers.needs.values]),
        city_known=np.asarray([bool(city) for city in cities], dtype=np.bool_),
    )


def _may_enter(categories: frozenset[str], reserved_for: frozenset[str]) -> bool:
    return not reserved_for or bool(categories & reserved_for)


def _covered(needs: frozenset[str], accommodations: frozenset[str]) -> bool:
    return needs <= accommodations


def _flags(left: Sequence[object], right: Sequence[object], holds: Callable[..., bool]) -> Flags:
    table = [[holds(a, b) for b in right] for a in left]
    return np.asarray(table, dtype=np.bool_).reshape(len(left), len(right))


def _distances(homes: Sequence[str], cities: Sequence[str], tables: Tables) -> Reals:
    table = np.full((len(homes), len(cities)), np.nan)
    for row, home in enumerate(homes):
        for column, city in enumerate(cities):
            km = tables.distance_km(home, city) if home and city else None
            if km is not None:
                table[row, column] = km
    return table


def _occupations(wished: Sequence[str], offered: Sequence[str], rule: Weights) -> Reals:
    """Give 1 for the wished occupation or one within it, less for its middle class, else 0."""
    classes = np.asarray([occupation_class(code) for code in offered], dtype=np.str_)
    dashed = np.asarray([occupation_stem(code) + "-" for code in offered], dtype=np.str_)
    table = np.full((len(wished) + 1, len(offered)), np.nan)
    for row, wish in enumerate(wished):
        related = classes == occupation_class(wish)
        within = np.char.startswith(dashed, occupation_stem(wish) + "-")
        table[row] = np.where(within, 1.0, np.where(related, rule.occupation_class, 0.0))
    table[:, [column for column, code in enumerate(offered) if not code]] = np.nan
    return table


def _industries(wished: Sequence[str], offered: Sequence[str]) -> Reals:
    """Give 1 within a wished industry, else 0; a posting too coarse to tell is unknown."""
    table = np.full((len(wished) + 1, len(offered)), np.nan)
    for row, wish in enumerate(wished):
        for column, code in enumerate(offered):
            if code.startswith(wish):
                table[row, column] = 1.0
            elif not wish.startswith(code):
                table[row, column] = 0.0
    return table


def _majors(held: Sequence[MajorHeld], demands: Sequence[MajorDemand], rule: Weights) -> Reals:
    """Give 1 for the same class, less for the same field, 0 for neither, REFUSED where strict."""
    by_class = _rows_of([major.major_class for major in held])
    by_field = _rows_of([major.field for major in held])
    unknown = by_class.get("", [])
    table = np.full((len(held), len(demands)), np.nan)
    for column, demand in enumerate(demands):
        if not demand.is_known:
            continue
        values = np.zeros(len(held))
        for major_class in demand.classes:
            values[by_field.get(major_class[:2], [])] = rule.same_field
        for rows, codes in ((by_class, demand.classes), (by_field, demand.fields)):
            for code in codes:
                values[rows.get(code, [])] = 1.0
        values[unknown] = np.nan
        table[:, column] = np.where(values == 1.0, 1.0, REFUSED) if demand.strict else values
    return table


def _rows_of(codes: Sequence[str]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, code in enumerate(codes):
        rows.setdefault(code, []).append(row)
    return rows
