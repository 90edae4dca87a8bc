"""The rate over the year: one drawing a group, so that lines that lie close stay apart."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from placement.reports.pictures.drawing import Mark, Picture, dot, joined, line, words
from placement.reports.pictures.scales import DayAxis, RateAxis

_TOP, _BOTTOM, _HEIGHT = 22, 142, 168
_WORDS = 0.22
"""How far the words of a rate reach, as a share of the width."""
Points = Sequence[tuple[dt.date, Decimal | None]]
"""Rates by day, oldest first; None where nobody is counted."""


def course_picture(
    title: str, desc: str, group: Points, whole: Points = (), graduates: Points = ()
) -> Picture:
    """A group's rate from 0 to 100 percent by day, over that of everybody and of all graduates.

    `whole` is drawn as a dashed grey line, `graduates` as rings on the days that they were
    counted. The last rate of the group is written at its end.
    """
    days = [day for points in (group, whole, graduates) for day, _rate in points]
    by_day = DayAxis(min(days), max(days))
    return Picture(
        title,
        desc,
        _HEIGHT,
        joined(
            _grid(by_day),
            _drawn("whole", whole, by_day),
            _drawn("line", group, by_day),
            _rings(graduates, by_day),
            _last(group, (*whole, *graduates), by_day),
        ),
    )


def _down(rate: Decimal) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * RateAxis(0).share(rate)


def _grid(by_day: DayAxis) -> list[Mark]:
    marks = []
    for rate in (0, 50, 100):
        down = _down(Decimal(rate))
        marks.append(line("grid" if rate else "edge", (0.1, down), (1, down)))
        marks.append(words(str(rate), (0.085, down + 4), "quiet", "end"))
    middle = by_day.first + (by_day.last - by_day.first) / 2
    for day, anchor in ((by_day.first, "start"), (middle, "middle"), (by_day.last, "end")):
        marks.append(words(f"{day:%Y-%m}", (by_day.share(day), _HEIGHT - 6), "quiet", anchor))
    return marks


def _drawn(kind: str, points: Points, by_day: DayAxis) -> list[Mark]:
    places = [None if rate is None else (by_day.share(day), _down(rate)) for day, rate in points]
    return [line(kind, one, next_one) for one, next_one in pairwise(places) if one and next_one]


def _rings(points: Points, by_day: DayAxis) -> list[Mark]:
    return [
        dot("graduates", (by_day.share(day), _down(rate)), 4.5, f"{day.isoformat()} {rate:.2f} %")
        for day, rate in points
        if rate is not None
    ]


def _last(points: Points, others: Points, by_day: DayAxis) -> list[Mark]:
    """The last rate as a point, written over or under it and whatever else stands close by."""
    known = [(day, rate) for day, rate in points if rate is not None]
    if not known:
        return []
    day, rate = known[-1]
    at = by_day.share(day), _down(rate)
    downs = [at[1]] + [
        _down(other)
        for other_day, other in others
        if other is not None and abs(by_day.share(other_day) - at[0]) < _WORDS
    ]
    above = min(downs) - 9 if min(downs) > _TOP + 24 else max(downs) + 20
    return [
        dot("one", at, 4, f"{day.isoformat()} {rate:.2f} %"),
        words(f"{rate:.2f} %", (min(at[0] + 0.02, 1.0), above), "strong", "end"),
    ]
