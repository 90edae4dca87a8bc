"""How two frozen contents differ: rules, cells of tables, people and what they counted as."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from placement.reports.snapshots.frozen import Counted


@dataclass(frozen=True, slots=True)
class CellChange:
    """One count of one row that differs; None where the row is not there."""

    table: str
    key: str
    figure: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class PersonChange:
    """A person who counts otherwise; None where they are not in the register."""

    uid: str
    before: Counted | None
    after: Counted | None

    @property
    def fields(self) -> tuple[str, ...]:
        """What differs; nothing for who came or left."""
        if self.before is None or self.after is None:
            return ()
        pairs = zip(Counted._fields, self.before, self.after, strict=True)
        return tuple(name for name, before, after in pairs if before != after)


@dataclass(frozen=True, slots=True)
class Differences:
    """All that differs between two contents."""

    rules: tuple[str, ...]
    cells: tuple[CellChange, ...]
    people: tuple[PersonChange, ...]

    @property
    def same_figures(self) -> bool:
        """Whether every count and every person is the same, whatever the rules' tables say."""
        return not self.cells and not self.people


def differences(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    people_before: Mapping[str, Counted],
    people_after: Mapping[str, Counted],
) -> Differences:
    """Compare two contents: `before` and `after` are figures as `read_figures` gives them."""
    names = sorted(set(before["rules"]) | set(after["rules"]))
    return Differences(
        rules=tuple(n for n in names if before["rules"].get(n) != after["rules"].get(n)),
        cells=tuple(_cells(before["tables"], after["tables"])),
        people=tuple(_people(people_before, people_after)),
    )


def _people(before: Mapping[str, Counted], after: Mapping[str, Counted]) -> Iterator[PersonChange]:
    for uid in sorted(set(before) | set(after)):
        change = PersonChange(uid, before.get(uid), after.get(uid))
        if change.before != change.after:
            yield change


def _cells(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[CellChange]:
    for table in dict.fromkeys((*before, *after)):
        old = {row["key"]: _counts(row) for row in before.get(table, ())}
        new = {row["key"]: _counts(row) for row in after.get(table, ())}
        for key in dict.fromkeys((*old, *new)):
            yield from _row_changes(table, key, old.get(key), new.get(key))


def _row_changes(
    table: str, key: str, old: dict[str, int] | None, new: dict[str, int] | None
) -> Iterator[CellChange]:
    for figure in dict.fromkeys((*(old or ()), *(new or ()))):
        before = None if old is None else old.get(figure, 0)
        after = None if new is None else new.get(figure, 0)
        if before != after and not (not before and not after):
            yield CellChange(table, key, figure, before, after)


def _counts(row: Mapping[str, Any]) -> dict[str, int]:
    """The counts of a row by name, those of its parts and codes as `parts.unit`, `codes.10`."""
    counts: dict[str, int] = {}
    for name, value in row.items():
        if isinstance(value, int):
            counts[name] = value
        elif isinstance(value, dict):
            counts |= {f"{name}.{inner}": number for inner, number in value.items()}
    return counts
