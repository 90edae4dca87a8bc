"""Rows of bars with their names and counts: where people went, groups against all graduates."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from placement.reports.pictures.drawing import (
    Mark,
    Picture,
    box,
    dot,
    joined,
    line,
    star,
    words,
)
from placement.reports.pictures.scales import rate_axis

_ROW, _BAR, _NAMED = 40, 10, 15
_SHORT_ROW = 26
_FROM, _TO = 0.5, 0.77


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: its name, what is written at its end, its length as a share of the whole width.

    A row `within` the one above is a part of it.
    """

    name: str
    text: str
    share: float
    within: bool = False


@dataclass(frozen=True, slots=True)
class RateRow:
    """A group with its rate in percent, None where nobody is counted; `marked` with the star."""

    name: str
    rate: Decimal | None
    text: str
    marked: bool = False


def bars_picture(title: str, desc: str, rows: Sequence[Bar]) -> Picture:
    """Bars from the left edge, each under its name and what is written at the end."""
    marks: list[Mark] = []
    for number, row in enumerate(rows):
        top = number * _ROW
        weight = "quiet" if row.within else "strong"
        marks += [
            words(row.name, (0, top + _NAMED), weight),
            words(row.text, (1, top + _NAMED), weight, "end"),
            box("track", 0, 1, top + 21, _BAR),
            box("two" if row.within else "one", 0, row.share, top + 21, _BAR),
        ]
    return Picture(title, desc, max(1, len(rows)) * _ROW, tuple(marks))


def against_picture(
    title: str, desc: str, rows: Sequence[RateRow], reference: Decimal | None
) -> Picture:
    """Each row's rate against a line that all share, such as the rate of all graduates.

    From an axis that begins above 0 the distance to that line is drawn, whose length is true;
    without such a line, or from 0, bars are.
    """
    axis = rate_axis([reference, *(row.rate for row in rows)] if reference is not None else [])
    marks: list[Mark] = []
    for number, row in enumerate(rows):
        middle = number * _ROW + 26
        marks += [
            words(row.name, (0, number * _ROW + _NAMED), "strong"),
            words(row.text, (1, number * _ROW + _NAMED), "", "end"),
        ]
        base = None if reference is None else axis.share(reference)
        end = None if row.rate is None else axis.share(row.rate)
        marks += _against(end, base, (0.0, 1.0), middle, from_zero=axis.low == 0)
    return Picture(title, desc, max(1, len(rows)) * _ROW, tuple(marks))


def short_rows_picture(
    title: str, desc: str, rows: Sequence[RateRow], reference: Decimal | None, low: int
) -> Picture:
    """The same for many rows: name, mark and rate on one line, from `low` percent for all."""

    def share(rate: Decimal) -> float:
        return max(0.0, min(1.0, (float(rate) - low) / (100 - low)))

    marks: list[Mark] = []
    for number, row in enumerate(rows):
        middle = number * _SHORT_ROW + 14
        base = None if reference is None else share(reference)
        end = None if row.rate is None else share(row.rate)
        named = words(row.name, (0, middle + 4), "strong" if row.marked else "")
        named.attributes["dx"] = "16"
        marks += joined(
            [star(middle)] if row.marked else [],
            [named, words(row.text, (1, middle + 4), "", "end")],
            _against(end, base, (_FROM, _TO), middle, from_zero=low == 0),
        )
    return Picture(title, desc, max(1, len(rows)) * _SHORT_ROW, tuple(marks))


def _against(
    end: float | None,
    base: float | None,
    between: tuple[float, float],
    middle: float,
    *,
    from_zero: bool,
) -> list[Mark]:
    left, right = between

    def place(share: float) -> float:
        return left + (right - left) * (0.02 + 0.96 * share)

    marks: list[Mark] = []
    if end is None:
        return marks
    if from_zero or base is None:
        marks += [
            box("track", place(0), place(1), middle - 4, 8),
            box("one", place(0), place(end), middle - 4, 8),
        ]
    else:
        kind = "stem low" if end < base else "stem"
        marks += [
            line("grid", (place(0), middle), (place(1), middle)),
            line(kind, (place(base), middle), (place(end), middle)),
            dot("one", (place(end), middle), 5),
        ]
    if base is not None:
        # Little above the bar: the name of the row stands there.
        marks.append(line("all", (place(base), middle - 6), (place(base), middle + 10)))
    return marks
