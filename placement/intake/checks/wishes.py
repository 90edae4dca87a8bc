"""Students' wishes: what they want of a job; several values in one cell with a semicolon."""

import re

from placement.intake.checks import messages
from placement.intake.checks.draft import Checked, Draft, Options
from placement.intake.checks.outcomes import person_keys, read_person
from placement.intake.checks.problems import BAD_FORMAT, UNKNOWN_CODE, Fault
from placement.intake.checks.values import (
    codes_reader,
    count_reader,
    read_name,
    split_values,
    text_reader,
)
from placement.intake.spreadsheets import Table
from placement.reference import divisions, industries, occupations
from placement.reference.folding import fold_text

_ANYWHERE = frozenset({"不限", "任意", "全国", "全国范围", "都可以", "anywhere"})
_PAY = re.compile(
    r"(\d+(?:\.\d+)?)([k千万]?)(?:[-~至到](\d+(?:\.\d+)?)([k千万]?))?(?:元)?(?:/月|每月|以上)?"
)
_FACTORS = {"": 1, "k": 1_000, "千": 1_000, "万": 10_000}
_NO_PAY = frozenset({"面议", "不限"})
_DISTANCE = re.compile(r"(\d+)(?:\.\d+)?(?:km|公里|千米)?(?:以内|内)?")
_MOST_PAY = 1_000_000
_MOST_TEXT = 2_000


def check_wishes(table: Table, options: Options) -> Checked:
    """Check a file of wishes, one row a student.

    `places` are division codes, `anywhere` says that the student would go
    anywhere; `salary` is in yuan a month, the lower end of a range;
    `occupations` and `industries` are codes, classes without zeros at the end;
    `distance_km` counts from home; `needs` are texts.
    """
    draft = Draft(table, options)
    read_person(draft)
    draft.read("name", read_name)
    _read_places(draft)
    draft.read("salary", read_pay)
    draft.read("occupations", codes_reader(find_occupation), default=())
    draft.read("industries", codes_reader(industries.find), default=())
    draft.read("distance_km", _read_distance)
    draft.read("skills", text_reader(_MOST_TEXT), default="")
    draft.read("needs", lambda text: tuple(split_values(text)), default=())
    draft.settle_duplicates("student_number", person_keys(draft))
    return draft.finish()


def _read_places(draft: Draft) -> None:
    texts = draft.texts("places")
    draft.read("places", _read_divisions, default=())
    draft.columns["anywhere"] = [
        any(fold_text(part) in _ANYWHERE for part in split_values(text)) for text in texts
    ]


def _read_divisions(text: str) -> tuple[str, ...] | Fault:
    named = [part for part in split_values(text) if fold_text(part) not in _ANYWHERE]
    codes = [divisions.find(part) for part in named]
    if any(code is None for code in codes):
        return Fault(UNKNOWN_CODE, messages.UNKNOWN_CODE)
    return tuple(dict.fromkeys(code for code in codes if code is not None))


def find_occupation(text: str) -> str | None:
    """Return the code of an occupation ('2-02-10-03') or of a class without its zeros ('2-02')."""
    found = occupations.find(text)
    if found is None:
        parts = fold_text(text).split("-")
        found = occupations.find("-".join([*parts, *["00"] * (4 - len(parts))]))
    if found is None:
        return None
    while found.endswith("-00"):
        found = found.removesuffix("-00")
    return found


def read_pay(text: str) -> int | Fault | None:
    """Read yuan a month: 4500, 4,500元, 4.5k, 4000-6000 (the lower end); 面议 is not said."""
    folded = fold_text(text).replace(",", "")
    if folded in _NO_PAY:
        return None
    match = _PAY.fullmatch(folded)
    if match is None:
        return Fault(BAD_FORMAT, messages.NOT_A_COUNT)
    unit = match[2] or (match[4] or "")
    pay = round(float(match[1]) * _FACTORS[unit])
    return pay if pay <= _MOST_PAY else Fault(BAD_FORMAT, messages.NOT_A_COUNT)


def _read_distance(text: str) -> int | Fault | None:
    folded = fold_text(text)
    if folded in _ANYWHERE:
        return None
    match = _DISTANCE.fullmatch(folded)
    return count_reader()(match[1] if match else text)
