"""The words that the made-up province is made of: small tables beside this file."""

import csv
import io
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def read_words(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of the table `name`, each by column name, in the order of the file."""
    text = (resources.files(__package__) / "data" / f"{name}.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("#")]
    return tuple(csv.DictReader(io.StringIO("".join(lines))))


def split_words(text: str) -> tuple[str, ...]:
    """Return the values of a cell that holds several, parted by ';'."""
    return tuple(part for part in text.split(";") if part)
