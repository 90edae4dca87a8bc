"""The categories of hardship: five, of which four are the headline groups of the reports."""

from placement.reference.tables import CodeTable

_table = CodeTable("categories")

entries = _table.entries
codes = _table.codes
entry = _table.entry
find = _table.find
name = _table.name

headline = tuple(code for code, row in _table.entries.items() if row.details["headline"] == "1")


def is_headline(category: str) -> bool:
    """Say whether the category is one of the four groups of the province's reports."""
    return entry(category).details["headline"] == "1"
