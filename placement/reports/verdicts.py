"""Why one person counts as they do: the rows of their history, each with what became of it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

VERSION, MEMBERSHIP, STANDING, OUTCOME = "version", "membership", "standing", "outcome"
WITHDRAWN = "withdrawn"
BEGINS_LATER = "begins_later"
REPLACED = "replaced"
HOLDS = "holds"
FIRST_KNOWN = "first_known"
NOT_CONFIRMED = "not_confirmed"
ENDED = "ended"
DECIDES = "decides"
REJECTED = "rejected"
UNVERIFIED = "unverified"

UNDONE = "undone"
OTHER_CLASS = "other_class"
NO_MEMBERSHIP = "no_membership"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A row of somebody's history that the answer can read, and what became of it.

    `key` is the code of what it says: a category, a standing, a destination; empty for a version.
    `holds_to` is the first day on which it no longer holds. `withdrawn_at` is set for what was
    taken back by the moment of the answer. `verdict` is one of the words above; `used` marks the
    rows that the answer rests on.
    """

    kind: str
    number: int
    key: str
    holds_from: dt.date
    holds_to: dt.date | None = None
    recorded_at: dt.datetime
    withdrawn_at: dt.datetime | None = None
    state: str = ""
    """Of a membership its state, of an outcome the decision about it: none, or the last one."""
    disputed: bool = False
    values: Mapping[str, str | None] | None = None
    """Of a version: the university's code and the code of each attribute."""
    verdict: str = ""

    @property
    def used(self) -> bool:
        """Whether the answer rests on this row."""
        return self.verdict in {HOLDS, FIRST_KNOWN, DECIDES}


def judge_versions(rows: Iterable[HistoryRow], as_of: dt.date) -> list[HistoryRow]:
    """Say which version describes the person: the last that holds, else the first to come."""
    stand, judged = _standing_rows(rows)
    best = max(
        stand,
        key=lambda row: (
            row.holds_from <= as_of,
            -abs((row.holds_from - as_of).days),
            row.recorded_at,
            row.number,
        ),
        default=None,
    )
    for row in stand:
        if row is best:
            verdict = HOLDS if row.holds_from <= as_of else FIRST_KNOWN
        else:
            verdict = BEGINS_LATER if row.holds_from > as_of else REPLACED
        judged.append(replace(row, verdict=verdict))
    return _in_order(judged)


def judge_memberships(
    rows: Iterable[HistoryRow], as_of: dt.date, closes_on: dt.date
) -> list[HistoryRow]:
    """Say which memberships hold; an end after `closes_on`, 31 December of the class, is none."""
    stand, judged = _standing_rows(rows)
    end = min(as_of, closes_on)
    for row in stand:
        if row.state != "confirmed":
            verdict = NOT_CONFIRMED
        elif row.holds_from > as_of:
            verdict = BEGINS_LATER
        elif row.holds_to is not None and row.holds_to <= end:
            verdict = ENDED
        else:
            verdict = HOLDS
        judged.append(replace(row, verdict=verdict))
    return _in_order(judged)


def judge_standings(rows: Iterable[HistoryRow], as_of: dt.date) -> list[HistoryRow]:
    """Say which standing holds on the day: the last one, of two from one day the later recorded."""
    stand, judged = _standing_rows(rows)
    best = _last(row for row in stand if row.holds_from <= as_of)
    for row in stand:
        begun = row.holds_from <= as_of
        verdict = HOLDS if row is best else REPLACED
        judged.append(replace(row, verdict=verdict if begun else BEGINS_LATER))
    return _in_order(judged)


def judge_outcomes(
    rows: Iterable[HistoryRow], as_of: dt.date, *, verified_only: bool, placed: Iterable[str]
) -> list[HistoryRow]:
    """Say which outcome decides: the last that holds and counts under the basis.

    What is rejected never counts; under the basis `verified` a placement counts once somebody
    verified it, a need at once.
    """
    stand, judged = _standing_rows(rows)
    claims = frozenset(placed)

    def obstacle(row: HistoryRow) -> str:
        if row.holds_from > as_of:
            return BEGINS_LATER
        if row.state == "rejected":
            return REJECTED
        claimed = verified_only and row.state != "verified" and row.key in claims
        return UNVERIFIED if claimed else ""

    best = _last(row for row in stand if not obstacle(row))
    for row in stand:
        judged.append(replace(row, verdict=obstacle(row) or (DECIDES if row is best else REPLACED)))
    return _in_order(judged)


def _standing_rows(rows: Iterable[HistoryRow]) -> tuple[list[HistoryRow], list[HistoryRow]]:
    """The rows that were not taken back, and those that were, judged already."""
    every = list(rows)
    stand = [row for row in every if row.withdrawn_at is None]
    return stand, [replace(row, verdict=WITHDRAWN) for row in every if row.withdrawn_at is not None]


def _last(rows: Iterable[HistoryRow]) -> HistoryRow | None:
    return max(rows, key=_when, default=None)


def _in_order(rows: Iterable[HistoryRow]) -> list[HistoryRow]:
    return sorted(rows, key=_when)


def _when(row: HistoryRow) -> tuple[dt.date, dt.datetime, int]:
    return row.holds_from, row.recorded_at, row.number
