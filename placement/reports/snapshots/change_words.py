"""What a new version corrects, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from placement.reference import destinations
from placement.reports.dimensions import Dimension, label
from placement.reports.snapshots.differences import PersonChange
from placement.reports.snapshots.frozen import Counted
from placement.reports.words import DIMENSIONS, outcome_word, page_locale, reason_word

_FIELDS = {
    "categories": DIMENSIONS[Dimension.CATEGORY],
    "standing": DIMENSIONS[Dimension.STANDING],
    "code": _("Outcome"),
    "effective_on": _("From"),
    "reason": DIMENSIONS[Dimension.REASON],
    **{
        dimension.value: DIMENSIONS[dimension]
        for dimension in (
            Dimension.UNIVERSITY,
            Dimension.COLLEGE,
            Dimension.LEVEL,
            Dimension.SEX,
            Dimension.ETHNIC,
            Dimension.ORIGIN,
            Dimension.COUNTY,
        )
    },
}


def change_words(change: PersonChange) -> str:
    """What differs about a person."""
    if change.before is None:
        return str(gettext("came into the register"))
    if change.after is None:
        return str(gettext("left the register"))
    return ", ".join(str(_FIELDS[name]) for name in change.fields)


def person_words(
    change: PersonChange, names: Mapping[str, str], year: int
) -> tuple[str | None, str | None]:
    """What a person counted as before and after, as far as it differs."""
    fields = change.fields or ("code", "reason")
    told = _teller(names, destinations.scheme_for(year))
    return told(change.before, fields), told(change.after, fields)


def _teller(
    names: Mapping[str, str], scheme: str
) -> Callable[[Counted | None, tuple[str, ...]], str | None]:
    def word(person: Counted, field: str) -> str:
        value: Any = getattr(person, field)
        if field == "code":
            return outcome_word(value)
        if field == "reason":
            return reason_word(value)
        if field == "effective_on" or value is None:
            return str(value or "–")
        keys = value if field == "categories" else (value,)
        dimension = Dimension("category" if field == "categories" else field)
        return "、".join(
            label(dimension, key, universities=names, scheme=scheme, locale=page_locale())
            for key in keys
        )

    def tell(person: Counted | None, fields: tuple[str, ...]) -> str | None:
        return None if person is None else " · ".join(word(person, field) for field in fields)

    return tell
