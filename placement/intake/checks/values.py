"""Readers of single cells: each takes a text that is not empty and gives a value or a Fault."""

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache

from placement.intake.checks import messages
from placement.intake.checks.problems import (
    BAD_DATE,
    BAD_FORMAT,
    NUMBER_NOT_TEXT,
    UNKNOWN_CODE,
    Fault,
)
from placement.reference.folding import fold_code, fold_text

_DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:T?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?", re.ASCII
)
_DIGITS_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SERIAL = re.compile(r"\d{5}", re.ASCII)
_SERIAL_START = dt.date(1899, 12, 30)
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]*", re.ASCII)
_LOST_DIGITS = re.compile(r"\d(\.\d+)?E\+\d+", re.ASCII | re.IGNORECASE)
_COUNT = re.compile(r"(\d+)(?:\.0+)?(?:人|名|个)?", re.ASCII)
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})", re.ASCII)
_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}(?:-\d{1,6})?", re.ASCII)
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)
_DOTS = str.maketrans(dict.fromkeys("•‧∙・･●。.", "·"))
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff·])\s+(?=[\u3400-\u9fff·])")
_SEPARATORS = re.compile(r"[;；、,，|/\n]+")
_MOST_NAME = 60
LIMIT_TEXT = 200


def text_reader(limit: int = LIMIT_TEXT) -> Callable[[str], str | Fault]:
    """Return a reader of free text of at most `limit` characters."""

    def read_text(text: str) -> str | Fault:
        if "\ufffd" in text:
            return Fault(BAD_FORMAT, messages.DAMAGED)
        if len(text) > limit:
            return Fault(BAD_FORMAT, messages.TOO_LONG, {"limit": limit})
        return text

    return read_text


def code_reader(find: Callable[[str], str | None]) -> Callable[[str], str | Fault]:
    """Return a reader of the codes and names that `find` knows."""

    def read_code(text: str) -> str | Fault:
        code = find(text)
        return Fault(UNKNOWN_CODE, messages.UNKNOWN_CODE) if code is None else code

    return read_code


def read_name(text: str) -> str | Fault:
    """Read a person's name: one kind of middle dot, no spaces between Chinese characters."""
    if "\ufffd" in text:
        return Fault(BAD_FORMAT, messages.DAMAGED)
    name = _BETWEEN_HAN.sub("", " ".join(_folded_forms(text).split()))
    if any("\u3400" <= char <= "\u9fff" for char in name):
        name = name.translate(_DOTS)
    if len(name) > _MOST_NAME:
        return Fault(BAD_FORMAT, messages.TOO_LONG, {"limit": _MOST_NAME})
    if not any(char.isalpha() for char in name):
        return Fault(BAD_FORMAT, messages.NOT_A_NAME)
    return name


def _folded_forms(text: str) -> str:
    """Fold full-width Latin letters and spaces, and nothing else: a name keeps its characters."""
    return "".join(
        chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else char for char in text
    ).replace("\u3000", " ")


def read_number(text: str) -> str | Fault:
    """Read a number that names somebody or something: letters, digits and - _ . / only."""
    number = fold_text(text).upper() if not text.isascii() else "".join(text.split())
    if _LOST_DIGITS.fullmatch(number):
        return Fault(NUMBER_NOT_TEXT, messages.NOT_TEXT)
    number = fold_code(number).upper() if number.endswith(".0") else number
    if len(number) > 40:
        return Fault(BAD_FORMAT, messages.TOO_LONG, {"limit": 40})
    if not _NUMBER.fullmatch(number):
        return Fault(BAD_FORMAT, messages.NOT_A_NUMBER)
    return number


@lru_cache(maxsize=4096)
def read_date(text: str) -> dt.date | Fault:
    """Read a day of any usual form: 2016-06-30, 2016/6/30, 20160630, 2016年6月30日, 42551.

    The last is the number that a spreadsheet keeps for the day. A month alone
    is no day.
    """
    folded = fold_text(text).upper()
    match = _DATE.fullmatch(folded) or _DIGITS_DATE.fullmatch(fold_code(text))
    try:
        if match:
            day = dt.date(int(match[1]), int(match[2]), int(match[3]))
            return day if 1900 <= day.year < 2100 else Fault(BAD_DATE, messages.BAD_DATE)
        if _SERIAL.fullmatch(fold_code(text)):
            return _SERIAL_START + dt.timedelta(days=int(fold_code(text)))
    except ValueError:
        pass
    return Fault(BAD_DATE, messages.BAD_DATE)


def count_reader(least: int = 0) -> Callable[[str], int | Fault]:
    """Return a reader of whole numbers from `least` on: 1,200 and 1200人 and 1200.0."""

    def read_count(text: str) -> int | Fault:
        match = _COUNT.fullmatch(fold_text(text).replace(",", ""))
        if match is None or len(match[1]) > 9:
            return Fault(BAD_FORMAT, messages.NOT_A_COUNT)
        number = int(match[1])
        return (
            number if number >= least else Fault(BAD_FORMAT, messages.TOO_SMALL, {"limit": least})
        )

    return read_count


def read_mobile(text: str) -> str | None:
    """Read a phone number of China, without country code and dashes; None for anything else."""
    folded = fold_code(text)
    match = _MOBILE.fullmatch(folded.replace("-", ""))
    if match:
        return match[1]
    return folded if _LANDLINE.fullmatch(folded) else None


def read_email(text: str) -> str | None:
    """Read an e-mail address; None for what cannot be one."""
    address = fold_text(text) if not text.isascii() else "".join(text.split())
    return address if len(address) <= 254 and _EMAIL.fullmatch(address) else None


def split_values(text: str) -> list[str]:
    """Return the values of a cell that holds several, in their order, each once."""
    parts = (part.strip() for part in _SEPARATORS.split(text))
    return list(dict.fromkeys(part for part in parts if part))


def codes_reader(
    find: Callable[[str], str | None],
) -> Callable[[str], tuple[str, ...] | Fault]:
    """Return a reader of several codes or names in one cell, in their order, each once."""

    def read_codes(text: str) -> tuple[str, ...] | Fault:
        codes = [find(part) for part in split_values(text)]
        if any(code is None for code in codes):
            return Fault(UNKNOWN_CODE, messages.UNKNOWN_CODE)
        return tuple(dict.fromkeys(code for code in codes if code is not None))

    return read_codes
