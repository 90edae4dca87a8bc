"""What wishes and feedback mean for each city, occupation and industry: a block of students."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from placement.jobs.ranking.facts import city_of
from placement.jobs.ranking.interning import NONE
from placement.jobs.ranking.postings import Prepared
from placement.jobs.ranking.relations import Flags, Reals, Relations
from placement.jobs.ranking.seekers import PreparedSeekers

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Block:
    """Students `rows` against every city, occupation, class of occupation and industry.

    `city`, `occupation` and `industry` are values of parts (NaN unknown); `city_allowed` is the
    hard rule of place; `adjustment` is what feedback adds to the score.
    """

    rows: Rows
    city: Reals
    city_allowed: Flags
    occupation: Reals
    industry: Reals
    adjustment: Reals


def make_block(
    prepared: Prepared, seekers: PreparedSeekers, relations: Relations, rows: Rows
) -> Block:
    """Work out the tables of the students in these rows."""
    city, allowed = _cities(seekers, relations, rows)
    adjustment = np.zeros((len(rows), len(prepared.occupation_classes.values)))
    changed = set(seekers.feedback_rows)
    for at, row in enumerate(rows.tolist()):
        if row in changed:
            feedback = seekers.facts[row].feedback
            for column, code in enumerate(prepared.occupation_classes.values):
                adjustment[at, column] = feedback.occupations.get(code, 0.0)
            factors = {city_of(code): factor for code, factor in feedback.cities.items()}
            for column, code in enumerate(prepared.cities.values):
                city[at, column] *= factors.get(city_of(code), 1.0)
    return Block(
        rows=rows,
        city=city,
        city_allowed=allowed,
        occupation=_best(relations.occupations, seekers.occupations.codes[rows]),
        industry=_best(relations.industries, seekers.industries.codes[rows]),
        adjustment=adjustment,
    )


def _best(table: Reals, wishes: NDArray[np.int32]) -> Reals:
    """Take for each student the wish that fits best; NaN where none can be compared."""
    best: Reals = table[wishes[:, 0]]
    for place in range(1, wishes.shape[1]):
        best = np.fmax(best, table[wishes[:, place]])
    return best


def _cities(seekers: PreparedSeekers, relations: Relations, rows: Rows) -> tuple[Reals, Flags]:
    """Give the city part and the hard rule of place.

    Wished places come first, then nearness to home. Who is ready to go anywhere and names no
    place prefers none, so the part is left out; who said nothing at all may go anywhere and is
    shown what is near home first.
    """
    rule = relations.rule
    wished = relations.places[seekers.places.codes[rows]]
    among = wished.any(axis=1)
    stated = (seekers.places.codes[rows, 0] != NONE)[:, np.newaxis]
    anywhere = seekers.anywhere[rows][:, np.newaxis]
    limit = seekers.distance_km[rows][:, np.newaxis]
    km = relations.distance_km[seekers.homes.codes[rows]]

    near = np.maximum(rule.elsewhere, rule.near_home * (1 - km / rule.home_fade_km))
    other = np.where(stated & np.isnan(near), rule.elsewhere, near)
    other = np.where(anywhere & ~stated, np.nan, other)
    city = np.where(wished[:, 0], 1.0, np.where(among, rule.place_other, other))
    city[:, ~relations.city_known] = np.nan

    free = anywhere | (~stated & np.isnan(limit))
    radius = np.where(np.isnan(limit), rule.home_radius_km, limit)
    return city, free | among | (km <= radius)
