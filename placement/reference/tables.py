"""The reader of the national tables: CSV files with their source, found by code or any name."""

import csv
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

from placement.errors import InvalidValueError
from placement.reference.folding import fold_code, fold_label

_OWN_COLUMNS = frozenset({"code", "zh", "en", "aliases", "valid_from", "valid_to"})


@cache
def read_text(name: str) -> str:
    """Return the text of the table `name` as it ships."""
    return (resources.files(__package__) / "data" / f"{name}.csv").read_text(encoding="utf-8")


def source(name: str) -> str:
    """Return the lines at the head of the table `name` that say where its facts come from."""
    lines = (line for line in read_text(name).splitlines() if line.startswith("#"))
    return "\n".join(line.removeprefix("#").strip() for line in lines)


@cache
def read_rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of the table `name`, each by column name, in the order of the file."""
    lines = [line for line in read_text(name).splitlines(keepends=True) if not line.startswith("#")]
    return tuple(csv.DictReader(io.StringIO("".join(lines))))


def rows_on(name: str, on: dt.date) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a dated table in force on a day: a changed rule is a further row."""
    return tuple(
        row
        for row in read_rows(name)
        if (not row["valid_from"] or dt.date.fromisoformat(row["valid_from"]) <= on)
        and (not row["valid_to"] or on <= dt.date.fromisoformat(row["valid_to"]))
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of a table with its names; both dates are inclusive, None where it has no end."""

    code: str
    zh: str
    en: str
    aliases: tuple[str, ...]
    valid_from: dt.date | None
    valid_to: dt.date | None
    details: Mapping[str, str]

    def label(self, locale: str = "zh_Hans_CN") -> str:
        """Return the name in the language of `locale`, Chinese where there is no English one."""
        return self.zh if locale.startswith("zh") or not self.en else self.en

    def holds_on(self, day: dt.date) -> bool:
        """Say whether the code was in use on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _entry(row: Mapping[str, str]) -> Entry:
    return Entry(
        code=row["code"],
        zh=row["zh"],
        en=row.get("en", ""),
        aliases=tuple(alias for alias in row.get("aliases", "").split(";") if alias),
        valid_from=_day(row.get("valid_from", "")),
        valid_to=_day(row.get("valid_to", "")),
        details={key: value for key, value in row.items() if key not in _OWN_COLUMNS},
    )


class CodeTable:
    """A table of codes, read on first use.

    `width` is the number of digits of a code where all have the same, so that
    a spreadsheet's '1' is read as '01'; 0 where codes are words or differ.
    """

    def __init__(self, file_name: str, *, width: int = 0) -> None:
        self.file_name = file_name
        self.width = width

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """The entries by code, in the order of the file."""
        return {row["code"]: _entry(row) for row in read_rows(self.file_name)}

    @cached_property
    def _by_label(self) -> Mapping[str, str]:
        labels: dict[str, str] = {}
        for entry in self.entries.values():
            for text in (entry.code, entry.zh, entry.en, *entry.aliases):
                if text:
                    labels.setdefault(fold_label(text), entry.code)
        return labels

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in the order of the file."""
        return tuple(self.entries)

    def find(self, text: str, on: dt.date | None = None) -> str | None:
        """Return the code that `text` means: a code, a name or a code with its name behind it.

        Full-width forms, case, spaces and punctuation do not matter. With `on`
        a code that was not in use on that day is not found.
        """
        code = self._code(text)
        if code is None or (on is not None and not self.entries[code].holds_on(on)):
            return None
        return code

    def _code(self, text: str) -> str | None:
        bare = fold_code(text)
        if bare.isdecimal() and self.width:
            padded = bare.lstrip("0").zfill(self.width) if len(bare) <= self.width + 1 else bare
            return padded if padded in self.entries else None
        label = fold_label(bare)
        return self._by_label.get(label) or self._code_with_name(label)

    def _code_with_name(self, label: str) -> str | None:
        digits = len(label) - len(label.lstrip("0123456789"))
        if not 0 < digits < len(label):
            return None
        code = self._by_label.get(label[:digits].zfill(self.width))
        named = self._by_label.get(label[digits:])
        return code if code is not None and code == named else None

    def entry(self, code: str) -> Entry:
        """Return the entry of `code`; raises InvalidValueError for a code that is not there."""
        try:
            return self.entries[code]
        except KeyError:
            raise InvalidValueError(
                "“%(code)s” is not in the table %(table)s.", code=code, table=self.file_name
            ) from None

    def name(self, code: str, locale: str = "zh_Hans_CN") -> str:
        """Return the name of `code` in the language of `locale`; an unknown code as it is."""
        entry = self.entries.get(code)
        return entry.label(locale) if entry else code
