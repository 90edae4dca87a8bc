"""The rules in force with their sources, in the page's language."""

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from placement.reference.rules import rules_in_force

NAMES: dict[str, LazyString] = {
    "schemes": _("Schemes of the rate"),
    "destination_parts": _("Parts of the destination codes"),
    "rate_names": _("Names of the rate"),
    "counting_days": _("Counting days"),
    "hardship_codes": _("Codes of hardship"),
    "standings": _("Standings"),
    "levels": _("Levels of education"),
}


def told_rules() -> list[tuple[LazyString | str, str]]:
    """Name and source of each table that decides figures; the source as at the head of its file."""
    return [(NAMES.get(rule.name, rule.name), gettext(rule.source)) for rule in rules_in_force()]
