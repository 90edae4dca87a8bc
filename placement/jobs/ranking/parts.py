"""The rules and parts of (student, posting) pairs, and the score made of them, in numpy.

The compiled kernel does the same sums in the same order, so that both give the same score.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from placement.jobs.ranking.blocks import Block, make_block
from placement.jobs.ranking.postings import Prepared
from placement.jobs.ranking.relations import REFUSED, Flags, Reals, Relations, relate
from placement.jobs.ranking.seekers import PreparedSeekers
from placement.jobs.ranking.weights import (
    ADJUSTMENT,
    CARE,
    CITY,
    INDUSTRY,
    MAJOR,
    OCCUPATION,
    SALARY,
    TEXT,
    Weights,
)

Index = NDArray[np.integer[Any]]

SCALE = 1_000_000
"""Scores are kept in whole millionths: finer differences are noise, and ties must be ties."""

RULES = ("level", "major", "reserved", "accommodations", "place", "history")
"""The hard rules that depend on the student; none is ever relaxed by the machine."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Students of one block before a set of postings: everything a pair is looked up in."""

    prepared: Prepared
    seekers: PreparedSeekers
    relations: Relations
    block: Block


def meet(
    prepared: Prepared, seekers: PreparedSeekers, rule: Weights, rows: NDArray[np.int64]
) -> Meeting:
    """Bring the students of these rows before the postings under a rule of scoring."""
    relations = relate(prepared, seekers, rule)
    return Meeting(prepared, seekers, relations, make_block(prepared, seekers, relations, rows))


def rules_kept(meeting: Meeting, students: Index, postings: Index) -> dict[str, Flags]:
    """Say of each pair which of RULES it keeps.

    `students` are rows of the block, `postings` rows of the postings; both broadcast.
    """
    prepared, seekers, relations = meeting.prepared, meeting.seekers, meeting.relations
    rows = meeting.block.rows[students]
    major = relations.majors[seekers.majors.codes[rows], prepared.majors.codes[postings]]
    return {
        "level": seekers.level_ranks[rows] >= prepared.level_ranks[postings],
        "major": major != REFUSED,
        "reserved": relations.reserved[
            seekers.categories.codes[rows], prepared.reserved.codes[postings]
        ],
        "accommodations": relations.accommodations[
            seekers.needs.codes[rows], prepared.accommodations.codes[postings]
        ],
        "place": meeting.block.city_allowed[students, prepared.cities.codes[postings]],
        "history": _is_new(meeting, rows, postings),
    }


def _is_new(meeting: Meeting, rows: Index, postings: Index) -> Flags:
    """Say which pairs are neither settled before nor with an employer the student blocked."""
    facts, offers = meeting.seekers.facts, meeting.prepared.facts
    rows, postings = np.broadcast_arrays(rows, postings)
    new = np.ones(rows.shape, dtype=np.bool_)
    pairs = np.flatnonzero(meeting.seekers.has_history[rows])
    for pair, row, column in zip(
        pairs.tolist(),
        rows.flat[pairs].tolist(),
        postings.flat[pairs].tolist(),
        strict=True,
    ):
        seeker, offer = facts[row], offers[column]
        blocked = offer.employer_id in seeker.feedback.blocked_employers
        new.flat[pair] = not (blocked or offer.id in seeker.excluded)
    return new


def part_values(meeting: Meeting, students: Index, postings: Index, cosines: Reals) -> Reals:
    """Give the parts of each pair (last axis: PARTS, then ADJUSTMENT); NaN is unknown.

    `cosines` are those of the texts, 0..1, in the shape of the pairs.
    """
    prepared, seekers = meeting.prepared, meeting.seekers
    relations, block = meeting.relations, meeting.block
    rule, rows = relations.rule, block.rows[students]
    values = np.empty((*np.broadcast_shapes(rows.shape, postings.shape), ADJUSTMENT + 1))
    values[..., MAJOR] = relations.majors[
        seekers.majors.codes[rows], prepared.majors.codes[postings]
    ]
    both = seekers.has_text[rows] & prepared.has_text[postings]
    values[..., TEXT] = np.where(both, np.minimum(1.0, rule.text_gain * cosines), np.nan)
    values[..., OCCUPATION] = block.occupation[students, prepared.occupations.codes[postings]]
    values[..., CITY] = block.city[students, prepared.cities.codes[postings]]
    wish, pay = seekers.salary[rows], prepared.pay[postings]
    missing = (wish - pay) / (rule.salary_fade * wish)
    values[..., SALARY] = np.minimum(1.0, np.maximum(0.0, 1.0 - missing))
    values[..., INDUSTRY] = block.industry[students, prepared.industries.codes[postings]]
    values[..., CARE] = relations.needs[seekers.needs.codes[rows]]
    classes = prepared.occupation_classes.codes[postings]
    values[..., ADJUSTMENT] = block.adjustment[students, classes]
    return values


def score_millionths(values: Reals, rule: Weights) -> NDArray[np.int64]:
    """Weigh the known parts, add what feedback says, and round to whole millionths of 1."""
    total = np.zeros(values.shape[:-1])
    weight_known = np.zeros(values.shape[:-1])
    for part, weight in enumerate(rule.of_parts):
        known = ~np.isnan(values[..., part])
        total += np.where(known, weight * values[..., part], 0.0)
        weight_known += np.where(known, weight, 0.0)
    mean = np.divide(total, weight_known, out=np.zeros_like(total), where=weight_known > 0)
    bounded = np.minimum(1.0, np.maximum(0.0, mean + values[..., ADJUSTMENT]))
    return np.floor(bounded * SCALE + 0.5).astype(np.int64)
