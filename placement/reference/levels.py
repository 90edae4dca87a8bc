"""Levels of education (field XLDM); some codes mean a level that was only completed (结业)."""

import datetime as dt

from placement.reference.tables import CodeTable

_table = CodeTable("levels", width=2)

entries = _table.entries
entry = _table.entry

codes = tuple(code for code, row in _table.entries.items() if not row.details["standing"])
"""The levels that are stored; 02, 12, 32 and 42 are read as a level with a standing."""


def find(text: str, on: dt.date | None = None) -> tuple[str, str | None] | None:
    """Return the level that `text` means and the standing that it says, or None.

    '专科', '大专', '高职(专科)' and '41' are ('41', None); '42' and '专科结业' are
    ('41', 'completed'); 61 is found by its code only.
    """
    code = _table.find(text, on)
    if code is None:
        return None
    details = entry(code).details
    return details["level"], details["standing"] or None


def name(code: str, locale: str = "zh_Hans_CN") -> str:
    """Return the name of the level in the language of `locale`."""
    return _table.name(code, locale)


def rank(code: str) -> int:
    """Return how high the level stands: 1 higher vocational to 6 doctor."""
    return int(entry(code).details["rank"])
