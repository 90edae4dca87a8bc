"""Job categories of outcomes (field GZZWLBDM)."""

from placement.reference.tables import CodeTable

_table = CodeTable("positions", width=2)

entries = _table.entries
codes = _table.codes
entry = _table.entry
find = _table.find
name = _table.name
