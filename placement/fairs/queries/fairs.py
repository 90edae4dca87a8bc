"""Reads of fairs and their schedules."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.db import db
from placement.fairs.models import Fair, FairItem
from placement.notices.models import Notice, NoticeKind
from placement.students.models import Student


def visible_fairs(viewer: Viewer) -> Select[Fair]:
    """Select the fairs that concern a viewer: the province's and the own university's.

    A student sees those that are open to all or to their class, and no drafts.
    """
    return select(Fair).where(_concerns(viewer))


def _concerns(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.role is Role.PROVINCE:
        return true()
    own = or_(Fair.university_id.is_(None), Fair.university_id == viewer.university_id)
    if viewer.role is not Role.STUDENT:
        return own
    class_year = select(Student.class_year).where(Student.id == viewer.student_id).scalar_subquery()
    for_me = and_(own, ~Fair.is_draft)
    return and_(for_me, or_(Fair.class_year.is_(None), Fair.class_year == class_year))


def coming_fairs(viewer: Viewer, *, today: dt.date) -> Select[Fair]:
    """Select the visible fairs from today on that were not cancelled, the next first."""
    return (
        visible_fairs(viewer)
        .where(Fair.on >= today, Fair.cancelled_at.is_(None))
        .order_by(Fair.on, Fair.id)
    )


def past_fairs(viewer: Viewer, *, today: dt.date) -> Select[Fair]:
    """Select the visible fairs before today and the cancelled ones, the last first."""
    return (
        visible_fairs(viewer)
        .where(or_(Fair.on < today, Fair.cancelled_at.is_not(None)))
        .order_by(Fair.on.desc(), Fair.id.desc())
    )


def notices_of(fair: Fair) -> Sequence[Notice]:
    """The notices that announced a fair, the newest first."""
    return (
        db.session.execute(
            select(Notice)
            .where(Notice.kind == NoticeKind.FAIR, Notice.subject_id == fair.id)
            .order_by(Notice.id.desc())
        )
        .scalars()
        .all()
    )


def schedule_of(fair: Fair) -> Sequence[FairItem]:
    """What happens at a fair at a time of its own, by the hour."""
    return (
        db.session.execute(
            select(FairItem)
            .where(FairItem.fair_id == fair.id, FairItem.removed_at.is_(None))
            .order_by(FairItem.starts_at, FairItem.id)
        )
        .scalars()
        .all()
    )
