"""How far the class of the current year is: placed, claimed, looking, not looking or unknown."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from placement.demo.province.cohort import Cohort
from placement.demo.province.draws import Days, Flags, Ints, Texts, choose, share_out, texts
from placement.demo.province.events import (
    NOT_FOR_NOW,
    PLANS_STUDY,
    SEEKING,
    Events,
    day,
    draw_placed_codes,
    same_code,
    spread,
)

FILE_AGES = (45, 15, 2)
"""How many days ago the verified outcomes came in; those of the last file wait for verification."""

PLACED, CLAIMED, LOOKING, NOT_SEEKING, UNKNOWN = "placed", "claimed", "looking", "not", "unknown"
_SHARES = {PLACED: 0.36, CLAIMED: 0.08, LOOKING: 0.34, NOT_SEEKING: 0.03, UNKNOWN: 0.19}


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputePlan:
    """A student who says that the recorded outcome is wrong, with their reason."""

    university: str
    student_number: str
    opened_on: dt.date
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Columns of the class under way: where each stands, since when, and the events that say so."""

    state: Texts
    since: Days
    events: Events


def start_of_register(today: dt.date) -> dt.date:
    """Return the day on which the register of the class of `today`'s year began.

    150 days ago, and not before the November in which its students begin to look for work.
    """
    return max(today - dt.timedelta(days=150), dt.date(today.year - 1, 11, 1))


def progress_until(rng: np.random.Generator, cohort: Cohort, today: dt.date) -> Progress:
    """Say of each student of the class where they stand `today`."""
    size = len(cohort)
    state = texts([""] * size)
    for group in (np.flatnonzero(cohort.registered), np.flatnonzero(~cohort.registered)):
        counts = share_out(len(group), list(_SHARES.values()))
        state[rng.permutation(group)] = np.repeat(texts(list(_SHARES)), counts)
    since = np.full(size, "NaT", dtype="datetime64[D]")
    level = cohort.places.level
    parts = [
        _placed(rng, state, since, level, today),
        _claimed(rng, state, since, level, today),
        _told(rng, state, since, today),
    ]
    return Progress(state, since, Events.join(parts))


def _placed(
    rng: np.random.Generator, state: Texts, since: Days, level: Texts, today: dt.date
) -> Events:
    people = np.flatnonzero(state == PLACED)
    first = start_of_register(today) + dt.timedelta(days=7)
    since[people] = spread(rng, len(people), first, today - dt.timedelta(days=FILE_AGES[1] + 2))
    codes = draw_placed_codes(rng, level[people])
    old = since[people] < day(today - dt.timedelta(days=FILE_AGES[0]))
    return Events(people, codes, since[people], np.where(old, 0, 1))


def _claimed(
    rng: np.random.Generator, state: Texts, since: Days, level: Texts, today: dt.date
) -> Events:
    people = np.flatnonzero(state == CLAIMED)
    first, last = today - dt.timedelta(days=28), today - dt.timedelta(days=FILE_AGES[2] + 1)
    since[people] = spread(rng, len(people), first, last)
    return Events(
        people, draw_placed_codes(rng, level[people]), since[people], np.full(len(people), -1)
    )


def _told(rng: np.random.Generator, state: Texts, since: Days, today: dt.date) -> Events:
    """Return that people are looking or not looking, told at any time up to the middle file."""
    looking = np.flatnonzero(state == LOOKING)
    resting = np.flatnonzero(state == NOT_SEEKING)
    first = start_of_register(today) + dt.timedelta(days=3)
    people = np.concatenate([looking, resting])
    since[people] = spread(rng, len(people), first, today - dt.timedelta(days=FILE_AGES[1] + 2))
    old = np.where(since[people] < day(today - dt.timedelta(days=FILE_AGES[0])), 0, 1)
    middle = len(looking)
    halves = np.asarray([PLANS_STUDY, NOT_FOR_NOW], dtype=np.object_)
    codes = halves[rng.integers(0, 2, len(resting))]
    return Events.join(
        [
            same_code(looking, SEEKING, since[looking], old[:middle]),
            Events(resting, codes, since[resting], old[middle:]),
        ]
    )


_REASONS = (
    "我没有与该单位签约，请核实。",
    "单位名称写错了，我实际在另一家公司上班。",
    "我已经离职，目前正在找工作。",
    "落实日期不对，我是上个月才入职的。",
)


def draw_disputes(
    rng: np.random.Generator, cohort: Cohort, progress: Progress, today: dt.date
) -> tuple[DisputePlan, ...]:
    """Return the disputes of the last ten days: one in eighty of the placed says it is wrong."""
    placed: Flags = cohort.registered & (progress.state == PLACED)
    pool: Ints = np.flatnonzero(placed)
    if not len(pool):
        return ()
    chosen = choose(rng, pool, max(1, len(pool) // 80))
    ages = rng.integers(1, 10, len(chosen)).tolist()
    return tuple(
        DisputePlan(
            university=str(cohort.university[row]),
            student_number=str(cohort.student_number[row]),
            opened_on=today - dt.timedelta(days=age),
            reason=_REASONS[place % len(_REASONS)],
        )
        for place, (row, age) in enumerate(zip(chosen.tolist(), ages, strict=True))
    )
