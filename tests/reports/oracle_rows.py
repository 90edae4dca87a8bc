"""The rows of a report as the oracle makes them from the people it has seen."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.reports.oracle import CATEGORIES, LEFT_OUT, PARTS, Seen, crossing_keys


def percent(share: int, whole: int) -> str | None:
    """A rate in percent, two decimals, half up."""
    if whole == 0:
        return None
    exact = Decimal(100) * share / whole
    return str(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def row(people: list[Seen]) -> dict[str, Any]:
    """The counts and rates of some people of the register."""
    counted = [one for one in people if one.counted]
    parts = {part: sum(one.part == part for one in counted) for part in PARTS}
    codes = Counter(one.code for one in counted if one.code is not None)
    placed = sum(one.placed for one in counted)
    return {
        "registered": len(people),
        "excluded": len(people) - len(counted),
        "denominator": len(counted),
        "placed": placed,
        "known": sum(one.known for one in counted),
        "rate": percent(placed, len(counted)),
        "knowledge_rate": percent(sum(one.known for one in counted), len(counted)),
        "parts": parts,
        "part_rates": {part: percent(count, len(counted)) for part, count in parts.items()},
        "codes": dict(sorted(codes.items())),
    }


def rows(people: list[Seen], dimensions: list[str]) -> dict[str, dict[str, Any]]:
    """The rows of a crossing by key; all five categories have one."""
    groups: dict[str, list[Seen]] = (
        {category: [] for category in CATEGORIES} if dimensions == ["category"] else {}
    )
    for one in people:
        for key in crossing_keys(one, dimensions):
            groups.setdefault(key, []).append(one)
    return {key: row(group) for key, group in groups.items()}


def exclusions(people: list[Seen]) -> dict[str, int]:
    """Those whom the counted base leaves out, by standing, under either base."""
    return dict(Counter(one.standing for one in people if one.standing in LEFT_OUT))


def with_status(people: list[Seen], status: str) -> set[int]:
    """The students of a status."""
    return {
        one.student
        for one in people
        if {
            "placed": one.counted and one.placed,
            "not_placed": one.counted and not one.placed,
            "unknown": one.counted and not one.known,
            "excluded": not one.counted,
            "counted": one.counted,
        }[status]
    }
