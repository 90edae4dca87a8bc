"""Ethnic groups by GB/T 3304 (field MZDM)."""

from placement.reference.tables import CodeTable

_table = CodeTable("ethnic_groups", width=2)

entries = _table.entries
codes = _table.codes
entry = _table.entry
find = _table.find
name = _table.name

HAN = "01"


def is_minority(code: str) -> bool:
    """Say whether the group puts a student in `ethnic_minority`: neither 01 nor 97 nor 98."""
    return entry(code).details["minority"] == "1"
