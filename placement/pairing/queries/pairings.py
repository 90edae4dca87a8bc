"""Reads of pairings: who helps whom, and how it goes."""

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    exists,
    func,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from placement.accounts.viewer import Viewer
from placement.db import Base, db
from placement.pairing.models import Pairing, PairingWord
from placement.statements import SideBySide
from placement.students.queries import in_scope

StudentId = ColumnElement[int] | InstrumentedAttribute[int]
MONTH = dt.timedelta(days=31)
"""How long a helper may stay without a word before somebody asks."""


@dataclass(frozen=True, slots=True)
class Helping:
    """One pairing with what was written, the last first."""

    pairing: Pairing
    words: Sequence[PairingWord] = field(default_factory=tuple)

    def state(self, today: dt.date) -> str:
        """How the help stands, in one word of `state_of`."""
        last = max((word.helped_on for word in self.words), default=None)
        return state_of(self.pairing, last, today)


def visible_pairings(viewer: Viewer) -> Select[Pairing]:
    """Select the pairings of the students that the viewer may see."""
    return (
        select(Pairing)
        .join(Pairing.student)
        .where(in_scope(viewer))
        .options(contains_eager(Pairing.student), joinedload(Pairing.case))
    )


def running_pairings(viewer: Viewer, *, today: dt.date) -> Select[*tuple[Any, ...]]:
    """Select the pairings that have not ended with the day of the last word, the oldest first."""
    last = _last_word()
    return (
        visible_pairings(viewer)
        .add_columns(last.label("last"))
        .where(Pairing.ended_at.is_(None), Pairing.ends_on >= today)
        .order_by(func.coalesce(last, Pairing.starts_on), Pairing.id)
    )


def _last_word() -> ScalarSelect[dt.date]:
    return (
        select(func.max(PairingWord.helped_on))
        .where(PairingWord.pairing_id == Pairing.id, PairingWord.voided_at.is_(None))
        .correlate(Pairing)
        .scalar_subquery()
    )


def state_of(pairing: Pairing, last: dt.date | None, today: dt.date) -> str:
    """One word: ended, objected, coming, silent (a month without a word) or helping.

    `last` is the day of the last word.
    """
    if pairing.ended_at is not None or pairing.ends_on < today:
        return "ended"
    if pairing.objected:
        return "objected"
    if pairing.starts_on > today:
        return "coming"
    return "silent" if (last or pairing.starts_on) < today - MONTH else "helping"


WITH_HELP = (joinedload(Pairing.student), joinedload(PairingWord.noter))
"""What hangs on the rows of `help_of`."""


def helpings_of(student_id: int) -> list[Helping]:
    """Who helps a student or did, the newest first, in one statement."""
    return helpings_in(_all_help().read(student_id=student_id))


@functools.cache
def _all_help() -> SideBySide:
    return SideBySide(help_of(bindparam("student_id", type_=BigInteger)), *WITH_HELP)


def help_of(student: ColumnElement[int]) -> dict[type[Base], ColumnElement[bool]]:
    """The conditions of all that is kept of a student's helpers, to be read side by side."""
    return {
        Pairing: Pairing.student_id == student,
        PairingWord: and_(PairingWord.student_id == student, PairingWord.voided_at.is_(None)),
    }


def helpings_in(rows: Mapping[type[Base], list[Any]]) -> list[Helping]:
    """Who helps by rows that were read side by side, the newest first."""
    words: dict[int, list[PairingWord]] = {}
    for word in sorted(rows[PairingWord], key=lambda row: (row.helped_on, row.id), reverse=True):
        words.setdefault(word.pairing_id, []).append(word)
    return [Helping(pairing, words.get(pairing.id, ())) for pairing in reversed(rows[Pairing])]


def students_by_helper(student_id: int, viewer: Viewer, *, today: dt.date) -> dict[bytes, int]:
    """How many students that the viewer sees each helper of a student stands by, by helper key."""
    mine = select(Pairing.helper_key).where(Pairing.student_id == student_id)
    rows = db.session.execute(
        select(Pairing.helper_key, func.count())
        .join(Pairing.student)
        .where(
            in_scope(viewer),
            Pairing.helper_key.in_(mine),
            Pairing.ended_at.is_(None),
            Pairing.ends_on >= today,
        )
        .group_by(Pairing.helper_key)
    )
    return {row[0]: row[1] for row in rows}


def objected_to(
    student_id: StudentId, *, since: ColumnElement[Any] | InstrumentedAttribute[Any] | None = None
) -> ColumnElement[bool]:
    """The condition that a student objects to a pairing and nobody has settled it.

    `since` is a moment after which they said so; none for any.
    """
    after = true() if since is None else Pairing.objected_at > since
    return exists().where(
        after,
        Pairing.student_id == student_id,
        Pairing.ended_at.is_(None),
        Pairing.objected_at.is_not(None),
        Pairing.objection_settled_at.is_(None),
    )


def word_missing(student_id: StudentId, today: dt.date) -> ColumnElement[bool]:
    """The condition that a helper of a student has written nothing for a month."""
    return exists().where(
        Pairing.student_id == student_id,
        Pairing.ended_at.is_(None),
        Pairing.ends_on >= today,
        func.coalesce(_last_word(), Pairing.starts_on) < today - MONTH,
    )
