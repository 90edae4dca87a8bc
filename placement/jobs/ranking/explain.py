"""Why a posting is on a list: reasons, one caution, and why there are not more reasons.

All are codes with values, put into words by `placement.jobs.reasons`.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from placement.jobs.ranking.facts import SeekerFacts
from placement.jobs.ranking.parts import SCALE
from placement.jobs.ranking.phrases import split_skills
from placement.jobs.ranking.postings import Prepared
from placement.jobs.ranking.results import Recommendations
from placement.jobs.ranking.seekers import PreparedSeekers
from placement.jobs.ranking.statements import (
    CAUTIONS,
    REASONS,
    SAID_BY_STUDENT,
    WISH_FIELDS,
    Pair,
    Statement,
    say_reserved,
)
from placement.jobs.ranking.weights import PARTS, Weights

MOST_REASONS = 3
GOOD = 0.5
POOR = 0.3

Values = Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One posting of a list with everything that is shown and stored of it.

    `score` and the values of `parts` are shares 0..1, None where unknown; `adjustment` among
    them is what feedback added. `reasons_missing` says why there are fewer than three reasons,
    and is empty where there are three.
    """

    posting_id: int
    rank: int
    score: float
    reasons: list[Statement]
    caution: Statement | None
    reasons_missing: list[Statement]
    parts: dict[str, float | None]


def explain_list(
    prepared: Prepared, seeker: SeekerFacts, found: Recommendations, row: int, rule: Weights
) -> list[Explained]:
    """Explain the visible list in one row of `found`, which must be this student's."""
    phrases = split_skills(seeker.wishes.skills)
    places = found.visible[row][found.visible[row] >= 0].tolist()
    explained = []
    for rank, place in enumerate(places, start=1):
        at = int(found.postings[row, place])
        pair = Pair(seeker, prepared.facts[at], prepared.texts[at], phrases, prepared)
        numbers = found.parts[row, rank - 1].tolist()
        values = [None if math.isnan(number) else number for number in numbers]
        reasons = _reasons(pair, values, rule)
        explained.append(
            Explained(
                posting_id=int(prepared.ids[at]),
                rank=rank,
                score=int(found.millionths[row, place]) / SCALE,
                reasons=[reason for _, reason in reasons],
                caution=_caution(pair, values, rule),
                reasons_missing=_missing(pair, values, {part for part, _ in reasons}),
                parts=dict(zip((*PARTS, "adjustment"), values, strict=True)),
            )
        )
    return explained


def explain_all(
    prepared: Prepared, seekers: PreparedSeekers, found: Recommendations, rule: Weights
) -> Iterator[tuple[int, list[Explained]]]:
    """Yield (number of the student, their list explained) for each row of a run or chunk."""
    rows = {number: row for row, number in enumerate(seekers.ids.tolist())}
    for row, number in enumerate(found.seeker_ids.tolist()):
        yield number, explain_list(prepared, seekers.facts[rows[number]], found, row, rule)


def _reasons(pair: Pair, values: Values, rule: Weights) -> list[tuple[int, Statement]]:
    """Give up to three (part, reason), what moves the score most first.

    That a posting is kept for a group of the student's is a reason, yet no part of the score: it
    takes its place by the weight of care.
    """
    weights = rule.of_parts
    strengths = [
        (-weights[part] * value, part)
        for part, value in enumerate(values[: len(PARTS)])
        if value is not None and value >= GOOD and weights[part] > 0
    ]
    strengths.append((-rule.care, len(PARTS)))
    found: list[tuple[int, Statement]] = []
    for _, part in sorted(strengths):
        if len(found) == MOST_REASONS:
            break
        value = values[part] if part < len(PARTS) else None
        said = say_reserved(pair) if value is None else REASONS[part](pair, value)
        if said is not None:
            found.append((part, said))
    return found


def _caution(pair: Pair, values: Values, rule: Weights) -> Statement | None:
    """Say what costs the score most among the parts that are poor."""
    losses = [
        (-weight * (1 - value), part)
        for part, (weight, value) in enumerate(zip(rule.of_parts, values, strict=False))
        if value is not None and value < POOR and weight > 0 and part in CAUTIONS
    ]
    return CAUTIONS[min(losses)[1]](pair) if losses else None


def _missing(pair: Pair, values: Values, given: set[int]) -> list[Statement]:
    """Say why there are fewer than three reasons: who did not say what, and what fits little."""
    if len(given) == MOST_REASONS:
        return []
    silent: dict[str, list[str]] = {"unstated": [], "posting_silent": [], "weak": []}
    for part, field in WISH_FIELDS.items():
        if part in given:
            continue
        if not SAID_BY_STUDENT[part](pair.seeker):
            silent["unstated"].append(field)
        elif values[part] is None:
            silent["posting_silent"].append(field)
        else:
            silent["weak"].append(field)
    return [
        {"code": code, "values": {"fields": fields}} for code, fields in silent.items() if fields
    ]
