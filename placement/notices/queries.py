"""Reads of notices: the running ones, their deliveries and each one's story, a student's inbox."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true

from placement import clock
from placement.accounts.models import Role, User
from placement.accounts.viewer import Viewer
from placement.db import SQL_NOW, db
from placement.notices.models import (
    FINAL_STATES,
    PERSONAL_KINDS,
    Channel,
    ChannelStatus,
    Delivery,
    DeliveryEvent,
    DeliveryState,
    Notice,
    NoticeKind,
    OptOut,
    Recipient,
    Suppression,
)
from placement.students.models import Student
from placement.students.queries import in_scope

Counts = Mapping[Channel, Mapping[DeliveryState, int]]


def visible_notices(viewer: Viewer) -> Select[Notice]:
    """Select the notices that a viewer looks after, the newest first.

    The province sees all, a university its own; what concerns one person alone is in no list.
    """
    notices = select(Notice).where(Notice.kind.not_in(PERSONAL_KINDS))
    if viewer.role is Role.UNIVERSITY:
        own = Notice.university_id == viewer.university_id
        notices = notices.where(or_(own, Notice.created_by == viewer.user_id))
    elif viewer.role is not Role.PROVINCE:
        notices = notices.where(false())
    return notices.order_by(Notice.created_at.desc(), Notice.id.desc())


def visible_deliveries(viewer: Viewer) -> Select[Delivery]:
    """Select the deliveries to students in the viewer's scope."""
    return select(Delivery).join(Student, Student.id == Delivery.student_id).where(in_scope(viewer))


def deliveries_of(
    notice: Notice,
    viewer: Viewer,
    *,
    channel: Channel | None = None,
    state: DeliveryState | None = None,
) -> Select[*tuple[Any, ...]]:
    """Select the deliveries of a notice with their students, narrowed by channel and state."""
    return (
        select(Delivery, Student)
        .join(Student, Student.id == Delivery.student_id)
        .where(
            in_scope(viewer),
            Delivery.notice_id == notice.id,
            true() if channel is None else Delivery.channel == channel,
            true() if state is None else Delivery.state == state,
        )
        .order_by(Delivery.channel, Delivery.id)
    )


def count_states(notice_ids: Sequence[int]) -> dict[int, dict[Channel, dict[DeliveryState, int]]]:
    """Count the deliveries of notices by channel and state; states of nobody are zero."""
    rows = db.session.execute(
        select(Delivery.notice_id, Delivery.channel, Delivery.state, func.count())
        .where(Delivery.notice_id.in_(notice_ids))
        .group_by(Delivery.notice_id, Delivery.channel, Delivery.state)
    )
    counts: dict[int, dict[Channel, dict[DeliveryState, int]]] = {n: {} for n in notice_ids}
    for notice_id, channel, state, number in rows:
        blank = dict.fromkeys(DeliveryState, 0)
        counts[notice_id].setdefault(channel, blank)[state] = number
    return counts


def recipient_of(notice: Notice) -> Recipient:
    """Whether a notice goes to students or to staff."""
    to_staff = select(Delivery.id).where(
        Delivery.notice_id == notice.id, Delivery.user_id.is_not(None)
    )
    found = db.session.execute(to_staff.limit(1)).first()
    return Recipient.STUDENT if found is None else Recipient.STAFF


def count_reasons(notice: Notice) -> dict[DeliveryState, Counter[str]]:
    """Count why deliveries of a notice are held, skipped, failed or in doubt, by codes."""
    rows = db.session.execute(
        select(Delivery.state, Delivery.reason, func.count())
        .where(Delivery.notice_id == notice.id, Delivery.reason.is_not(None))
        .group_by(Delivery.state, Delivery.reason)
    )
    reasons: dict[DeliveryState, Counter[str]] = {}
    for state, reason, number in rows:
        reasons.setdefault(state, Counter())[str(reason)] += number
    return reasons


@dataclass(frozen=True, slots=True)
class Progress:
    """How a notice stands, by one reading of its deliveries."""

    counts: Mapping[Channel, Mapping[DeliveryState, int]]
    reasons: Mapping[DeliveryState, Counter[str]]
    """Why deliveries are held, skipped, failed or in doubt, by codes."""
    per_minute: int
    """How many messages went out in the last minute."""
    next_due: dt.datetime | None
    """When the next held or waiting delivery is due, if it is not due yet."""

    @property
    def moving(self) -> bool:
        """Whether anything can still change by itself."""
        still = {*FINAL_STATES, DeliveryState.UNCERTAIN}
        return any(
            number
            for states in self.counts.values()
            for state, number in states.items()
            if state not in still
        )


