"""What pages and workbooks call the parts of a report."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _

from placement.reference import destinations, report_words, standings
from placement.reports.dimensions import CHINESE, DISPUTED, Dimension, read_crossing
from placement.reports.questions import Base, Basis, Status


@dataclass(frozen=True, slots=True)
class Words:
    """How a table names its columns and its groups."""

    column: Callable[[str], str]
    crossing: Callable[[str], str]


DIMENSIONS: dict[Dimension, Any] = {
    Dimension.CATEGORY: _("Category"),
    Dimension.COMBINATION: _("Exactly these categories"),
    Dimension.LEVEL: _("Level"),
    Dimension.SEX: _("Sex"),
    Dimension.ETHNIC: _("Ethnic group"),
    Dimension.ORIGIN: _("Rural or urban"),
    Dimension.UNIVERSITY: _("University"),
    Dimension.COLLEGE: _("College"),
    Dimension.COUNTY: _("Home county"),
    Dimension.CODE: _("Destination code"),
    Dimension.PART: _("Part of the rate"),
    Dimension.STANDING: _("Standing"),
    Dimension.REASON: _("Counted so, because"),
}
STATUSES: dict[Status, Any] = {
    Status.COUNTED: _("Counted"),
    Status.PLACED: _("Placed"),
    Status.NOT_PLACED: _("Not placed"),
    Status.UNKNOWN: _("Outcome unknown"),
    Status.EXCLUDED: _("Not counted"),
    Status.LEFT: _("Left the register"),
}
BASES: dict[Base, Any] = {
    Base.COUNTED: _("those counted"),
    Base.REGISTERED: _("all registered"),
}
BASES_OF_EVIDENCE: dict[Basis, Any] = {
    Basis.VERIFIED: _("verified"),
    Basis.REPORTED: _("reported"),
}
BASELINE_REASONS = {
    "no_baseline": _("no counts of all graduates were imported for this day or earlier"),
    "other_scheme": _("all graduates were counted by the scheme of the class year"),
}
COLUMNS: dict[str, Any] = {
    "by": _("Grouped by"),
    "key": _("Code"),
    "label": _("Group"),
    "registered": _("Registered"),
    "excluded": _("Not counted"),
    "denominator": _("Counted"),
    "placed": _("Placed"),
    "rate": _("Rate in percent"),
    "known": _("Outcome known"),
    "knowledge_rate": _("Knowledge rate in percent"),
    "class_year": _("Class year"),
    "as_of": _("As of"),
    "known_at": _("Known at"),
    "scheme": _("Scheme"),
    "base": _("Denominator"),
    "basis": _("Outcomes"),
    "where": _("Only"),
    "student_number": _("Student number"),
    "university": _("University code"),
    "university_name": _("University"),
    "name": _("Name"),
    "id_number": _("ID number"),
    "standing": _("Standing"),
    "code": _("Destination code"),
    "code_name": _("Outcome"),
    "part": _("Part of the rate"),
    "effective_on": _("From"),
    "reason": _("Reason code"),
    "reason_text": _("Counted so, because"),
    "total": _("Total"),
    "exclusion": _("Not counted"),
    "baseline": _("All graduates"),
    "left": _("Left the register"),
    "backdated": _("Rows imported later"),
    "rate_name": _("What the rate is called"),
    "count": _("People"),
    "rates": _("Figures"),
    "people": _("People"),
    "source": _("Source and moment"),
    "cause": _("Cause code"),
    "cause_text": _("Cause"),
    "points": _("Change of the rate in points"),
    "first": _("First figure"),
    "second": _("Second figure"),
    "printed": _("Printed figure"),
    "unexplained": _("Not explained"),
    "differences": _("Difference"),
    "before_text": _("In the first figure"),
    "after_text": _("In the second figure"),
}


def page_locale() -> str:
    """The language of the page, or of what a command writes."""
    return str(get_locale() or CHINESE)


def crossing_word(name: str) -> str:
    """What a crossing such as `sex+level` is called: 性别 · 学历层次."""
    return " · ".join(str(DIMENSIONS[dimension]) for dimension in read_crossing(name))


def column_word(name: str) -> str:
    """What a column is called: `unit`, `unit_rate` and `code_10` by the tables of the codes."""
    if name in COLUMNS:
        return str(COLUMNS[name])
    locale = page_locale()
    stem = name.removesuffix("_rate")
    if stem in destinations.PARTS:
        word = destinations.part_name(stem, locale)
        return f"{word} %" if name != stem else word
    return _code_word(name.removeprefix("code_"), locale)


def _code_word(code: str, locale: str) -> str:
    if code == DISPUTED:
        return report_words.name("in_dispute", locale)
    return f"{code} {destinations.name(code, locale)}"


def reason_word(code: str) -> str:
    """Why somebody counts as they do, in the language of the page."""
    return report_words.reason(code, page_locale())


def standing_word(code: str) -> str:
    """A standing in the language of the page."""
    return standings.name(code, page_locale())


def outcome_word(code: str | None) -> str:
    """A deciding code in the language of the page; a dash for none."""
    if code is None:
        return "–"
    if code == DISPUTED:
        return report_words.name("in_dispute", page_locale())
    return destinations.name(code, page_locale())


def _itself(name: str) -> str:
    return name


KEYS = Words(_itself, _itself)
"""Names that other programs read, the same in every language."""

LABELS = Words(column_word, crossing_word)
"""Names for people, in the language of the page."""
