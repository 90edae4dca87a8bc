"""Persons named by student number, found within the viewer's scope."""

import re
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from placement.accounts.models import University
from placement.accounts.viewer import Viewer
from placement.db import db
from placement.students.models import Student
from placement.students.queries import in_scope

_BETWEEN = re.compile(r"[\s,;，；、]+")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Named:
    """The persons found, and what is wrong with the rest in the page's language."""

    ids: tuple[int, ...]
    problems: tuple[str, ...]


def find_named(text: str, viewer: Viewer) -> Named:
    """Find the students whose numbers stand in `text`, `number` or `university code/number`."""
    wanted = [word for word in dict.fromkeys(_BETWEEN.split(text)) if word]
    if not wanted:
        return Named((), ())
    numbers = {word.rpartition("/")[2] for word in wanted}
    rows = db.session.execute(
        select(Student.id, Student.student_number, University.code)
        .join(University, University.id == Student.university_id)
        .where(in_scope(viewer), Student.student_number.in_(numbers))
    ).all()
    found: dict[str, list[int]] = {}
    for student_id, number, code in rows:
        found.setdefault(number, []).append(student_id)
        found.setdefault(f"{code}/{number}", []).append(student_id)
    unknown = [word for word in wanted if word not in found]
    several = [word for word in wanted if len(found.get(word, ())) > 1]
    problems = []
    if unknown:
        problems.append(_("Nobody has the number %(numbers)s.", numbers=_some(unknown)))
    if several:
        problems.append(
            _("Several have the number %(numbers)s: add the university.", numbers=_some(several))
        )
    return Named(tuple(found[word][0] for word in wanted if word in found), tuple(problems))


def _some(words: list[str]) -> str:
    more = "…" if len(words) > _SHOWN else ""
    return ", ".join(words[:_SHOWN]) + more
