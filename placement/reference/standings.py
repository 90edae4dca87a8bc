"""How enrolment ended (学籍状态): it decides who is in the denominator and who is written to."""

from placement.reference.tables import CodeTable

_table = CodeTable("standings")

entries = _table.entries
codes = _table.codes
entry = _table.entry
find = _table.find
name = _table.name

GRADUATED = "graduated"
COMPLETED = "completed"

left_out = tuple(code for code, row in _table.entries.items() if row.details["counted"] == "0")
"""The standings that the schemes 2021 and 2024 leave out of the counted base."""


def is_counted(standing: str) -> bool:
    """Say whether somebody of this standing is in the counted base."""
    return entry(standing).details["counted"] == "1"


def is_notified(standing: str) -> bool:
    """Say whether notices go to somebody of this standing: not if they left or died."""
    return entry(standing).details["notified"] == "1"
