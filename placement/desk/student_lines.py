"""What each line of the list of students says, ready to be printed."""

import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from placement.outcomes.words import destination
from placement.reference.destinations import is_placed
from placement.web.addresses import numbered
from placement.web.filters import DASH, day, due_tone
from placement.web.masks import mask_name
from placement.web.states import drawn_due, drawn_state, page_of_signs

_QUIET = Markup('<span class="quiet">{}</span>')
_NUMBER = Markup('<span class="number">{}</span>')


def student_lines(
    rows: Iterable[Any], given: Mapping[int, tuple[int, int]], *, masked: bool
) -> Iterator[dict[str, Any]]:
    """The values of the macro `student_line` for each row of `listed_students`.

    `given` says of the students with a case how much of the standard was met, and of how much.
    With `masked` names are shown by their first character only.
    """
    now = page_of_signs()
    without, closed = _QUIET.format(_("no case")), drawn_state(_("closed"))
    url = numbered("desk.show_student", "student_id")
    for row in rows:
        met = None if row.closed_on else given.get(row.student_id)
        yield {
            "name": mask_name(row.name) if masked else row.name,
            "url": url(row.student_id),
            "number": row.student_number,
            "studies": " · ".join(filter(None, (row.college, row.major))) or DASH,
            "counselor": row.counselor or DASH,
            "next": without
            if not row.case_id
            else closed
            if row.closed_on
            else _term(row.next_contact_on, now),
            "standard": f"{met[0]}/{met[1]}" if met else DASH,
            "outcome": _outcome(row.code, row.verified, now),
        }


@functools.lru_cache(maxsize=4096)
def _term(on: dt.date | None, _now: object) -> Markup:
    if on is None:
        return drawn_state(_("no date"), "due")
    return drawn_due(on) if due_tone(on) else _NUMBER.format(day(on))


@functools.lru_cache(maxsize=1024)
def _outcome(code: str | None, verified: bool | None, _now: object) -> Markup:  # noqa: FBT001 - a key
    if not code:
        return _QUIET.format(_("unknown"))
    return drawn_state(destination(code), "good" if verified and is_placed(code) else "")
