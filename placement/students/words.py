"""The words of students' states, in the page's language."""

from flask_babel import get_locale

from placement.reference import (
    categories,
    divisions,
    ethnic_groups,
    levels,
    list_kinds,
    origins,
    sexes,
    standings,
)


def _locale() -> str:
    return str(get_locale() or "en")


def category(code: str) -> str:
    """The name of a category."""
    return categories.name(code, _locale())


def standing(code: str) -> str:
    """The name of a standing."""
    return standings.name(code, _locale())


def level(code: str) -> str:
    """The name of a level of education."""
    return levels.name(code, _locale())


def division(code: str | None) -> str:
    """The name of a county with its city; empty for none."""
    return divisions.full_name(code, _locale()) if code else ""


def sex(code: str | None) -> str:
    """The word for a sex code; empty for none."""
    return sexes.name(code, _locale()) if code else ""


def ethnic_group(code: str | None) -> str:
    """The name of an ethnic group; empty for none."""
    return ethnic_groups.name(code, _locale()) if code else ""


def origin(code: str | None) -> str:
    """The word for rural or urban origin; empty for none."""
    return origins.name(code, _locale()) if code else ""


def hardship_class(code: str | None) -> str:
    """The name of the class within a category that a partner list gives; empty for none."""
    return list_kinds.name(code, _locale()) if code else ""
