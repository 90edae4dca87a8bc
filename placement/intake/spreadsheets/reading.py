"""One door to files that come in: told by what they are, not by their name alone."""

from pathlib import PurePath

from placement.intake.spreadsheets.delimited import read_delimited
from placement.intake.spreadsheets.limits import Limits
from placement.intake.spreadsheets.refusals import FileRefusedError
from placement.intake.spreadsheets.table import Table
from placement.intake.spreadsheets.workbooks import read_workbook

_MEGABYTE = 1_000_000
_ARCHIVE = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REFUSED_ENDINGS = {
    ".xls": "old_format",
    ".xlsb": "old_format",
    ".ods": "old_format",
    ".xlsm": "has_macros",
    ".xltm": "has_macros",
}


def read_table(data: bytes, file_name: str, kind: str, limits: Limits | None = None) -> Table:
    """Read a file (XLSX or CSV) of one of the kinds of `columns.KINDS`.

    Raises FileRefusedError, with nothing read, for what is no spreadsheet,
    has no known heading, is unsafe to open, or is larger than `limits`.
    """
    limits = limits or Limits()
    if len(data) > limits.megabytes * _MEGABYTE:
        raise FileRefusedError("too_large", limit=limits.megabytes)
    refused = _REFUSED_ENDINGS.get(PurePath(file_name).suffix.casefold())
    if refused or data.startswith(_COMPOUND):
        raise FileRefusedError(refused or "old_format")
    if data.startswith(_ARCHIVE):
        return read_workbook(data, file_name, kind, limits)
    return read_delimited(data, file_name, kind, limits)
