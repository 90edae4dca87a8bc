"""What kind of unit an employer is (field DWXZDM)."""

from placement.reference.tables import CodeTable

_table = CodeTable("employer_natures", width=2)

entries = _table.entries
codes = _table.codes
entry = _table.entry
find = _table.find
name = _table.name
