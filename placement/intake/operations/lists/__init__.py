"""Taking in partner lists, and deciding about what they found."""

from placement.intake.operations.lists.confirming import confirm_matches
from placement.intake.operations.lists.deciding import decide_match, listed_person
from placement.intake.operations.lists.importing import TABLES, take_list

__all__ = ["TABLES", "confirm_matches", "decide_match", "listed_person", "take_list"]
