"""Reads of the links of helpers: whom one opens, and who has one."""

from collections.abc import Sequence

from sqlalchemy import (
    exists,
    or_,
    select,
)
from sqlalchemy.orm import contains_eager

from placement import clock
from placement.accounts.models import User
from placement.accounts.queries import viewer_of
from placement.cases.models import Case
from placement.db import db
from placement.pairing.models import Pairing, PairingLink
from placement.students.models import Student
from placement.students.queries import in_scope


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
