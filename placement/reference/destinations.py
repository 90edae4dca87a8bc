"""Destination codes (field BYQXDM), the parts of the rate, and which scheme a class year has."""

from collections.abc import Mapping
from functools import cache

from placement.errors import InvalidValueError
from placement.reference.tables import CodeTable, read_rows

_table = CodeTable("destinations", width=2)
_parts = CodeTable("parts")

entries = _table.entries
codes = _table.codes
entry = _table.entry
find = _table.find
name = _table.name

PARTS = _parts.codes
"""The six parts in the order of the reports: four that are placed, then seeking, not_seeking."""

SCHEMES = tuple(row["code"] for row in read_rows("schemes"))

CONTRADICTS_GRADUATION = frozenset({"65"})
"""Codes that say that their student has not left: shown as a warning beside the standing."""


@cache
def parts_by_code(scheme: str) -> Mapping[str, str]:
    """Return the part of every code under the scheme '2021' or '2024'."""
    parts = {
        row["code"]: row["part"]
        for row in read_rows("destination_parts")
        if row["scheme"] == scheme
    }
    if not parts:
        raise InvalidValueError(
            "There is no scheme “%(scheme)s”.",
            remedy="Give one of %(known)s.",
            scheme=scheme,
            known=", ".join(SCHEMES),
        )
    return parts


def part(code: str, scheme: str) -> str:
    """Return the part of the rate that the code belongs to; raises InvalidValueError if unknown."""
    try:
        return parts_by_code(scheme)[code]
    except KeyError:
        raise InvalidValueError("“%(code)s” is not a destination code.", code=code) from None


@cache
def codes_of(part_code: str, scheme: str) -> tuple[str, ...]:
    """Return the codes of a part under a scheme, in the order of the table."""
    parts = parts_by_code(scheme)
    return tuple(code for code in codes if parts[code] == part_code)


@cache
def is_placed(code: str) -> bool:
    """Say whether the code counts as placed: so under every scheme, for all have the same total."""
    return is_placed_part(part(code, SCHEMES[0]))


@cache
def is_placed_part(part_code: str) -> bool:
    """Say whether a part belongs to the placed ones."""
    return _parts.entry(part_code).details["placed"] == "1"


def part_name(part_code: str, locale: str = "zh_Hans_CN", scheme: str | None = None) -> str:
    """Return the name of a part; in Chinese the one that the scheme gives it, if one is given."""
    if scheme is not None and locale.startswith("zh"):
        return _parts.entry(part_code).details[f"zh_{scheme}"]
    return _parts.name(part_code, locale)


def scheme_for(class_year: int) -> str:
    """Return the scheme by which a class is counted: '2021' to the class of 2023, then '2024'."""
    return _in_years("schemes", class_year)["code"]


def rate_name(class_year: int, locale: str = "zh_Hans_CN") -> str:
    """Return the name of the rate: 就业率 before the class of 2021, 毕业去向落实率 from it on."""
    return _in_years("rate_names", class_year)["zh" if locale.startswith("zh") else "en"]


def _in_years(table: str, class_year: int) -> Mapping[str, str]:
    return next(
        row
        for row in read_rows(table)
        if int(row["first_class_year"] or 0) <= class_year <= int(row["last_class_year"] or 9999)
    )
