"""Taking in outcomes' files."""

from placement.intake.operations.outcomes.importing import TABLES, take_outcomes

__all__ = ["TABLES", "take_outcomes"]
