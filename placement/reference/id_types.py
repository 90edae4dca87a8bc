"""Kinds of identity papers; a residence permit is told by its number."""

from placement.reference.tables import CodeTable

_table = CodeTable("id_types", width=0)

entries = _table.entries
codes = _table.codes
entry = _table.entry
find = _table.find
name = _table.name
