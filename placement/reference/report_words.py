"""Why a person is counted as they are, in words; the code is what answers carry."""

from placement.reference import standings
from placement.reference.tables import CodeTable

_table = CodeTable("report_words")

codes = _table.codes
name = _table.name

REASONS = (
    "verified",
    "reported",
    "not_placed",
    "overtaken",
    "disputed",
    "unverified",
    "rejected",
    "no_outcome",
)
"""Why somebody of the denominator is placed or not, in the order of reports."""


def reason(code: str, locale: str = "zh_Hans_CN") -> str:
    """Return a reason in words; a standing that is left out is its own reason."""
    return name(code, locale) if code in codes else standings.name(code, locale)
