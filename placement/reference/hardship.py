"""The hardship code of a student (field KNSLBDM): a mask of three bits, 0 to 7."""

from placement.reference import categories
from placement.reference.tables import CodeTable

_table = CodeTable("hardship_codes", width=1)

entries = _table.entries
codes = _table.codes
entry = _table.entry
find = _table.find
name = _table.name

_BITS = tuple(
    (int(row.details["bit"]), code)
    for code, row in categories.entries.items()
    if row.details["bit"] != "0"
)


def categories_of(code: str) -> tuple[str, ...]:
    """Return the categories that the code '0' to '7' puts a student in."""
    mask = int(entry(code).code)
    return tuple(category for bit, category in _BITS if mask & bit)
