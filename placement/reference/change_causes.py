"""Why two figures differ, in words and in the order in which a person is put under one cause."""

from placement.reference.tables import CodeTable

_table = CodeTable("change_causes")

entries = _table.entries
codes = _table.codes
name = _table.name


def aspect_of(code: str) -> str:
    """Return what the two questions differ in where the cause can stand, such as `as_of`."""
    return _table.entry(code).details["aspect"]


def key_of(code: str) -> str:
    """Return what the key of the cause stands for: dimension, standing, code, or nothing."""
    return _table.entry(code).details["key"]
