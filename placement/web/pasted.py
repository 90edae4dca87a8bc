"""A table pasted into a field from a spreadsheet: one row a line, cells by tabs or commas."""

import csv
from collections.abc import Collection, Iterator

from placement.errors import PlacementError


class PastedError(PlacementError):
    """A line cannot be read; `line` counts from 1, 0 where none is meant."""

    code = "pasted"

    def __init__(self, message: str, *, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def pasted_lines(text: str, headings: Collection[str]) -> Iterator[tuple[int, list[str]]]:
    """The lines with their cells, by number from 1, without spaces around them.

    Empty lines are passed over, and those whose first cell is one of `headings`, in lower case.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        tabbed = "\t" in line
        cells = line.split("\t") if tabbed else next(csv.reader([line.replace("，", ",")]))
        cells = [cell.strip() for cell in cells]
        if cells[0].lower() not in headings:
            yield number, cells
