"""Reads of pairings: who helps whom, by which link, and what they wrote."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from placement.accounts.viewer import Viewer
from placement.db import Base, db, read_side_by_side
from placement.errors import NotVisibleError
from placement.pairing.models import Pairing, PairingLink, PairingWord
from placement.students.queries import in_scope

StudentId = ColumnElement[int] | InstrumentedAttribute[int]
MONTH = dt.timedelta(days=31)
"""How long a helper may stay without a word before somebody asks."""


@dataclass(frozen=True, slots=True)
class Helping:
    """One pairing with the link that lives and what was written, the last first."""

    pairing: Pairing
    link: PairingLink | None = None
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
    return helpings_in(read_side_by_side(help_of(student_id), *WITH_HELP))


def help_of(student_id: int) -> dict[type[Base], ColumnElement[bool]]:
    """The conditions of all that is kept of a student's helpers, to be read side by side."""
    return {
        Pairing: Pairing.student_id == student_id,
        PairingLink: and_(PairingLink.student_id == student_id, PairingLink.withdrawn_at.is_(None)),
        PairingWord: and_(PairingWord.student_id == student_id, PairingWord.voided_at.is_(None)),
    }


def helpings_in(rows: Mapping[type[Base], list[Any]]) -> list[Helping]:
    """Who helps by rows that were read side by side, the newest first."""
    links = {link.pairing_id: link for link in rows[PairingLink]}
    words: dict[int, list[PairingWord]] = {}
    for word in sorted(rows[PairingWord], key=lambda row: (row.helped_on, row.id), reverse=True):
        words.setdefault(word.pairing_id, []).append(word)
    return [
        Helping(pairing, links.get(pairing.id), words.get(pairing.id, ()))
        for pairing in reversed(rows[Pairing])
    ]


def linked_among(pairing_ids: Sequence[int]) -> set[int]:
    """Those of some pairings for which a link was ever made."""
    rows = select(PairingLink.pairing_id).where(PairingLink.pairing_id.in_(pairing_ids))
    return set(db.session.execute(rows).scalars())


def helping_of(pairing: Pairing) -> Helping:
    """One pairing with its link and words."""
    return next(each for each in helpings_of(pairing.student_id) if each.pairing.id == pairing.id)


def word_of(pairing: Pairing, word_id: int) -> PairingWord:
    """One word of this pairing. Raises NotVisibleError for one of another."""
    found = db.session.execute(
        select(PairingWord).where(PairingWord.pairing_id == pairing.id, PairingWord.id == word_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotVisibleError("The helper wrote no such word.")
    return found


def opened_word(pairing: Pairing, word: PairingWord) -> str:
    """What a helper wrote, in clear; empty for an erased person."""
    key = pairing.student.key()
    return "" if key is None else key.open(word.text_sealed, "pairing_words.text", word.uid)


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
