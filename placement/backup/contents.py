"""What is in a dump, read without a database: its schema, and whether keys open it."""

import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from placement.backup.errors import BackupError, KeysDoNotFitError, program_failed
from placement.backup.programs import programs_for_restore
from placement.keys import Keyring, WrongKeyError

_HEAD = 5
_MAGIC = b"PGDMP"
_WITH_KEY = re.compile(r"CREATE TABLE public\.(\w+) \(([^;]*?)\n\);", re.DOTALL)
_COPY = re.compile(r"COPY public\.(\w+) \((.*)\) FROM stdin;")

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Contents:
    """The schema of a dump, and whether there was anything to try the keys on."""

    revision: str
    keys_tried: bool


def look_into(file: Path, keyring: Keyring | None, *, keys_place: str) -> Contents:
    """Read the schema of a dump and try the keys on it.

    Every master key that a data key is under is tried, and the index key on one person.
    `keys_place` says where keys belong. Raises BackupError for a file that is no whole dump
    and KeysDoNotFitError.
    """
    _check_readable(file)
    schema = "".join(_lines(file, "--schema-only"))
    versions = [row for _, row in _rows(_lines(file, "--data-only", "--table=alembic_version"))]
    if not versions:
        raise BackupError(f"{file} is no dump of Placement.", remedy="Name another file.")
    keyed = [name for name, columns in _WITH_KEY.findall(schema) if _has_key(columns)]
    trial = _Trial(keyring, keys_place)
    if keyed:
        tables = [f"--table={name}" for name in keyed]
        for table, row in _rows(_lines(file, "--data-only", *tables)):
            trial.look_at(table, row)
    return Contents(versions[0]["version_num"], trial.tried)


def _check_readable(file: Path) -> None:
    try:
        with file.open("rb") as opened:
            head = opened.read(_HEAD)
    except FileNotFoundError as error:
        raise BackupError(
            f"There is no file {file}.", remedy="Name a file of 'placement db dump'."
        ) from error
    except OSError as error:
        raise BackupError(
            f"{file} cannot be read: {error.strerror}.", remedy="Name a file that you may read."
        ) from error
    if head != _MAGIC:
        raise BackupError(f"{file} is no dump of Placement.", remedy="Name another file.")


class _Trial:
    """Tries a key ring on the rows of a dump."""

    def __init__(self, keyring: Keyring | None, keys_place: str) -> None:
        self._keyring = keyring
        self._place = keys_place
        self._opened: set[str] = set()
        self._indexed = False

    @property
    def tried(self) -> bool:
        return bool(self._opened)

    def look_at(self, table: str, row: Row) -> None:
        wrapped = row["data_key"].removeprefix("\\\\x")
        if wrapped == "\\N":
            return
        if self._keyring is None:
            raise self._misfit("there are no keys here")
        with_index = table == "students" and not self._indexed
        if wrapped[:8] in self._opened and not with_index:
            return
        try:
            uid = UUID(row["uid"])
            key = self._keyring.data_key(uid, bytes.fromhex(wrapped))
            self._opened.add(wrapped[:8])
            if with_index and row["id_number_sealed"] != "\\N":
                sealed = bytes.fromhex(row["id_number_sealed"].removeprefix("\\\\x"))
                number = key.open(sealed, "students.id_number", uid)
                self._check_index(number, row["id_tail_index"].removeprefix("\\\\x"))
        except WrongKeyError as error:
            raise self._misfit(error.message.rstrip(".")) from error

    def _check_index(self, number: str, written: str) -> None:
        assert self._keyring is not None  # noqa: S101 - looked at before
        index = self._keyring.blind_index("students.id_tail", number[-4:])
        if written not in {index.hex(), "\\N"}:
            raise self._misfit("the index key is another one")
        self._indexed = True

    def _misfit(self, why: str) -> KeysDoNotFitError:
        return KeysDoNotFitError(
            f"The keys do not fit this dump: {why}. Nothing was changed.",
            remedy=f"Put the key ring that it was written with into {self._place}, then restore.",
        )


def _has_key(columns: str) -> bool:
    return "\n    data_key bytea" in columns and "\n    uid uuid" in columns


def _rows(lines: Iterable[str]) -> Iterator[tuple[str, Row]]:
    """The rows of a dump's COPY blocks with their tables, as COPY writes the values."""
    table = ""
    names: list[str] = []
    for line in lines:
        if names and line.startswith("\\."):
            names = []
        elif names:
            yield table, dict(zip(names, line.rstrip("\n").split("\t"), strict=True))
        elif begun := _COPY.match(line):
            table = begun.group(1)
            names = [name.strip('"') for name in begun.group(2).split(", ")]


def _lines(file: Path, *arguments: str) -> Iterator[str]:
    """What pg_restore makes of a dump as a script. Raises BackupError for a broken one."""
    program = programs_for_restore() / "pg_restore"
    command = [str(program), "--file=-", *arguments, str(file)]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, encoding="utf-8") as process,
    ):
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        try:
            yield from process.stdout
            code = process.wait()
        finally:
            process.kill()
        if code != 0:
            said.seek(0)
            raise program_failed("pg_restore", said.read().strip(), code)
