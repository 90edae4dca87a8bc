"""The difference of two figures as a sum of causes, each a number of people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from placement.reference import destinations
from placement.reports.rates import Row, percent
from placement.reports.reconciliation.causes import Cause
from placement.reports.reconciliation.places import Place


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody whom two figures take differently, and why; None for who is not in a figure.

    `keys` are what they were and are in the dimension of a cause that names one, else empty.
    """

    student_id: int
    cause: Cause
    before: Place | None
    after: Place | None
    keys: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Numbers of people, or by how much they differ."""

    registered: int = 0
    denominator: int = 0
    placed: int = 0
    known: int = 0
    parts: Mapping[str, int]

    def plus(self, other: "Counts", times: int = 1) -> "Counts":
        """These and the others, taken `times`."""
        return Counts(
            registered=self.registered + times * other.registered,
            denominator=self.denominator + times * other.denominator,
            placed=self.placed + times * other.placed,
            known=self.known + times * other.known,
            parts={part: self.parts[part] + times * other.parts[part] for part in self.parts},
        )

    @property
    def rate(self) -> Decimal | None:
        """Placed of the denominator in percent."""
        return percent(self.placed, self.denominator)


NONE = Counts(parts=dict.fromkeys(destinations.PARTS, 0))


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One cause: its people, by how much they change each count, and the rate.

    `rate` is in percent points, in the order of the causes: what it changes when it is applied
    after all before it. The rates that are shown differ by exactly the sum of all. None where
    there is no rate before or after.
    """

    cause: Cause
    people: int
    counts: Counts
    rate: Decimal | None


def counts_of(row: Row) -> Counts:
    """The counts of a row of a report."""
    return Counts(
        registered=row.registered,
        denominator=row.denominator,
        placed=row.placed,
        known=row.known,
        parts=row.parts,
    )


def difference(first: Row, second: Row) -> Counts:
    """The second's counts less the first's."""
    return counts_of(second).plus(counts_of(first), -1)


def points_between(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    """By how many percent points two rates as shown differ; None where one is missing."""
    return None if first is None or second is None else second - first


def cause_rows(first: Row, changes: Iterable[Change]) -> list[CauseRow]:
    """The changes added up by their causes, in the order of the causes."""
    people: dict[Cause, list[Change]] = {}
    for change in changes:
        people.setdefault(change.cause, []).append(change)
    rows = []
    running, last_rate = counts_of(first), counts_of(first).rate
    for cause in sorted(people, key=lambda one: one.order):
        counts = _sum(people[cause])
        running = running.plus(counts)
        rate = running.rate
        rows.append(CauseRow(cause, len(people[cause]), counts, points_between(last_rate, rate)))
        last_rate = last_rate if rate is None else rate
    return rows


def _sum(changes: Iterable[Change]) -> Counts:
    registered = denominator = placed = known = 0
    parts = dict.fromkeys(destinations.PARTS, 0)
    for change in changes:
        for place, sign in ((change.after, 1), (change.before, -1)):
            if place is None:
                continue
            registered += sign
            if place.left_out:
                continue
            denominator += sign
            placed += sign * destinations.is_placed_part(place.part)
            known += sign * (place.code is not None)
            parts[place.part] += sign
    return Counts(
        registered=registered, denominator=denominator, placed=placed, known=known, parts=parts
    )
