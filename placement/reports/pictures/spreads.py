"""Universities or colleges as a distribution: how many lie where, none of them named."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from placement.reports.pictures.drawing import Mark, Picture, across, dot, line, words
from placement.reports.pictures.scales import rate_axis

FEW = 30
"""Fewer people than this make a rate that one person moves by three points or more."""
_BINS = 20
_TOP, _AXIS = 24, 22


@dataclass(frozen=True, slots=True)
class Unit:
    """A university or college: its rate in percent and those over whom it is taken."""

    rate: Decimal
    counted: int


@dataclass(frozen=True, slots=True)
class Bin:
    """The units whose rate is from `low` up to below `high` percent, the last with 100 itself."""

    low: Decimal
    high: Decimal
    units: tuple[Unit, ...]

    @property
    def counted(self) -> int:
        """The people over whom their rates are taken."""
        return sum(unit.counted for unit in self.units)


def bins_of(units: Sequence[Unit]) -> list[Bin]:
    """Twenty bins of equal width from close below the lowest rate up to 100 percent."""
    low = Decimal(rate_axis([unit.rate for unit in units]).low)
    width = (100 - low) / _BINS
    placed: list[list[Unit]] = [[] for _ in range(_BINS)]
    for unit in units:
        placed[min(_BINS - 1, max(0, int((unit.rate - low) / width)))].append(unit)
    return [
        Bin(low + width * number, low + width * (number + 1), tuple(found))
        for number, found in enumerate(placed)
    ]


def median_of(units: Sequence[Unit]) -> Decimal | None:
    """The rate that half of the units reach; None without any."""
    return statistics.median(unit.rate for unit in units) if units else None


def spread_picture(
    title: str, desc: str, units: Sequence[Unit], reference: Decimal | None
) -> Picture:
    """A dot a unit, piled by rate; hollow for few people. The line is the rate of all together."""
    bins = bins_of(units)
    highest = max((len(found.units) for found in bins), default=0)
    step = min(13.0, 156 / max(1, highest))
    bottom = _TOP + max(60, round(step * highest) + 8)
    low, span = float(bins[0].low), float(100 - bins[0].low)

    def place(rate: float) -> float:
        return 0.03 + 0.94 * (rate - low) / span

    marks: list[Mark] = []
    if reference is not None:
        at = place(max(low, float(reference)))
        marks.append(line("all", (at, _TOP - 4), (at, bottom)))
        anchor = "end" if at > 0.7 else "start" if at < 0.3 else "middle"
        marks.append(words(f"{reference:.2f} %", (at, 14), "strong", anchor))
    for found in bins:
        centre = place(float(found.low + found.high) / 2)
        ordered = sorted(found.units, key=lambda unit: -unit.counted)
        for number, unit in enumerate(ordered):
            kind = "few" if unit.counted < FEW else "one"
            marks.append(dot(kind, (centre, bottom - 6 - step * number), min(5.0, step / 2)))
    marks += _axis(low, span, bottom, place(low), place(100.0))
    return Picture(title, desc, bottom + _AXIS, tuple(marks))


def _axis(low: float, span: float, bottom: float, left: float, right: float) -> list[Mark]:
    marks = [
        Mark(
            "line",
            {
                "class": "edge",
                "x1": across(left),
                "x2": across(right),
                "y1": f"{bottom:g}",
                "y2": f"{bottom:g}",
            },
        )
    ]
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        at = left + (right - left) * share
        marks.append(words(f"{low + span * share:g} %", (at, bottom + 17), "quiet", anchor))
    return marks
