"""Job postings of employers."""

from placement.intake.checks import messages
from placement.intake.checks.draft import Checked, Draft, Options
from placement.intake.checks.identity import read_employer_code
from placement.intake.checks.problems import BAD_FORMAT, UNKNOWN_CODE, Fault
from placement.intake.checks.values import (
    code_reader,
    codes_reader,
    count_reader,
    read_date,
    read_number,
    split_values,
    text_reader,
)
from placement.intake.checks.wishes import find_occupation, read_pay
from placement.intake.spreadsheets import Table
from placement.reference import categories, divisions, industries, levels, majors
from placement.reference.folding import fold_code, fold_text

UNKNOWN_MAJOR = "unknown_major"
_ANY = frozenset({"不限", "无", "无要求", "不限专业", "不限学历", "专业不限", "学历不限", "any"})
_AND_ABOVE = ("及以上学历", "及以上", "以上学历", "以上")
_MOST_TEXT = 10_000


def check_postings(table: Table, options: Options) -> Checked:
    """Check a file of postings.

    Salaries are in yuan a month, `openings` a count from 1, `level` the lowest
    code that is taken or None, `majors` codes of majors (6 digits), classes (4)
    and fields (2) where they are known and else the words of the employer,
    `deadline` the last day, `reserved_for` categories.
    """
    draft = Draft(table, options)
    numbers = draft.read("posting", read_number)
    draft.read("employer", text_reader(), needed=True)
    draft.read("employer_code", read_employer_code)
    draft.read("title", text_reader(), needed=True)
    draft.read("occupation_code", code_reader(find_occupation))
    draft.read("city", code_reader(divisions.find))
    draft.read("industry", code_reader(industries.find))
    _read_salaries(draft)
    draft.read("openings", count_reader(1), needed=True)
    draft.read("level", read_lowest_level)
    _read_majors(draft)
    draft.read("deadline", read_date)
    draft.read("description", text_reader(_MOST_TEXT), default="")
    draft.read("reserved_for", codes_reader(categories.find), default=())
    draft.read("accommodations", lambda text: tuple(split_values(text)), default=())
    keys = zip(draft.columns["employer"], draft.columns["employer_code"], numbers, strict=True)
    draft.settle_duplicates(
        "posting", [None if key[2] is None else (key[1] or key[0], key[2]) for key in keys]
    )
    return draft.finish()


def _read_salaries(draft: Draft) -> None:
    lowest = draft.read("salary_min", read_pay)
    highest = draft.read("salary_max", read_pay)
    for place, (low, high) in enumerate(zip(lowest, highest, strict=True)):
        if low is not None and high is not None and low > high:
            draft.fail(place, "salary_min", Fault(BAD_FORMAT, messages.SALARY_RANGE))


def read_lowest_level(text: str) -> str | Fault | None:
    """Read the lowest level that is taken: a level, with or without 及以上; 不限 is None."""
    folded = fold_text(text)
    if folded in _ANY:
        return None
    for ending in _AND_ABOVE:
        folded = folded.removesuffix(ending)
    found = levels.find(folded)
    return Fault(UNKNOWN_CODE, messages.UNKNOWN_CODE) if found is None else found[0]


def _read_majors(draft: Draft) -> None:
    found = draft.read("majors", read_majors, default=())
    unknown: dict[str, list[int]] = {}
    for place, values in enumerate(found):
        for value in values or ():
            if not value.isdecimal():
                unknown.setdefault(value, []).append(place)
    for value, places in unknown.items():
        draft.caution(
            places, "majors", UNKNOWN_MAJOR, messages.CAUTION_MAJOR, value=value, major=value
        )


def read_majors(text: str) -> tuple[str, ...]:
    """Return codes for the majors that are known by code or name, and the words of the others."""
    codes: dict[str, None] = {}
    for part in split_values(text):
        if fold_text(part) in _ANY:
            continue
        digits = fold_code(part)
        if digits[:6].isdecimal() and len(digits) in {2, 4, 6, 7, 8}:
            codes[digits[:6]] = None
        else:
            named = [major.digits for major in majors.named(part)] or _class_codes(part)
            codes.update(dict.fromkeys(named or [part]))
    return tuple(codes)


def _class_codes(name: str) -> list[str]:
    return [code for code, zh in majors.classes().items() if fold_text(zh) == fold_text(name)]
