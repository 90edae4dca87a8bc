"""Sexes: 1 and 2 of GB/T 2261.1 (field XBDM)."""

from placement.reference.tables import CodeTable

_table = CodeTable("sexes", width=1)

entries = _table.entries
codes = _table.codes
entry = _table.entry
find = _table.find
name = _table.name
