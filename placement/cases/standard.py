"""The standard meter of one person: what was done, what is missing, by when. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from placement.reference.service_standards import Requirement, Standard

CONTACT = "contact"
DUE_SOON = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Mark:
    """One requirement of the standard for one person."""

    code: str
    """A code of the table of standards, or `contact`."""
    done: int
    needed: int
    due_on: dt.date
    requirement: Requirement | None = None
    """What asks for it; none for the contact."""

    def tone(self, today: dt.date) -> str:
        """`good` when met, `late` when missed, `due` within 14 days, else nothing."""
        if self.done >= self.needed:
            return "good"
        if self.due_on < today:
            return "late"
        return "due" if self.due_on - today <= DUE_SOON else ""


def marks_of(
    done: Mapping[str, int],
    *,
    standard: Standard,
    opened_on: dt.date,
    last_contact_on: dt.date | None,
    today: dt.date,
) -> tuple[Mark, ...]:
    """The marks of a case: `done` counts what was given, by kind of action.

    The last mark is the contact: met while the last one (or the opening) is no longer ago than
    the interval of the standard.
    """
    owed = tuple(
        Mark(
            code=requirement.code,
            done=sum(done.get(kind, 0) for kind in requirement.kinds),
            needed=requirement.needed,
            due_on=opened_on + requirement.within,
            requirement=requirement,
        )
        for requirement in standard.requirements
    )
    due_on = (last_contact_on or opened_on) + standard.interval
    in_touch = int(last_contact_on is not None and due_on >= today)
    return (*owed, Mark(CONTACT, in_touch, 1, due_on))


def met_of(
    done: Mapping[str, int],
    *,
    standard: Standard,
    last_contact_on: dt.date | None,
    today: dt.date,
) -> tuple[int, int]:
    """How many of the marks of a case are met, and of how many: the same without the marks."""
    owed = standard.requirements
    kept = sum(sum(done.get(kind, 0) for kind in one.kinds) >= one.needed for one in owed)
    in_touch = last_contact_on is not None and last_contact_on + standard.interval >= today
    return kept + in_touch, len(owed) + 1


def met(marks: tuple[Mark, ...]) -> int:
    """How many of the marks are met."""
    return sum(mark.done >= mark.needed for mark in marks)
