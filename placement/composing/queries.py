"""Reads of drafts: whose they are, whom they reach, whom they do not and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    any_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import joinedload

from placement import clock
from placement.accounts.models import Role, User
from placement.accounts.viewer import Viewer
from placement.composing.models import DraftState, NoticeDraft
from placement.db import db, system_scope, use_scope
from placement.fairs.audience import Audience, audience_from, audience_of, left_out_of
from placement.fairs.models import Fair
from placement.notices.models import Channel, Delivery, Notice, NoticeKind
from placement.notices.objections import objection_to
from placement.notices.queries import mails_to
from placement.students.models import Student
from placement.students.queries import in_scope

FIXED = (DraftState.WAITING, DraftState.SCHEDULED, DraftState.SENT)
"""In these states who is in the audience is fixed."""


def visible_drafts(viewer: Viewer) -> Select[NoticeDraft]:
    """Select the drafts that a viewer looks after, those changed last first.

    The province sees all, a university its own.
    """
    drafts = select(NoticeDraft)
    if viewer.role is Role.UNIVERSITY:
        drafts = drafts.where(NoticeDraft.university_id == viewer.university_id)
    elif viewer.role is not Role.PROVINCE:
        drafts = drafts.where(false())
    return drafts.order_by(NoticeDraft.changed_at.desc(), NoticeDraft.id.desc())


def drafts_in(viewer: Viewer, states: Sequence[DraftState]) -> Select[NoticeDraft]:
    """Select the visible drafts in some states with their fairs and people."""
    return (
        visible_drafts(viewer)
        .where(NoticeDraft.state.in_(states))
        .options(joinedload(NoticeDraft.fair), joinedload(NoticeDraft.creator))
    )


def to_release(viewer: Viewer) -> Select[NoticeDraft]:
    """Select the drafts that wait for a second person and that the viewer may release."""
    mine = NoticeDraft.handed_in_by == viewer.user_id
    return drafts_in(viewer, [DraftState.WAITING]).where(~mine)


def count_by_state(viewer: Viewer) -> dict[DraftState, int]:
    """Count the visible drafts by state."""
    visible = visible_drafts(viewer).order_by(None).subquery()
    rows = db.session.execute(select(visible.c.state, func.count()).group_by(visible.c.state))
    return dict.fromkeys(DraftState, 0) | {DraftState(state): count for state, count in rows}


def count_to_release(viewer: Viewer) -> int:
    """How many drafts wait for the viewer's release."""
    waiting = to_release(viewer).order_by(None).subquery()
    return db.session.execute(select(func.count()).select_from(waiting)).scalar_one()


def earlier_texts(viewer: Viewer, *, limit: int = 10) -> Sequence[NoticeDraft]:
    """The drafts whose words may be used again, the last first; one for each text."""
    latest = (
        visible_drafts(viewer)
        .order_by(None)
        .where(or_(NoticeDraft.message != "", NoticeDraft.message_en != ""))
        .group_by(NoticeDraft.message, NoticeDraft.message_en)
        .with_only_columns(func.max(NoticeDraft.id))
    )
    found = (
        select(NoticeDraft)
        .where(NoticeDraft.id.in_(latest))
        .options(joinedload(NoticeDraft.fair))
        .order_by(NoticeDraft.id.desc())
        .limit(limit)
    )
    return db.session.execute(found).scalars().all()


def other_releasers(draft: NoticeDraft) -> int:
    """How many others could release a draft that its `handed_in_by` or creator hands in."""
    asker = draft.handed_in_by or draft.created_by
    same_house = (
        (User.role == Role.UNIVERSITY) & (User.university_id == draft.university_id)
        if draft.university_id is not None
        else false()
    )
    return db.session.execute(
        select(func.count()).where(
            or_(User.role == Role.PROVINCE, same_house),
            User.disabled_at.is_(None),
            User.id != asker,
        )
    ).scalar_one()


def own_tests(draft: NoticeDraft, viewer: Viewer, *, limit: int = 4) -> Sequence[Delivery]:
    """The tests of a draft that a viewer sent to themselves, the last first."""
    found = (
        mails_to(viewer)
        .join(Notice, Notice.id == Delivery.notice_id)
        .where(Notice.kind == NoticeKind.TEST, Notice.subject_id == draft.id)
        .limit(limit)
    )
    return db.session.execute(found).scalars().all()


def is_in(ids: Sequence[int]) -> ColumnElement[bool]:
    """The condition that a student is one of many `ids`, given as one value."""
    return Student.id == any_(literal(list(ids), ARRAY(BigInteger)))


