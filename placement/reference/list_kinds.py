"""The kinds of lists that partner agencies send: dated classes of hardship, each in a category."""

from placement.reference.tables import CodeTable

_table = CodeTable("hardship_classes")

entries = _table.entries
codes = _table.codes
entry = _table.entry
find = _table.find
name = _table.name


def category_of(kind: str) -> str:
    """Return the category that a membership by a list of this kind belongs to."""
    return entry(kind).details["category"]
