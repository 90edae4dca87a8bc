"""The year of the class of 2016: who found what and when, and who was left out of the figures."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from placement.demo.province.cohort import Cohort
from placement.demo.province.draws import (
    Days,
    Flags,
    Ints,
    Reals,
    Texts,
    choose,
    draw,
    share_out,
    texts,
)
from placement.demo.province.events import (
    NOT_FOR_NOW,
    PLANS_STUDY,
    SEEKING,
    STILL_ENROLLED,
    Events,
    day,
    draw_placed_codes,
    same_code,
    spread,
)
from placement.demo.province.hardship import DISABILITY, ETHNIC, HARDSHIP
from placement.demo.province.sizes import (
    HISTORY_YEAR,
    OTHERS_RATE,
    Sizes,
    hardship_placed,
    round_share,
)

YEAR = HISTORY_YEAR
FIRST_FILE, LAST_FILE = 4, 12
"""Outcomes come in one file a month, known at its end: from April to December."""

STANDINGS_RECORDED_ON = dt.date(YEAR, 7, 5)

_MONTHS = ((3, 4.0), (4, 6.0), (5, 10.0), (6, 27.0), (7, 29.5), (8, 17.0),
           (9, 2.8), (10, 1.7), (11, 1.2), (12, 0.8))  # fmt: skip
"""The share of those placed who found their first place in each month; the peak is the summer."""

_LAST_DAY = dt.date(YEAR, 12, 20)

_STANDINGS = (
    ("结业", 71.0, dt.date(YEAR, 6, 20), dt.date(YEAR, 6, 30)),
    ("延期毕业", 52.0, dt.date(YEAR, 6, 10), dt.date(YEAR, 6, 30)),
    ("退学", 21.0, dt.date(YEAR, 1, 10), dt.date(YEAR, 6, 5)),
    ("转学", 9.0, dt.date(YEAR, 1, 15), dt.date(YEAR, 3, 10)),
    ("死亡", 6.0, dt.date(YEAR, 1, 5), dt.date(YEAR, 6, 20)),
)


@dataclass(frozen=True, slots=True)
class Year:
    """Columns of the class: the standing of those left out and its day, who is placed in the end.

    `standing` is empty for who graduated; `placed` is what counts on 31 December, verified.
    """

    standing: Texts
    standing_on: Days
    placed: Flags
    events: Events


def live_through(seed: int, cohort: Cohort, sizes: Sizes) -> Year:
    """Let the class of 2016 live through its year, to the figures of the province."""
    rng = np.random.default_rng([seed, 7])
    standing, standing_on = _leave_out(rng, cohort, sizes.excluded)
    counted = cohort.registered & (standing == "")
    placed = _choose_placed(rng, cohort, counted, sizes.placed)
    others = np.flatnonzero(~cohort.registered)
    found = round_share(len(others), round(OTHERS_RATE * 10), 1000)
    placed[choose(rng, others, found)] = True
    unplaced = np.flatnonzero(~placed & (standing == ""))
    events = Events.join(
        [
            *_of_placed(rng, np.flatnonzero(placed), cohort.places.level),
            *_of_unplaced(rng, unplaced, cohort.places.level),
            *_of_left_out(rng, standing),
        ]
    )
    return Year(standing, standing_on, placed, events)


def _leave_out(rng: np.random.Generator, cohort: Cohort, count: int) -> tuple[Texts, Days]:
    chosen = rng.permutation(choose(rng, np.flatnonzero(cohort.registered), count))
    standing = texts([""] * len(cohort))
    days = np.full(len(cohort), "NaT", dtype="datetime64[D]")
    start = 0
    sizes = share_out(count, [weight for _, weight, _, _ in _STANDINGS])
    for (name, _, first, last), size in zip(_STANDINGS, sizes.tolist(), strict=True):
        rows = chosen[start : start + size]
        standing[rows] = name
        days[rows] = spread(rng, size, first, last)
        start += size
    return standing, days


def _choose_placed(rng: np.random.Generator, cohort: Cohort, counted: Flags, placed: int) -> Flags:
    """Choose exactly `placed` of the counted, and of family hardship exactly its own rate.

    Disabled graduates are left over more often than others, as everywhere.
    """
    hardship = cohort.hardship
    chances = 1.0 + 1.6 * hardship.has(DISABILITY) + 0.3 * hardship.has(ETHNIC)
    poor = np.flatnonzero(counted & hardship.has(HARDSHIP))
    rest = np.flatnonzero(counted & ~hardship.has(HARDSHIP))
    poor_placed = hardship_placed(len(poor))
    rest_placed = placed - poor_placed
    if not 0 <= rest_placed <= len(rest):
        raise ValueError("The figures contradict each other.")
    found = counted.copy()
    for pool, seats in ((poor, poor_placed), (rest, rest_placed)):
        found[choose(rng, pool, len(pool) - seats, chances[pool])] = False
    return found


def _file_of(days: Days) -> Ints:
    """Return the month in whose file a day can stand, as a number from 0 for April."""
    months = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
    return np.clip(months, FIRST_FILE, LAST_FILE) - FIRST_FILE


def _recorded(rng: np.random.Generator, days: Days) -> Ints:
    """Return the file in which an event is known: that of a day some days later."""
    known = days + rng.integers(1, 22, len(days)).astype("timedelta64[D]")
    return _file_of(np.minimum(known, day(dt.date(YEAR, 12, 31))))


def _first_days(rng: np.random.Generator, size: int) -> Days:
    month = draw(rng, [weight for _, weight in _MONTHS], size)
    numbers = np.asarray([number for number, _ in _MONTHS], dtype=np.int64)[month]
    starts = np.asarray([f"{YEAR}-{n:02d}-01" for n, _ in _MONTHS], dtype="datetime64[D]")[month]
    length = np.where(numbers == 12, 18, 29)
    days: Days = starts + (rng.random(size) * length).astype("timedelta64[D]")
    return days


def _of_placed(rng: np.random.Generator, people: Ints, level: Texts) -> list[Events]:
    """Return the events of those who are placed in the end; some changed, some were late."""
    days = _first_days(rng, len(people))
    files = _recorded(rng, days)
    first = Events(people, draw_placed_codes(rng, level[people]), days, files)
    turn = rng.random(len(people))
    parts = [first, _waiting(rng, first, 0.6)]
    parts += _changes(rng, first, np.flatnonzero(turn < 0.045), level)
    parts += _lost_and_found(rng, first, np.flatnonzero((turn >= 0.045) & (turn < 0.052)), level)
    claims = np.flatnonzero((turn >= 0.998) & (files < LAST_FILE - FIRST_FILE))
    parts.append(
        Events(
            people[claims],
            draw_placed_codes(rng, level[people[claims]]),
            np.minimum(days[claims] + np.timedelta64(25, "D"), day(_LAST_DAY)),
            np.full(len(claims), -1),
        )
    )
    return parts


def _waiting(rng: np.random.Generator, placed: Events, share: float) -> Events:
    """Return what was known of the late ones in July: that they were looking for work."""
    late = placed.day >= day(dt.date(YEAR, 8, 1))
    rows = np.flatnonzero(late & (placed.file >= 4) & (rng.random(len(placed)) < share))
    days = spread(rng, len(rows), dt.date(YEAR, 7, 1), dt.date(YEAR, 7, 20))
    return same_code(placed.person[rows], SEEKING, days, np.full(len(rows), 7 - FIRST_FILE))


def _changes(rng: np.random.Generator, first: Events, rows: Ints, level: Texts) -> list[Events]:
    """Return the second place of those who changed, in a later file than the first."""
    days = first.day[rows] + rng.integers(30, 120, len(rows)).astype("timedelta64[D]")
    files = np.maximum(_recorded(rng, days), first.file[rows] + 1)
    able = (days <= day(_LAST_DAY)) & (files <= LAST_FILE - FIRST_FILE)
    people = first.person[rows[able]]
    return [Events(people, draw_placed_codes(rng, level[people]), days[able], files[able])]


def _lost_and_found(
    rng: np.random.Generator, first: Events, rows: Ints, level: Texts
) -> list[Events]:
    """Return loss and second place of those who were out of work in between."""
    lost = first.day[rows] + rng.integers(30, 60, len(rows)).astype("timedelta64[D]")
    lost_file = np.maximum(_recorded(rng, lost), first.file[rows] + 1)
    found = lost + rng.integers(20, 60, len(rows)).astype("timedelta64[D]")
    found_file = np.maximum(_recorded(rng, found), lost_file + 1)
    able = (found <= day(_LAST_DAY)) & (found_file <= LAST_FILE - FIRST_FILE)
    people = first.person[rows[able]]
    return [
        same_code(people, SEEKING, lost[able], lost_file[able]),
        Events(people, draw_placed_codes(rng, level[people]), found[able], found_file[able]),
    ]


def _of_unplaced(rng: np.random.Generator, people: Ints, level: Texts) -> list[Events]:
    """Return the events of those who are not placed in the end, for every reason there is."""
    people = rng.permutation(people)
    shares: Reals = np.asarray([0.40, 0.12, 0.015, 0.11, 0.08, 0.13, 0.145])
    groups = np.split(people, np.cumsum(share_out(len(people), shares))[:-1])
    seeking, lost, lost_unverified, study, not_now, claimed, _unknown = groups
    summer, autumn = dt.date(YEAR, 7, 1), dt.date(YEAR, 11, 25)
    parts = [
        _told(rng, seeking, SEEKING, (summer, autumn)),
        _told(rng, study, PLANS_STUDY, (summer, dt.date(YEAR, 9, 30))),
        _told(rng, not_now, NOT_FOR_NOW, (summer, autumn)),
    ]
    for group, is_known in ((lost, True), (lost_unverified, False)):
        before = spread(rng, len(group), dt.date(YEAR, 4, 1), dt.date(YEAR, 7, 15))
        parts.append(
            Events(group, draw_placed_codes(rng, level[group]), before, _recorded(rng, before))
        )
        # From October on, so that the loss is in a later file than the place.
        told = _told(rng, group, SEEKING, (dt.date(YEAR, 10, 1), autumn))
        parts.append(told if is_known else _unverified(told))
    days = spread(rng, len(claimed), dt.date(YEAR, 8, 15), _LAST_DAY)
    claims = Events(claimed, draw_placed_codes(rng, level[claimed]), days, _recorded(rng, days))
    parts.append(_unverified(claims))
    parts.append(_told(rng, claimed[::2], SEEKING, (summer, dt.date(YEAR, 7, 20))))
    return parts


def _told(
    rng: np.random.Generator, people: Ints, code: str, between: tuple[dt.date, dt.date]
) -> Events:
    days = spread(rng, len(people), *between)
    return same_code(people, code, days, _recorded(rng, days))


def _unverified(events: Events) -> Events:
    return Events(events.person, events.code, events.day, np.full(len(events), -1))


def _of_left_out(rng: np.random.Generator, standing: Texts) -> list[Events]:
    """Return what was noted of some who did not graduate; none of it counts as placed."""
    between = (dt.date(YEAR, 7, 6), dt.date(YEAR, 8, 20))
    parts = []
    for name, code in (("延期毕业", STILL_ENROLLED), ("结业", SEEKING)):
        rows = np.flatnonzero((standing == name) & (rng.random(len(standing)) < 0.5))
        parts.append(_told(rng, rows, code, between))
    return parts
