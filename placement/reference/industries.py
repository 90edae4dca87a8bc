"""Industries by GB/T 4754: a section letter ('C') or a section with its division ('C13')."""

from collections.abc import Mapping
from functools import cache

from placement.reference.folding import fold_code, fold_label
from placement.reference.tables import CodeTable

_table = CodeTable("industries")

entries = _table.entries
codes = _table.codes
entry = _table.entry
name = _table.name

SECTIONS = tuple(code for code in _table.entries if len(code) == 1)


@cache
def _by_digits() -> Mapping[str, str]:
    """Two digits as files write them: codes of sections (DWHYDM) win over divisions."""
    divisions = {code[1:]: code for code in codes if len(code) > 1}
    sections = {
        row.details["exchange_code"]: code
        for code, row in entries.items()
        if row.details["exchange_code"]
    }
    return divisions | sections


def find(text: str) -> str | None:
    """Return the section or division that `text` means, or None.

    Taken are 'C', 'C13', any name, and two digits: those of the national
    exchange format (DWHYDM, 22 is 制造业), else a division (13 is 农副食品加工业).
    """
    code = fold_code(text)
    if code.isdecimal():
        return _by_digits().get(code.zfill(2))
    found = _table.find(text)
    if found is not None:
        return found
    label = fold_label(text)
    digits = label[:2]
    return _table.find(label[2:]) if digits.isdecimal() and digits in _by_digits() else None


def section(code: str) -> str:
    """Return the section letter of a section or division."""
    return code[:1]
