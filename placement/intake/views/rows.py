"""Rows of a file as a page shows them: who it is, the cells in question, the whole row behind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from placement.errors import PlacementError
from placement.intake.columns import find_column
from placement.intake.models import Import, ImportKind
from placement.intake.operations.tally import HIDDEN
from placement.intake.queries import OpenedRow
from placement.intake.words import column_word, locale, problem_words
from placement.reference import (
    divisions,
    employer_natures,
    ethnic_groups,
    industries,
    levels,
    occupations,
    origins,
    positions,
    sexes,
    standings,
)
from placement.students.words import category
from placement.web.masks import mask_email, mask_id, mask_name, mask_phone

LEADING = {
    ImportKind.STUDENTS: ("name", "student_number", "id_number", "college", "level"),
    ImportKind.OUTCOMES: ("student_number", "id_number", "name", "code", "employer"),
    ImportKind.LIST: ("name", "id_number", "level"),
    ImportKind.WISHES: ("student_number", "id_number", "name", "places", "salary"),
    ImportKind.POSTINGS: ("title", "employer", "city", "openings"),
    ImportKind.BASELINE: ("university", "level", "graduates", "placed", "as_of"),
    ImportKind.UNIVERSITIES: ("code", "name", "city"),
}
"""The columns by which a row is known, shown of every row."""

ABOUT_PEOPLE = frozenset(
    {ImportKind.STUDENTS, ImportKind.OUTCOMES, ImportKind.LIST, ImportKind.WISHES}
)
_MASKS: Mapping[str, Callable[[str | None], str]] = {
    "name": mask_name,
    "student_number": mask_id,
    "examinee_number": mask_id,
    "id_number": mask_id,
    "card_number": mask_id,
    "mobile": mask_phone,
    "email": mask_email,
}
_CODES: Mapping[str, Callable[[str, str], str]] = {
    "sex": sexes.name,
    "ethnic_group": ethnic_groups.name,
    "level": levels.name,
    "origin": origins.name,
    "origin_division": divisions.full_name,
    "standing": standings.name,
    "industry": industries.name,
    "employer_nature": employer_natures.name,
    "employer_division": divisions.full_name,
    "position": positions.name,
    "occupation_code": occupations.name,
    "city": divisions.full_name,
}


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell as it stood in the file; `mark` is '', 'wrong' or 'changed'."""

    text: str
    mark: str = ""
    before: str = ""
    """What is known so far, of a cell that changes it."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row: a cell for each column of the table, the remedies, the whole row by heading."""

    number: int
    cells: Sequence[ShownCell]
    remedies: Sequence[str]
    whole: Sequence[tuple[str, ShownCell]]
    joins: Sequence[str] = ()
    leaves: Sequence[str] = ()
    match: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowTable:
    """Rows under the same columns; `leading` of them are shown of every row, also on a phone."""

    columns: Sequence[str]
    leading: int
    rows: Sequence[ShownRow]


def lay_out(import_: Import, opened: Sequence[OpenedRow], *, masked: bool) -> RowTable:
    """Lay rows out under the columns by which they are known and those with a cell in question.

    `masked` hides who somebody is, and what stands in columns that are not known.
    """
    veiled = masked and import_.kind in ABOUT_PEOPLE
    named = [_Named(import_.kind, row, veiled=veiled) for row in opened]
    there = {name for row in named for name in row.texts}
    leading = [name for name in LEADING[import_.kind] if name in there]
    marked = dict.fromkeys(name for row in named for name in row.marks)
    columns = [*leading, *(name for name in marked if name not in leading)]
    return RowTable(
        [column_word(import_.kind, name) for name in columns],
        len(leading),
        [row.shown(columns) for row in named],
    )


class _Named:
    """A row by the names of its columns, with the marks of its cells."""

    def __init__(self, kind: ImportKind, row: OpenedRow, *, veiled: bool) -> None:
        self.row = row
        self._kind, self._veiled = kind, veiled
        self.texts: dict[str, str] = {}
        for heading, text in zip(row.headings, row.cells, strict=True):
            name = find_column(kind.value, heading) if heading else None
            if name is not None:
                self.texts[name] = self.texts.get(name) or text
        self._before: Mapping[str, Any] = row.said.get("before", {})
        self.marks = dict.fromkeys((problem["column"] for problem in row.problems), "wrong")
        self.marks |= dict.fromkeys(self._before, "changed")

    def shown(self, columns: Sequence[str]) -> ShownRow:
        """The row under the columns of its table."""
        said = self.row.said
        return ShownRow(
            self.row.row,
            [self._cell(name, self.texts.get(name, "")) for name in columns],
            problem_words(self.row.problems),
            [
                (heading or "–", self._cell(find_column(self._kind.value, heading), text))
                for heading, text in zip(self.row.headings, self.row.cells, strict=True)
            ],
            [category(code) for code in said.get("joins", ())],
            [category(code) for code in said.get("leaves", ())],
            said.get("match", {}),
        )

    def _cell(self, name: str | None, text: str) -> ShownCell:
        if name is None:
            return ShownCell(HIDDEN if self._veiled and text else text)
        mark = self.marks.get(name, "")
        before = _before_word(name, self._before.get(name), text) if mark == "changed" else ""
        if self._veiled and name in _MASKS:
            return ShownCell(_MASKS[name](text), mark, _MASKS[name](before))
        return ShownCell(text, mark, before)


def _before_word(name: str, value: Any, text: str) -> str:
    """A known value in words, with its code where the file gives codes."""
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        words = [category(code) if name == "hardship_code" else str(code) for code in value]
        return "; ".join(words)
    read = _CODES.get(name)
    if read is None:
        return str(value)
    try:
        word = read(str(value), locale())
    except PlacementError:
        return str(value)
    return f"{value} {word}" if text.isdigit() else word