def chosen_by(draft: NoticeDraft, viewer: Viewer) -> Select[int]:
    """Select who is in the audience of a draft and visible: the fixed ones, else as of now."""
    if draft.state in FIXED:
        return select(Student.id).where(in_scope(viewer), is_in(draft.student_ids or []))
    audience = audience_from(draft.audience)
    return audience_of(draft.fair, audience, viewer=viewer, today=clock.today())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How many people an audience has, and by channel how many get nothing and why."""

    people: int
    objections: Mapping[Channel, Mapping[str, int]]
    unreached: int
    """Whom no channel reaches."""
    without_account: int
    """Who have no account yet and so cannot open their inbox; 0 where it is not chosen."""
    left_out: Mapping[str, int]

    def reached(self, channel: Channel) -> int:
        """How many get it by a channel."""
        return self.people - sum(self.objections[channel].values())


def reach_of(
    fair: Fair, audience: Audience, channels: Sequence[Channel], *, viewer: Viewer
) -> Reach:
    """Count whom a choice reaches today and whom it does not."""
    today = clock.today()
    chosen = audience_of(fair, audience, viewer=viewer, today=today)
    left = left_out_of(fair, audience, viewer=viewer, today=today)
    return _reach(chosen, left, channels)


def reach_of_draft(draft: NoticeDraft, *, viewer: Viewer) -> Reach:
    """Count whom a draft reaches: of the people fixed when it was handed in, else of today."""
    audience = audience_from(draft.audience)
    left = left_out_of(draft.fair, audience, viewer=viewer, today=clock.today())
    return _reach(chosen_by(draft, viewer), left, [Channel(code) for code in draft.channels])


def _reach(chosen: Select[int], left_out: Select[int, str], channels: Sequence[Channel]) -> Reach:
    judged = (
        select(*_objections(channels), _has_no_account().label("no_account"))
        .where(Student.id.in_(chosen.order_by(None)))
        .subquery()
    )
    found: dict[Channel, Counter[str]] = {channel: Counter() for channel in channels}
    people = unreached = without_account = 0
    with use_scope(system_scope("count whom a notice reaches")):
        rows = db.session.execute(select(*judged.c, func.count()).group_by(*judged.c)).all()
        reasons = left_out.subquery()
        left = db.session.execute(
            select(reasons.c.reason, func.count()).group_by(reasons.c.reason)
        ).all()
    for *objections, no_account, count in rows:
        people += count
        without_account += count if no_account and Channel.INBOX in channels else 0
        unreached += count if all(objections) else 0
        for channel, objection in zip(channels, objections, strict=True):
            if objection:
                found[channel][objection] += count
    return Reach(
        people=people,
        objections=found,
        unreached=unreached,
        without_account=without_account,
        left_out={row.reason: int(row[1]) for row in left},
    )


def _objections(channels: Sequence[Channel]) -> list[ColumnElement[Any]]:
    return [objection_to(channel, NoticeKind.FAIR).label(channel.value) for channel in channels]


def _has_no_account() -> ColumnElement[bool]:
    return ~exists().where(
        User.student_id == Student.id, User.password_hash.is_not(None), User.disabled_at.is_(None)
    )


def unreached_by(
    draft: NoticeDraft, *, viewer: Viewer, way: str = "", reason: str = ""
) -> Select[*tuple[Any, ...]]:
    """Select the students a draft does not reach by a way, with that way and the reason.

    The way is a channel, or `none` for those the choice left out. For the inbox it is those
    who have no account yet: the message waits there for them.
    """
    missed = _missed(draft, viewer).subquery()
    query = (
        select(Student, missed.c.way, missed.c.reason)
        .join(missed, missed.c.id == Student.id)
        .options(joinedload(Student.university))
    )
    if way:
        query = query.where(missed.c.way == way)
    if reason:
        query = query.where(missed.c.reason == reason)
    # Whom it waits for comes after whom it does not reach.
    waits = missed.c.way == Channel.INBOX.value
    return query.order_by(waits, missed.c.way, missed.c.reason, Student.id)


def _missed(draft: NoticeDraft, viewer: Viewer) -> CompoundSelect[int, str, str]:
    chosen = chosen_by(draft, viewer).order_by(None)
    audience = audience_from(draft.audience)
    left = left_out_of(draft.fair, audience, viewer=viewer, today=clock.today()).subquery()
    parts: list[Select[Any]] = [select(left.c.id, literal("none").label("way"), left.c.reason)]
    for channel in map(Channel, draft.channels):
        why: ColumnElement[Any] = objection_to(channel, NoticeKind.FAIR)
        if channel is Channel.INBOX:
            why = case((_has_no_account(), "no_account"))
        judged = select(Student.id, why.label("reason")).where(Student.id.in_(chosen)).subquery()
        parts.append(
            select(judged.c.id, literal(channel.value).label("way"), judged.c.reason).where(
                judged.c.reason.is_not(None)
            )
        )
    return union_all(*parts)
