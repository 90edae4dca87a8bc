"""A figure that somebody printed: do its numbers follow from each other, what gives them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from placement.errors import InvalidValueError
from placement.reports.questions import Question
from placement.reports.rates import Row, percent

TOTAL, PLACED, RATE = "total", "placed", "rate"


@dataclass(frozen=True, slots=True)
class Printed:
    """What was printed: people in all, those placed, the rate in percent; not all need be there."""

    total: int | None = None
    placed: int | None = None
    rate: Decimal | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Which of the numbers were printed."""
        return tuple(name for name in (TOTAL, PLACED, RATE) if getattr(self, name) is not None)

    @property
    def own_rate(self) -> Decimal | None:
        """The rate that follows from the two counts, if both were printed."""
        if self.total is None or self.placed is None:
            return None
        return percent(self.placed, self.total)

    @property
    def contradicts_itself(self) -> bool:
        """Whether the printed rate is another than the printed counts give."""
        return self.rate is not None and self.own_rate is not None and self.rate != self.own_rate

    @property
    def totals_of_rate(self) -> tuple[int, int] | None:
        """Of how many people at least and at most the placed ones are the printed rate."""
        if self.placed is None or not self.rate:
            return None
        hundredths = int(self.rate * 100)
        least = 20_000 * self.placed // (2 * hundredths + 1) + 1
        most = 20_000 * self.placed // (2 * hundredths - 1)
        return (least, most) if least <= most else None


def printed_figure(total: int | None, placed: int | None, rate: Decimal | None) -> Printed | None:
    """What was printed, or None for nothing.

    Raises InvalidValueError for counts below zero, more placed than people, or a rate that is
    not within 0 and 100 with two decimals at most.
    """
    if total is None and placed is None and rate is None:
        return None
    if (total or 0) < 0 or (placed or 0) < 0:
        raise InvalidValueError("A printed count is not below zero.")
    if total is not None and placed is not None and placed > total:
        raise InvalidValueError("More are placed than there are.")
    if rate is not None and not (0 <= rate <= 100 and rate == round(rate, 2)):
        raise InvalidValueError(
            "A printed rate is in percent, from 0 to 100.", remedy="Give it as 96.65."
        )
    return Printed(total, placed, rate)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer of ours beside what was printed, and which of its numbers it gives exactly.

    The printed total is compared with the denominator, which is all registered under that base.
    """

    question: Question
    row: Row
    gives: frozenset[str]


def candidate(question: Question, row: Row, printed: Printed) -> Candidate:
    """Compare an answer with what was printed."""
    pairs = {
        TOTAL: (printed.total, row.denominator),
        PLACED: (printed.placed, row.placed),
        RATE: (printed.rate, row.rate),
    }
    gives = {name for name, (said, ours) in pairs.items() if said is not None and said == ours}
    return Candidate(question, row, frozenset(gives))


def best(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those that give any of the numbers, the ones that give most first; counts before the rate.

    One that gives nothing that another does not give as well, and less, is left out.
    """
    found: list[Candidate] = []
    for one in sorted(candidates, key=_worth, reverse=True):
        if one.gives and not any(one.gives < other.gives for other in found):
            found.append(one)
    return found


def _worth(one: Candidate) -> tuple[int, int]:
    return len(one.gives - {RATE}), len(one.gives)
