"""Which rules are in force, each with the line that says where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass

from placement.reference.tables import read_rows, source

RULES = (
    "schemes",
    "destination_parts",
    "rate_names",
    "counting_days",
    "hardship_codes",
    "standings",
    "levels",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A table of rules and its source."""

    name: str
    source: str


def rules_in_force() -> tuple[Rule, ...]:
    """The tables that decide figures, with their source lines."""
    return tuple(Rule(name=name, source=source(name)) for name in RULES)


def rows_in_force() -> dict[str, list[Mapping[str, str]]]:
    """The rows of those tables, as a frozen report keeps them: its version of the rules."""
    return {name: list(read_rows(name)) for name in RULES}
