"""Taking in partner lists, and deciding about what they found."""

from placement.intake.operations.lists.importing import TABLES, take_list

__all__ = ["TABLES", "take_list"]
