"""Numbers that carry a check digit: people by GB 11643, employers by GB 32100 and GB 11714.

Written out here because the place check of the library refuses the residence
permits 81 and 83 and counties that were abolished, and for speed.
"""

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

from placement.intake.checks import messages
from placement.intake.checks.problems import BAD_CHECK_DIGIT, BAD_FORMAT, NUMBER_NOT_TEXT, Fault
from placement.reference import id_types
from placement.reference.folding import fold_text

RESIDENT = "resident"
RESIDENCE_PERMIT = "residence_permit"

_RESIDENT_FORM = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
_OTHER_FORM = re.compile(r"[A-Z0-9]{5,20}")
_LOST_DIGITS = re.compile(r"\d(\.\d+)?E\+?\d+", re.ASCII)
_PERMIT_PREFIXES = ("81", "82", "83")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ZEROS = sum(_WEIGHTS) * ord("0")
_CHECK_DIGITS = "10X98765432"
_LIKE_X = str.maketrans({"×": "X", "Х": "X", "χ": "X", "-": None, "_": None})

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_VALUES = {char: value for value, char in enumerate(_CREDIT_ALPHABET)}
_CREDIT_FORM = re.compile(rf"[{_CREDIT_ALPHABET}]{{18}}")
_ORGANISATION_FORM = re.compile(r"[0-9A-Z]{8}[0-9X]")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Identity:
    """What an ID number says: the folded number, its paper, and for GB 11643 sex, birth, place."""

    number: str
    id_type: str
    sex: str | None = None
    birth_date: dt.date | None = None
    county: str | None = None


def fold_id(text: str) -> str:
    """Return an ID number in capitals without spaces, dashes and full-width forms."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return fold_text(text).upper().translate(_LIKE_X)


def read_id(text: str, id_type: str = RESIDENT) -> Identity | Fault:
    """Read an ID number of the given paper; a resident number or permit by its own digits."""
    number = fold_id(text)
    if "E" in number and _LOST_DIGITS.fullmatch(fold_text(text).upper()):
        return Fault(NUMBER_NOT_TEXT, messages.NOT_TEXT)
    if id_type in {RESIDENT, RESIDENCE_PERMIT}:
        return _read_resident(number)
    if not _OTHER_FORM.fullmatch(number):
        return Fault(BAD_FORMAT, messages.ID_OTHER_FORM, {"paper": id_types.entry(id_type)})
    return Identity(number, id_type)


def _read_resident(number: str) -> Identity | Fault:
    if not _RESIDENT_FORM.fullmatch(number):
        return Fault(BAD_FORMAT, messages.ID_FORM)
    birth_date = _birth_date(number[6:14])
    if birth_date is None:
        return Fault(BAD_FORMAT, messages.ID_BIRTH_DATE)
    if check_digit(number) != number[17]:
        return Fault(BAD_CHECK_DIGIT, messages.ID_CHECK_DIGIT)
    permit = number.startswith(_PERMIT_PREFIXES)
    return Identity(
        number,
        RESIDENCE_PERMIT if permit else RESIDENT,
        "1" if int(number[16]) % 2 else "2",
        birth_date,
        number[:6],
    )


def check_digit(number: str) -> str:
    """Return the check digit of the first 17 digits of a resident number (GB 11643)."""
    total = sum(map(mul, _WEIGHTS, number[:17].encode("ascii"))) - _ZEROS
    return _CHECK_DIGITS[total % 11]


@lru_cache(maxsize=40_000)
def _birth_date(digits: str) -> dt.date | None:
    try:
        day = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return day if 1900 <= day.year < 2100 else None


def read_employer_code(text: str) -> str | Fault:
    """Read a unified social credit code (18 signs), or an older organisation code (9)."""
    code = fold_id(text)
    if _CREDIT_FORM.fullmatch(code):
        return code if credit_check(code) == code[17] else _wrong_employer_digit()
    if _ORGANISATION_FORM.fullmatch(code):
        return code if _organisation_check(code) == code[8] else _wrong_employer_digit()
    return Fault(BAD_FORMAT, messages.EMPLOYER_CODE_FORM)


def _wrong_employer_digit() -> Fault:
    return Fault(BAD_CHECK_DIGIT, messages.EMPLOYER_CODE_DIGIT)


def credit_check(code: str) -> str:
    """Return the check sign of the first 17 signs of a unified social credit code (GB 32100)."""
    total = sum(_CREDIT_VALUES[char] * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return _CREDIT_ALPHABET[-total % 31]


def _organisation_check(code: str) -> str:
    values = (int(char, 36) for char in code[:8])
    rest = 11 - sum(map(mul, _ORGANISATION_WEIGHTS, values)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))
