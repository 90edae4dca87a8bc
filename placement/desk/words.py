"""The words of the standard meter, in the page's language."""

import datetime as dt

from flask_babel import get_locale
from flask_babel import gettext as _

from placement.cases.standard import CONTACT, Mark
from placement.reference.service_standards import Requirement
from placement.web.filters import day as day_words


def requirement_word(requirement: Requirement | None) -> str:
    """The name of a requirement of the standard; none is to be in touch."""
    if requirement is None:
        return str(_("In touch"))
    return requirement.label(str(get_locale() or "en"))


def mark_rows(marks: tuple[Mark, ...], today: dt.date) -> list[dict[str, str]]:
    """The marks as the meter shows them: label, tone and what is done, missing, by when."""
    return [
        {
            "label": requirement_word(mark.requirement),
            "tone": mark.tone(today),
            "detail": _detail(mark),
        }
        for mark in marks
    ]


def _detail(mark: Mark) -> str:
    when = day_words(mark.due_on)
    if mark.code == CONTACT:
        return str(_("next by %(day)s", day=when))
    if mark.done >= mark.needed:
        return str(_("%(done)d of %(needed)d", done=mark.done, needed=mark.needed))
    return str(
        _("%(done)d of %(needed)d, by %(day)s", done=mark.done, needed=mark.needed, day=when)
    )
