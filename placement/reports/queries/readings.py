"""One reading of the figures: a question, the moment it is answered for, whose eyes read it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, text

from placement import clock
from placement.accounts.models import Role, University
from placement.accounts.viewer import Viewer
from placement.db import db
from placement.errors import InvalidValueError
from placement.history import closed_moment
from placement.reports.dimensions import Dimension
from placement.reports.questions import Question


class MomentNotClosedError(InvalidValueError):
    """What was known at the moment may still change, so nothing is answered for it."""

    code = "moment_not_closed"
    status = 409


@dataclass(frozen=True, slots=True)
class UniversityName:
    """What reports call a university."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A question under way; all that is read with it comes from one state of the data.

    `viewer` None reads as the program itself. `universities` are by number.
    """

    question: Question
    known_at: dt.datetime
    viewer: Viewer | None
    universities: Mapping[int, UniversityName]
    found: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What has been found in this state of the data and is asked for again, by what it is about."""

    @property
    def university_id(self) -> int | None:
        """The number of the university that the question is narrowed to, if it is."""
        codes = self.question.keys_of(Dimension.UNIVERSITY)
        return self.number_of(codes[0]) if codes else None

    @property
    def graduates_of(self) -> int | None:
        """The university whose graduates everybody is compared with; None for the province's."""
        viewer = self.viewer
        if self.university_id is None and viewer is not None and viewer.role is not Role.PROVINCE:
            return viewer.university_id
        return self.university_id

    @property
    def names_by_code(self) -> dict[str, str]:
        """The names of universities by their codes."""
        return {university.code: university.name for university in self.universities.values()}

    def number_of(self, code: str) -> int:
        """The number of a university by its code. Raises InvalidValueError for an unknown one."""
        for number, university in self.universities.items():
            if university.code == code:
                return number
        raise InvalidValueError(
            "There is no university with the code %(code)s.",
            remedy="Give the national five-digit code of a university on the list.",
            code=code,
        )


def begin_reading(question: Question, viewer: Viewer | None) -> Reading:
    """Fix the moment and begin the transaction in which all of an answer reads one state.

    The moment is the question's, or the newest closed one. Whatever transaction was under way
    ends. Raises MomentNotClosedError for a moment that lies in the future, or that a writer still
    under way may reach, because the same question could be answered differently later, and
    InvalidValueError for a university that is not on the list.
    """
    closed = closed_moment()
    if question.known_at is not None and question.known_at > closed:
        raise MomentNotClosedError(
            "What is known at %(moment)s may still change.",
            remedy="Leave the moment out for the newest settled one, which is %(settled)s.",
            moment=question.known_at.astimezone(clock.ZONE).isoformat(),
            settled=closed.astimezone(clock.ZONE).isoformat(),
        )
    db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    # A plan made for any class, day and university suits none of them.
    db.session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    rows = db.session.execute(select(University.id, University.code, University.name))
    reading = Reading(
        question=question,
        known_at=(question.known_at or closed).astimezone(clock.ZONE),
        viewer=viewer,
        universities={row.id: UniversityName(row.code, row.name) for row in rows},
    )
    for code in question.keys_of(Dimension.UNIVERSITY):
        reading.number_of(code)
    return reading