def progress_of(notice: Notice) -> Progress:
    """Read how a notice stands; states of nobody are zero."""
    ways = (Delivery.channel, Delivery.state, Delivery.reason)
    lately = clock.now() - dt.timedelta(minutes=1)
    went_out = and_(Delivery.channel != Channel.INBOX, Delivery.state == DeliveryState.SENT)
    waiting = Delivery.state.in_((DeliveryState.HELD, DeliveryState.PENDING))
    rows = db.session.execute(
        select(
            *ways,
            func.count(),
            func.count().filter(went_out, Delivery.sent_at > lately),
            func.min(Delivery.next_try_at).filter(waiting, Delivery.next_try_at > SQL_NOW),
        )
        .where(Delivery.notice_id == notice.id)
        .group_by(*ways)
    ).all()
    counts: dict[Channel, dict[DeliveryState, int]] = {}
    reasons: dict[DeliveryState, Counter[str]] = {}
    for channel, state, reason, number, *_more in rows:
        counts.setdefault(channel, dict.fromkeys(DeliveryState, 0))[state] += number
        if reason is not None:
            reasons.setdefault(state, Counter())[str(reason)] += number
    dues = [row[5] for row in rows if row[5] is not None]
    return Progress(counts, reasons, sum(row[4] for row in rows), min(dues, default=None))


def stories_of(delivery_ids: Sequence[int]) -> dict[int, list[DeliveryEvent]]:
    """What happened to deliveries, in order."""
    events = db.session.execute(
        select(DeliveryEvent)
        .where(DeliveryEvent.delivery_id.in_(delivery_ids))
        .order_by(DeliveryEvent.delivery_id, DeliveryEvent.id)
    ).scalars()
    stories: dict[int, list[DeliveryEvent]] = {number: [] for number in delivery_ids}
    for event in events:
        stories[event.delivery_id].append(event)
    return stories


def troubled_channels() -> list[ChannelStatus]:
    """The channels that are left alone for a while or until a person acts."""
    return list(
        db.session.execute(
            select(ChannelStatus)
            .where(or_(ChannelStatus.failures > 0, ChannelStatus.stopped_reason.is_not(None)))
            .order_by(ChannelStatus.channel)
        ).scalars()
    )


def inbox_of(viewer: Viewer) -> Select[Delivery]:
    """Select a student's messages, the newest first; the text comes from each one's notice."""
    return (
        visible_deliveries(viewer)
        .where(
            Delivery.student_id == viewer.student_id,
            Delivery.channel == Channel.INBOX,
            Delivery.state == DeliveryState.SENT,
        )
        .order_by(Delivery.created_at.desc(), Delivery.id.desc())
    )


def has_confirmed_address(viewer: Viewer) -> bool:
    """Whether a member of staff may be written to at an address that they confirmed."""
    confirmed = select(User.id).where(
        User.id == viewer.user_id, User.email_sealed.is_not(None), User.email_index.is_not(None)
    )
    return db.session.execute(confirmed).first() is not None


def mails_to(viewer: Viewer) -> Select[Delivery]:
    """Select the mails to a member of staff, the newest first."""
    return (
        select(Delivery)
        .where(Delivery.user_id == viewer.user_id)
        .order_by(Delivery.created_at.desc(), Delivery.id.desc())
    )


def count_unread(student_id: int) -> int:
    """How many messages a student has not opened yet."""
    return db.session.execute(
        select(func.count()).where(
            Delivery.student_id == student_id,
            Delivery.channel == Channel.INBOX,
            Delivery.state == DeliveryState.SENT,
            Delivery.read_at.is_(None),
        )
    ).scalar_one()


def delivery_by_uid(uid: uuid.UUID) -> Delivery | None:
    """The delivery of a `uid`, as a Message-ID or a signed link names it."""
    return db.session.execute(select(Delivery).where(Delivery.uid == uid)).scalar_one_or_none()


def opted_out_channels(
    student_id: int | None, kind: NoticeKind, *, user_id: int | None = None
) -> set[Channel]:
    """The channels by which a student, or a member of staff, does not want notices of a kind."""
    whose = OptOut.user_id == user_id if student_id is None else OptOut.student_id == student_id
    return set(
        db.session.execute(select(OptOut.channel).where(whose, OptOut.kind == kind)).scalars()
    )


def closed_addresses(student: Student) -> list[Suppression]:
    """The suppressions in force for a student's addresses; read under the program's own scope."""
    return list(
        db.session.execute(
            select(Suppression).where(
                or_(_is(Channel.MAIL, student.email_index), _is(Channel.SMS, student.mobile_index)),
                Suppression.since <= SQL_NOW,
                or_(Suppression.until.is_(None), Suppression.until > SQL_NOW),
            )
        ).scalars()
    )


def _is(channel: Channel, index: bytes | None) -> ColumnElement[bool]:
    return and_(Suppression.channel == channel, Suppression.address_index == index)
