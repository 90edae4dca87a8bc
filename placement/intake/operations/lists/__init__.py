"""Taking in partner lists, and deciding about what they found."""

from placement.intake.operations.lists.deciding import decide_match, listed_person
from placement.intake.operations.lists.importing import TABLES, take_list

__all__ = ["TABLES", "decide_match", "listed_person", "take_list"]
