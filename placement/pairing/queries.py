"""Reads of pairings: who helps whom, by which link, and what they wrote."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from placement import clock
from placement.accounts.models import User
from placement.accounts.queries import viewer_of
from placement.accounts.viewer import Viewer
from placement.cases.models import Case
from placement.db import Base, db, read_side_by_side
from placement.errors import NotVisibleError
from placement.pairing.models import Pairing, PairingLink, PairingWord
from placement.students.models import Student
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
    return helpings_in(read_side_by_side(help_of(student_id), *WITH_HELP))


def help_of(student_id: int) -> dict[type[Base], ColumnElement[bool]]:
    """The conditions of all that is kept of a student's helpers, to be read side by side."""
    return {
        Pairing: Pairing.student_id == student_id,
        PairingWord: and_(PairingWord.student_id == student_id, PairingWord.voided_at.is_(None)),
    }


def helpings_in(rows: Mapping[type[Base], list[Any]]) -> list[Helping]:
    """Who helps by rows that were read side by side, the newest first."""
    words: dict[int, list[PairingWord]] = {}
    for word in sorted(rows[PairingWord], key=lambda row: (row.helped_on, row.id), reverse=True):
        words.setdefault(word.pairing_id, []).append(word)
    return [Helping(pairing, words.get(pairing.id, ())) for pairing in reversed(rows[Pairing])]


def linked_among(pairing_ids: Sequence[int]) -> set[int]:
    """Those of some pairings that a link of their helper has opened or opens."""
    rows = (
        select(Pairing.id)
        .join(PairingLink, PairingLink.helper_key == Pairing.helper_key)
        .where(
            Pairing.id.in_(pairing_ids),
            or_(PairingLink.withdrawn_at.is_(None), PairingLink.withdrawn_at > Pairing.made_at),
        )
    )
    return set(db.session.execute(rows).scalars())


def mailed_since(pairings: Sequence[Pairing]) -> set[bytes]:
    """The helper keys of those pairings after whose making a link was mailed."""
    rows = (
        select(Pairing.helper_key)
        .join(PairingLink, PairingLink.helper_key == Pairing.helper_key)
        .where(
            Pairing.id.in_([pairing.id for pairing in pairings]),
            PairingLink.shown_to.is_(None),
            PairingLink.made_at >= Pairing.made_at,
        )
    )
    return set(db.session.execute(rows).scalars())


def opened_by(link: PairingLink) -> list[Pairing]:
    """The pairings that a link opens now, by the student's name; none for one that is over.

    What was shown to a member of staff opens no more than they may see now, and nothing once
    their account is closed.
    """
    if link.withdrawn_at is not None or link.expires_at <= clock.now():
        return []
    today = clock.today()
    opened = (
        select(Pairing)
        .join(Pairing.student)
        .join(Pairing.case)
        .where(
            Pairing.helper_key == link.helper_key,
            Pairing.by_link,
            Pairing.ended_at.is_(None),
            Pairing.starts_on <= today,
            Pairing.ends_on >= today,
            or_(Pairing.objected_at.is_(None), Pairing.objection_settled_at.is_not(None)),
            Case.closed_on.is_(None),
            Student.data_key.is_not(None),
            Student.voided_at.is_(None),
        )
        .options(contains_eager(Pairing.student))
        .order_by(Student.name, Pairing.id)
    )
    if link.viewer is not None:
        if link.viewer.disabled_at is not None:
            return []
        opened = opened.where(in_scope(viewer_of(link.viewer)))
    return list(db.session.execute(opened).scalars())


def links_of(student_id: int) -> dict[int, PairingLink]:
    """The link that opens each pairing of a student, by the pairing's number; the newest one.

    One that is too old is named where there is no other.
    """
    rows = db.session.execute(
        select(Pairing, PairingLink)
        .join(PairingLink, PairingLink.helper_key == Pairing.helper_key)
        .outerjoin(PairingLink.viewer)
        .where(
            Pairing.student_id == student_id,
            Pairing.by_link,
            PairingLink.withdrawn_at.is_(None),
            User.disabled_at.is_(None),
        )
        .options(contains_eager(PairingLink.viewer))
        .order_by(PairingLink.made_at)
    )
    return {
        pairing.id: link
        for pairing, link in rows
        if link.viewer is None or _sees(link.viewer, student_id)
    }


def _sees(staff: User, student_id: int) -> bool:
    seen = exists().where(Student.id == student_id, in_scope(viewer_of(staff)))
    return bool(db.session.execute(select(seen)).scalar_one())


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


def words_by_links(pairings: Sequence[Pairing]) -> dict[int, list[PairingWord]]:
    """What the helper of some pairings wrote by a link, by the pairing's number, the last first."""
    rows = db.session.execute(
        select(PairingWord)
        .join(PairingLink, PairingLink.id == PairingWord.link_id)
        .join(Pairing, Pairing.id == PairingWord.pairing_id)
        .where(
            Pairing.id.in_([pairing.id for pairing in pairings]),
            PairingLink.helper_key == Pairing.helper_key,
            PairingWord.voided_at.is_(None),
        )
        .order_by(PairingWord.helped_on.desc(), PairingWord.id.desc())
    )
    words: dict[int, list[PairingWord]] = {}
    for word in rows.scalars():
        words.setdefault(word.pairing_id, []).append(word)
    return words


def last_words(pairings: Sequence[Pairing]) -> dict[int, dt.date]:
    """The day of the last word of some pairings that have one, whoever noted it."""
    rows = db.session.execute(
        select(PairingWord.pairing_id, func.max(PairingWord.helped_on))
        .where(
            PairingWord.pairing_id.in_([pairing.id for pairing in pairings]),
            PairingWord.voided_at.is_(None),
        )
        .group_by(PairingWord.pairing_id)
    )
    return {row[0]: row[1] for row in rows}


def word_of(pairing: Pairing, word_id: int) -> PairingWord:
    """One word of this pairing. Raises NotVisibleError for one of another."""
    return word_among([pairing], word_id)


def word_among(pairings: Sequence[Pairing], word_id: int) -> PairingWord:
    """One word of these pairings. Raises NotVisibleError for one of another."""
    among = PairingWord.pairing_id.in_([pairing.id for pairing in pairings])
    found = db.session.execute(
        select(PairingWord).where(among, PairingWord.id == word_id)
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
