"""Cells as text: what a person sees, without what spreadsheets and exports add to it."""

import datetime as dt
import re
from collections.abc import Sequence

# Zero-width signs, byte order marks inside the text, soft hyphens, and control
# signs other than those that a cell with several lines needs.
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FORMULA_STARTS = "=+-@\uff1d\uff0b\uff0d\uff20"
_EXACT_FLOAT = 2**53


def clean_texts(cells: Sequence[str]) -> list[str]:
    """Return the cells of one column without outer space, invisible signs and quoting tricks.

    `'0012` and `="0012"`, by which people keep a spreadsheet from making
    numbers of codes, are read as 0012; of a text that a guard against formulas
    put behind an apostrophe, exactly one is taken off.
    """
    texts = [cell.strip() for cell in cells]
    joined = "\n".join(texts)
    if _INVISIBLE.search(joined):
        texts = [_INVISIBLE.sub("", text).strip() for text in texts]
    if "'" in joined or '="' in joined:
        texts = [_unquoted(text) for text in texts]
    return texts


def _unquoted(text: str) -> str:
    if text.startswith('="') and text.endswith('"') and len(text) >= 3:
        return text[2:-1].strip()
    if text.startswith("'") and len(text) > 1 and (text[1].isdigit() or is_formula(text[1:])):
        return text[1:]
    return text


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet might take the text for a formula."""
    return text.lstrip()[:1] in tuple(_FORMULA_STARTS) or text[:1] in ("\t", "\r", "\n", "\x00")


def guarded(text: str) -> str:
    """Return the text as it is safe in a file: an apostrophe before what looks like a formula."""
    return "'" + text if is_formula(text) else text


def mixed_texts(cells: Sequence[object]) -> tuple[list[str], frozenset[int]]:
    """Return the cells of one column as text, and the places of those that came as numbers."""
    numbers = frozenset(
        place for place, cell in enumerate(cells) if type(cell) is float or type(cell) is int
    )
    if len(numbers) == len(cells):
        return [_number(cell) for cell in cells], numbers  # type: ignore[arg-type] # all numbers
    texts = [cell if type(cell) is str else _text(cell) for cell in cells]
    return clean_texts(texts), numbers


def _number(cell: float) -> str:
    """Return a number as people read it: 31, not 31.0.

    Beyond 2**53 the digits are made up by the spreadsheet; the number is shown
    as it shows it, so that nobody takes them for the true ones.
    """
    if not -_EXACT_FLOAT < cell < _EXACT_FLOAT:
        return f"{cell:.5E}"
    whole = int(cell)
    return str(whole) if whole == cell else repr(cell)


def _text(cell: object) -> str:
    if type(cell) is float or type(cell) is int:
        return _number(cell)
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return "" if cell is None else str(cell)
