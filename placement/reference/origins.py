"""Rural or urban origin (field CXSY): 'rural', 'urban'."""

from placement.reference.tables import CodeTable

_table = CodeTable("origins", width=0)

entries = _table.entries
codes = _table.codes
entry = _table.entry
find = _table.find
name = _table.name
