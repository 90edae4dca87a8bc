"""Why a person is counted as they are, in words; the code is what answers carry."""

from placement.reference.tables import CodeTable

_table = CodeTable("report_words")

codes = _table.codes
name = _table.name
