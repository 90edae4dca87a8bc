"""One door to files that come in: told by what they are, not by their name alone."""

from pathlib import PurePath

from placement.intake.spreadsheets.delimited import read_delimited
from placement.intake.spreadsheets.limits import Limits
from placement.intake.spreadsheets.refusals import FileRefusedError
from placement.intake.spreadsheets.table import Table
from placement.intake.spreadsheets.workbooks import read_workbook

SCREENED_BYTES = 1_000_000
"""A file up to this size is read in a few tenths of a second."""

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
    _refuse_by_look(data, file_name, limits)
    if data.startswith(_ARCHIVE):
        return read_workbook(data, file_name, kind, limits)
    return read_delimited(data, file_name, kind, limits)


def screen_file(data: bytes, file_name: str, kind: str, limits: Limits) -> None:
    """Raise FileRefusedError at once for what would be refused as a whole.

    A file beyond SCREENED_BYTES is told by its look alone: to read it takes seconds, and whoever
    sent it should not wait for that.
    """
    if len(data) <= SCREENED_BYTES:
        read_table(data, file_name, kind, limits)
    else:
        _refuse_by_look(data, file_name, limits)


def _refuse_by_look(data: bytes, file_name: str, limits: Limits) -> None:
    if len(data) > limits.megabytes * _MEGABYTE:
        raise FileRefusedError("too_large", limit=limits.megabytes)
    refused = _REFUSED_ENDINGS.get(PurePath(file_name).suffix.casefold())
    if refused or data.startswith(_COMPOUND):
        raise FileRefusedError(refused or "old_format")
