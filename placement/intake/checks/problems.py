"""What is wrong with a row, or worth a look, in a form that commands and pages can show."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from placement.intake.columns import label
from placement.reference.tables import Entry

MISSING = "missing"
BAD_FORMAT = "bad_format"
BAD_CHECK_DIGIT = "bad_check_digit"
SEX_CONTRADICTS_ID = "sex_contradicts_id"
UNKNOWN_CODE = "unknown_code"
UNKNOWN_UNIVERSITY = "unknown_university"
BAD_DATE = "bad_date"
NUMBER_NOT_TEXT = "number_not_text"
DUPLICATE_IN_FILE = "duplicate_in_file"

_LONGEST_VALUE = 60
_LONG_NUMBER = re.compile(r"[0-9Xx*]{14,}")
_STAR = "*"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text cannot be read; `message_id` is English with %(name)s for each of `values`.

    A value that is an Entry of a table is named in the language of the reader.
    """

    code: str
    message_id: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one cell; `row` is the number that the spreadsheet shows.

    `column` is the English name of the contract, `value` what stood there,
    never an ID number in full. `message_id` and `values_in` give the message in
    any language.
    """

    kind: str
    row: int
    column: str
    value: str
    code: str
    message_id: str
    values: Mapping[str, object]

    @property
    def message(self) -> str:
        """The message in English."""
        return self.message_id % self.values_in("en")

    def values_in(self, locale: str) -> dict[str, object]:
        """Return the values of the message, with the column called as people call it."""
        values = {
            name: value.label(locale) if isinstance(value, Entry) else value
            for name, value in self.values.items()
        }
        return {**values, "column": label(self.kind, self.column, locale)}

    def as_dict(self) -> dict[str, Any]:
        """Return the problem as the commands print it."""
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "code": self.code,
            "message": self.message,
        }

    def as_stored(self) -> dict[str, Any]:
        """Return the problem as plain values from which any language can be made later."""
        return {
            **self.as_dict(),
            "message_id": self.message_id,
            "values": {locale: self.values_in(locale) for locale in ("zh_Hans_CN", "en")},
        }


@dataclass(frozen=True, slots=True)
class Caution(Problem):
    """Something worth a look that keeps no row out; `row` is the first of `count` rows."""

    count: int

    def as_dict(self) -> dict[str, Any]:
        """Return the caution as the commands print it."""
        return {**Problem.as_dict(self), "count": self.count}


def shown(column: str, text: str) -> str:
    """Return what of a cell may be shown: no ID number, phone or address in full."""
    if column == "id_number":
        text = _masked(text, head=4 if len(text) >= 10 else 1, tail=2 if len(text) >= 10 else 1)
    elif column in {"mobile", "card_number"}:
        text = _masked(text, head=3 if len(text) >= 8 else 1, tail=2 if len(text) >= 8 else 1)
    elif column == "email":
        text = text[:1] + _STAR * 3 + text[text.rfind("@") :] if "@" in text else _masked(text)
    text = _LONG_NUMBER.sub(lambda match: _masked(match[0], head=4, tail=2), text)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _masked(text: str, head: int = 1, tail: int = 1) -> str:
    hidden = len(text) - head - tail
    if hidden <= 0:
        return _STAR * len(text)
    return text[:head] + _STAR * hidden + text[len(text) - tail :]
