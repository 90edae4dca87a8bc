"""A file as columns of text, with the numbers of its rows as a person sees them."""

from collections.abc import Sequence
from dataclasses import dataclass

from placement.intake.columns import columns_of, find_column, is_reason
from placement.intake.spreadsheets.refusals import FileRefusedError

HEADING_ROWS = 100
"""How many rows from the top are searched for headings."""


@dataclass(frozen=True, slots=True)
class FileColumn:
    """One column as it stands in the file; `position` counts from 0 at column A."""

    heading: str
    name: str | None
    position: int
    texts: Sequence[str]
    numbers: frozenset[int]
    """The places in `texts` of the cells that came as numbers."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: columns of the same length, and the row number of each place.

    Texts are what a person sees, without outer space; an empty cell is ''.
    Blank rows and repeated headings are left out; `rows` keeps the numbers.
    """

    kind: str
    file_name: str
    heading_row: int
    rows: Sequence[int]
    columns: tuple[FileColumn, ...]

    def __len__(self) -> int:
        """How many rows with data the file has."""
        return len(self.rows)

    @property
    def known(self) -> tuple[str, ...]:
        """The English names of the columns that are there, in the order of the contract."""
        there = {column.name for column in self.columns}
        return tuple(name for name in columns_of(self.kind) if name in there)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The headings that mean nothing for this kind of file."""
        return tuple(
            column.heading
            for column in self.columns
            if column.name is None and column.heading and not is_reason(column.heading)
        )

    def column(self, name: str) -> FileColumn | None:
        """Return the column of that English name, or None if the file has none.

        Where several columns of the file mean the same (民族代码 and 民族名称), an
        empty cell of the first is filled from the next.
        """
        same = [column for column in self.columns if column.name == name]
        if len(same) < 2:
            return same[0] if same else None
        texts, numbers = list(same[0].texts), set(same[0].numbers)
        for other in same[1:]:
            for place, text in enumerate(other.texts):
                if text and not texts[place]:
                    texts[place] = text
                    if place in other.numbers:
                        numbers.add(place)
        first = same[0]
        return FileColumn(first.heading, name, first.position, texts, frozenset(numbers))

    def address(self, name: str, place: int) -> str:
        """Return the address of a cell as a spreadsheet writes it, such as D5."""
        column = self.column(name)
        letters = column_letters(column.position) if column else "?"
        return f"{letters}{self.rows[place]}"


def column_letters(position: int) -> str:
    """Return the letters of the column that counts `position` from 0: A, Z, AA."""
    letters = ""
    position += 1
    while position:
        position, letter = divmod(position - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def find_heading_row(kind: str, top: Sequence[Sequence[object]]) -> int:
    """Return the place in `top` of the first row that holds known headings.

    A row with two of them wins over one with a single one, which may be a
    title. Raises FileRefusedError if there is none.
    """
    single: int | None = None
    for place, row in enumerate(top[:HEADING_ROWS]):
        found = {
            name for cell in row if isinstance(cell, str) and (name := find_column(kind, cell))
        }
        if len(found) >= 2:
            return place
        if found and single is None:
            single = place
    if single is None:
        raise FileRefusedError("no_headings")
    return single


def build_table(
    kind: str,
    file_name: str,
    headings: Sequence[str],
    columns: Sequence[tuple[list[str], frozenset[int]]],
    *,
    heading_row: int,
    rows: Sequence[int],
    first_position: int = 0,
) -> Table:
    """Put a table together and leave out blank rows and repeated headings.

    `columns` are texts and places of numbers, `rows` the number of each place;
    `first_position` is that of the first column (0 is A).
    """
    texts = [column for column, _ in columns]
    dropped = _blank_places(texts, len(rows)) | _repeated_headings(headings, texts)
    kept = [place for place in range(len(rows)) if place not in dropped] if dropped else None
    return Table(
        kind,
        file_name,
        heading_row,
        rows if kept is None else [rows[place] for place in kept],
        tuple(
            FileColumn(
                heading,
                find_column(kind, heading) if heading else None,
                first_position + position,
                *(columns[position] if kept is None else _kept(columns[position], kept)),
            )
            for position, heading in enumerate(headings)
        ),
    )


def _kept(
    column: tuple[list[str], frozenset[int]], kept: Sequence[int]
) -> tuple[list[str], frozenset[int]]:
    texts, numbers = column
    moved = {new for new, old in enumerate(kept) if old in numbers} if numbers else ()
    return [texts[place] for place in kept], frozenset(moved)


def _blank_places(texts: Sequence[Sequence[str]], length: int) -> set[int]:
    blank = list(range(length))
    for column in texts:
        blank = [place for place in blank if not column[place]]
        if not blank:
            break
    return set(blank)


def _repeated_headings(headings: Sequence[str], texts: Sequence[Sequence[str]]) -> set[int]:
    named = [(heading, column) for heading, column in zip(headings, texts, strict=True) if heading]
    heading, column = named[0]
    return {
        place
        for place, text in enumerate(column)
        if text == heading and all(other[place] == name for name, other in named)
    }
