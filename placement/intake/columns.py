"""The columns of files that come in: which headings mean which column, for each kind of file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from placement.reference.folding import fold_label, fold_text
from placement.reference.tables import read_rows

KINDS = ("students", "outcomes", "list", "wishes", "postings", "baseline", "universities")

REASON_HEADING = {"zh": "退回原因", "en": "Reason"}
"""Heading of the column that a rejects workbook adds; ignored when the file comes back."""

_IGNORED = frozenset({"退回原因", "错误原因", "reason"})
_CODE_OR_NAME = ("代码", "名称")
_HINT = re.compile(r"[(\[【<].*?[)\]】>]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a kind of file, with its names for people.

    `needed` is '' or why the column must be filled: 'yes', 'person' (one of
    those so marked), 'university' (unless the university is given beside it).
    """

    name: str
    needed: str
    zh: str
    en: str
    headings: tuple[str, ...]


@cache
def columns_of(kind: str) -> Mapping[str, Column]:
    """Return the columns of a kind of file by their English name."""
    return {
        row["name"]: Column(
            row["name"], row["needed"], row["zh"], row["en"], tuple(row["headings"].split(";"))
        )
        for row in read_rows("file_columns")
        if row["kind"] == kind
    }


def label(kind: str, name: str, locale: str = "zh_Hans_CN") -> str:
    """Return what people call a column in the language of `locale`."""
    column = columns_of(kind).get(name)
    if column is None:
        return name
    return column.zh if locale.startswith("zh") else column.en


def is_reason(heading: str) -> bool:
    """Say whether the heading is the reason column of a rejects workbook."""
    return fold_label(heading) in _IGNORED


@lru_cache(maxsize=4096)
def find_column(kind: str, heading: str) -> str | None:
    """Return the English name of the column that a heading means, or None.

    Case, spaces, full-width forms, signs, and a hint in brackets do not matter;
    代码 or 名称 may be there or not.
    """
    known = _headings(kind)
    return known.get(fold_label(heading)) or known.get(_without_hint(heading))


def _without_hint(heading: str) -> str:
    return fold_label(_HINT.sub("", fold_text(heading)))


@cache
def _headings(kind: str) -> Mapping[str, str]:
    exact: dict[str, str] = {}
    derived: dict[str, str] = {}
    for column in columns_of(kind).values():
        for heading in (column.name, column.zh, column.en, *column.headings):
            exact[fold_label(heading)] = column.name
        for heading in (column.zh, *column.headings):
            for variant in _variants(fold_label(heading)):
                derived.setdefault(variant, column.name)
    # What a column is really called wins over what another might be called.
    return derived | exact


def _variants(heading: str) -> set[str]:
    bare = heading
    for suffix in _CODE_OR_NAME:
        bare = bare.removesuffix(suffix)
    national = heading.removesuffix("dm").removesuffix("mc") if heading.isascii() else None
    if national is not None:
        return {national, national + "dm", national + "mc"} if len(national) > 1 else set()
    return {bare, *(bare + suffix for suffix in _CODE_OR_NAME)}
