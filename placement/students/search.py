"""Finding a student by whatever the searcher has at hand, in one box.

Understands a name, pinyin, initials, a student number, the last four of the ID number, a whole
ID number and a mobile number. Searches stay within the scope of the select they are added to.
"""

import re
import unicodedata

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from placement.keys import keyring
from placement.students.models import Student

_LAST = "\U0010ffff"
"""The last character there is: what begins with a text stands before the text with it behind."""
_LATIN = re.compile(r"[a-z][a-z ']*")
_TAIL = re.compile(r"\d{3}[\dX]")
_MOBILE = re.compile(r"1\d{10}")
_RESIDENT = re.compile(r"\d{17}[\dX]")


def matches(text: str) -> ColumnElement[bool]:
    """The condition on `Student` for what somebody typed into the search box."""
    folded = " ".join(unicodedata.normalize("NFKC", text).split())
    compact = re.sub(r"[\s-]", "", folded).upper()
    found: list[ColumnElement[bool]] = [Student.student_number == compact]
    if len(compact) >= 4:
        found.append(_begins(Student.student_number, compact))
    if _LATIN.fullmatch(folded.lower()):
        joined = re.sub(r"[ ']", "", folded.lower())
        found.append(_begins(Student.initials, joined))
        found.append(_sounds_like(joined))
    found.append(_begins(Student.name, folded))
    found += _by_secret(compact)
    return or_(*found)


def _sounds_like(joined: str) -> ColumnElement[bool]:
    """Pinyin with or without spaces; the first letter lets the index leave out the most."""
    closed = func.replace(Student.name_key, " ", "")
    return and_(
        _begins(Student.name_key, joined[0]),
        closed.startswith(joined, autoescape=True),
    )


def is_enough(text: str) -> bool:
    """Whether so little typed text already says whom somebody may mean: 林, li, 2012."""
    compact = re.sub(r"[\s'-]", "", unicodedata.normalize("NFKC", text))
    if compact.isdecimal():
        return len(compact) >= 4
    return len(compact) >= (2 if compact.isascii() else 1)


def _begins(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """The condition that a column begins with a text, in the order of its index, byte by byte.

    LIKE would say the same, but is not leakproof: under row-level security the database looks at
    every row's policy first, and no index helps.
    """
    return and_(column.op("~>=~")(text), column.op("~<~")(text + _LAST))


def _by_secret(compact: str) -> list[ColumnElement[bool]]:
    index = keyring().blind_index
    if _TAIL.fullmatch(compact):
        return [Student.id_tail_index == index("students.id_tail", compact)]
    if _MOBILE.fullmatch(compact):
        return [Student.mobile_index == index("students.mobile", compact)]
    if _RESIDENT.fullmatch(compact):
        return [Student.id_number_index == index("students.id_number", compact)]
    return []
