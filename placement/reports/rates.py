"""Rates and the rows of a report, made from counts alone (the rules of the figures).

A cell is a number of people who are alike in all that matters; rows are sums of cells, so that
whatever is shown adds up to the people behind it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from placement.reference import destinations, standings
from placement.reports.dimensions import DISPUTED
from placement.reports.questions import Base

SEEKING = "seeking"
OVERTAKEN = "overtaken"


def percent(share: int, whole: int) -> Decimal | None:
    """A rate in percent to two decimals, half up, from counts; None over nobody."""
    if whole == 0:
        return None
    hundredths = (20_000 * share + whole) // (2 * whole)
    return Decimal(hundredths).scaleb(-2)


def part_of(code: str | None, scheme: str) -> str:
    """The part of a deciding code; without one, in dispute or of no known code it is `seeking`."""
    if code is None or code == DISPUTED:
        return SEEKING
    return destinations.parts_by_code(scheme).get(code, SEEKING)


def is_counted(standing: str, base: Base) -> bool:
    """Whether somebody of this standing is in the denominator."""
    return base is Base.REGISTERED or standings.is_counted(standing)


Keys = tuple[str, ...]
"""The keys of a row in the dimensions of its crossing."""
CellKey = tuple[Keys, str, str | None, str]
"""The key, the standing, the deciding code (None: unknown) and the reason of a cell."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of people of one key, standing, deciding code (None: unknown) and reason."""

    key: tuple[str, ...]
    standing: str
    code: str | None
    reason: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a report: counts of people, and the rates that follow from them.

    `keys` are those of its dimensions, none for the total.
    """

    keys: tuple[str, ...]
    label: str
    registered: int
    excluded: int
    placed: int
    known: int
    parts: dict[str, int]
    codes: dict[str, int]
    headline: bool | None = None

    @property
    def key(self) -> str:
        """The keys as answers write them, such as `1+31`."""
        return "+".join(self.keys) or "total"

    @property
    def denominator(self) -> int:
        """Those over whom the rates are taken."""
        return self.registered - self.excluded

    @property
    def not_placed(self) -> int:
        """Those of the denominator who are not placed."""
        return self.denominator - self.placed

    @property
    def unknown(self) -> int:
        """Those of the denominator without a deciding outcome."""
        return self.denominator - self.known

    @property
    def rate(self) -> Decimal | None:
        """Placed of the denominator in percent."""
        return percent(self.placed, self.denominator)

    @property
    def knowledge_rate(self) -> Decimal | None:
        """Those with a deciding outcome, of the denominator, in percent (知晓率)."""
        return percent(self.known, self.denominator)

    @property
    def part_rates(self) -> dict[str, Decimal | None]:
        """Each part of the denominator in percent, from its own counts."""
        return {part: percent(count, self.denominator) for part, count in self.parts.items()}

    def plus(self, other: "Row") -> "Row":
        """This row with the people of another of its keys, who may be less than none."""
        codes = {
            code: self.codes.get(code, 0) + other.codes.get(code, 0)
            for code in sorted({*self.codes, *other.codes})
        }
        return replace(
            self,
            registered=self.registered + other.registered,
            excluded=self.excluded + other.excluded,
            placed=self.placed + other.placed,
            known=self.known + other.known,
            parts={part: people + other.parts[part] for part, people in self.parts.items()},
            codes={code: people for code, people in codes.items() if people},
        )


@dataclass(slots=True)
class Tally:
    """Adds cells up to a row under a base and a scheme."""

    base: Base
    scheme: str
    registered: int = 0
    counted: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    """People of a standing that the counted base leaves out, under either base."""

    def add(self, cell: Cell) -> None:
        """Count a cell."""
        self.registered += cell.people
        if not standings.is_counted(cell.standing):
            self.left_out[cell.standing] += cell.people
        if not is_counted(cell.standing, self.base):
            return
        self.counted += cell.people
        self.reasons[cell.reason] += cell.people
        self.parts[part_of(cell.code, self.scheme)] += cell.people
        if cell.code is not None:
            self.codes[cell.code] += cell.people

    def row(self, keys: tuple[str, ...], label: str, *, headline: bool | None = None) -> Row:
        """The row of what was added, for these keys of its dimensions."""
        return Row(
            keys=keys,
            label=label,
            registered=self.registered,
            excluded=self.registered - self.counted,
            placed=sum(
                count for part, count in self.parts.items() if destinations.is_placed_part(part)
            ),
            known=self.codes.total(),
            parts={part: self.parts[part] for part in destinations.PARTS},
            codes={code: people for code, people in sorted(self.codes.items()) if people},
            headline=headline,
        )


def tally(cells: Iterable[Cell], base: Base, scheme: str) -> Tally:
    """Add cells up, whatever their keys."""
    total = Tally(base, scheme)
    for cell in cells:
        total.add(cell)
    return total
