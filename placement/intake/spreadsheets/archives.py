"""What must be true of a workbook before it is opened: a sound archive without bombs.

The rules and the attacks they answer: sizes are counted while unpacking, since
the directory of an archive can lie; a cell far out would make a dense reader
ask for all memory; document type declarations carry entity bombs.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from placement.intake.spreadsheets.limits import (
    PARTS,
    RATIO,
    RATIO_FROM_BYTES,
    UNPACKED_BYTES,
    Limits,
)
from placement.intake.spreadsheets.refusals import FileRefusedError
from placement.intake.spreadsheets.table import HEADING_ROWS, column_letters

_CHUNK = 1 << 20
_OVERLAP = 4096
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def check_archive(data: bytes, limits: Limits) -> None:
    """Raise FileRefusedError unless `data` is a workbook (XLSX) that is safe to open."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive)
            _check_parts(archive, limits)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as error:
        raise FileRefusedError("not_a_spreadsheet") from error


def _check_directory(archive: zipfile.ZipFile) -> None:
    names = {entry.filename for entry in archive.infolist()}
    if any(entry.flag_bits & _ENCRYPTED for entry in archive.infolist()):
        raise FileRefusedError("old_format")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise FileRefusedError("has_macros")
    if "xl/workbook.bin" in names:
        raise FileRefusedError("old_format")
    if len(names) > PARTS or any(_leads_outside(name) for name in names):
        raise FileRefusedError("bomb")
    if "[Content_Types].xml" not in names:
        raise FileRefusedError("not_a_spreadsheet")


def _leads_outside(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name


def _check_parts(archive: zipfile.ZipFile, limits: Limits) -> None:
    left = UNPACKED_BYTES
    far = _far_cell(limits)
    for entry in archive.infolist():
        size, sheet, unusual = 0, False, False
        for chunk, fresh in _overlapping(archive, entry):
            size += fresh
            left -= fresh
            packed_well = size > RATIO_FROM_BYTES and size > RATIO * max(entry.compress_size, 1)
            if left < 0 or packed_well:
                raise FileRefusedError("bomb")
            _refuse_declarations(chunk, first=size == fresh)
            # Whatever the part is called: the workbook says which of them are sheets.
            sheet = sheet or b"sheetData" in chunk
            unusual = unusual or (sheet and _is_unusual(chunk, far))
        if unusual:
            _check_cells(archive, entry, limits)


def _open(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> IO[bytes]:
    """Open a part so that all that is packed in it comes out, whatever the directory says."""
    if entry.compress_type not in _METHODS:
        raise FileRefusedError("not_a_spreadsheet")
    entry.file_size = UNPACKED_BYTES + _CHUNK
    entry.CRC = None  # type: ignore[assignment] # zipfile then checks no sum, which could lie too
    return archive.open(entry)


def _overlapping(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Yield the part in chunks, each with the end of the one before, and how much is new."""
    tail = b""
    with _open(archive, entry) as part:
        while fresh := part.read(_CHUNK):
            yield tail + fresh, len(fresh)
            tail = fresh[-_OVERLAP:]


def _refuse_declarations(chunk: bytes, *, first: bool) -> None:
    declared = b"<!" in chunk and (b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk)
    if declared or (first and chunk.startswith(_UTF16)):
        raise FileRefusedError("unsafe_xml")


def _is_unusual(chunk: bytes, far: re.Pattern[bytes]) -> bool:
    """Say whether a sheet has to be read as XML to know how far out its cells lie.

    So it is with a cell far out (it may be empty), and with cells that are not
    spelled in the usual way: a name space prefix, another attribute first, no
    address.
    """
    end = chunk.rfind(b">")
    usual = chunk.count(b"<c ", 0, end) == chunk.count(b'<c r="', 0, end)
    return not usual or b":worksheet" in chunk or far.search(chunk) is not None


def _last_row(limits: Limits) -> int:
    return limits.rows_xlsx + HEADING_ROWS


def _far_cell(limits: Limits) -> re.Pattern[bytes]:
    """Return the pattern of a cell without address, beyond the last column or in a far row."""
    last = column_letters(limits.columns - 1)
    beyond = [f"[A-Z]{{{len(last) + 1}}}"]
    for place, letter in enumerate(last):
        if letter < "Z":
            rest = len(last) - place - 1
            beyond.append(f"{last[:place]}[{chr(ord(letter) + 1)}-Z]" + "[A-Z]" * rest + "[0-9]")
    return re.compile(
        rf'<c(?:[>/\t\r\n]| r="(?:{"|".join(beyond)}|[A-Z]+[0-9]{{6}}|[A-Z]*[a-z]))'.encode("ascii")
    )


def _check_cells(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> None:
    """Read the sheet as XML and refuse a filled cell beyond the ceilings: slow, but exact."""
    reader = _CellReader(limits)
    try:
        with _open(archive, entry) as part:
            reader.parser.ParseFile(part)
    except expat.ExpatError as error:
        raise FileRefusedError("not_a_spreadsheet") from error


class _CellReader:
    """Follows the addresses of cells, given or implied, through a sheet."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.row = 0
        self.column = 0
        self.in_value = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        address = attributes.get("r", "")
        if name == "row":
            self.row = int(address) if address.isdecimal() else self.row + 1
            self.column = 0
        elif name == "c":
            letters = address.rstrip("0123456789")
            self.column = _column_number(letters) if letters.isalpha() else self.column + 1
            self.row = int(address[len(letters) :] or self.row) if address else self.row
        elif name in {"v", "t"}:
            self.in_value = True

    def _end(self, tag: str) -> None:
        if tag.rpartition(":")[2] in {"v", "t"}:
            self.in_value = False

    def _text(self, _text: str) -> None:
        if not self.in_value:
            return
        if self.column > self.limits.columns:
            raise FileRefusedError("too_many_columns", limit=self.limits.columns)
        if self.row > _last_row(self.limits):
            raise FileRefusedError("too_many_rows", limit=self.limits.rows_xlsx)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
