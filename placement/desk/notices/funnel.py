"""The way of a notice's people, step by step: chosen, told, read, answered, come, what came of it.

Counted in people, not in messages: somebody is as far as the best of the ways by which they were
told. Reading is what the inbox saw, or an answer; no mail carries a picture or a link that tells.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, or_, select, true
from sqlalchemy.orm import aliased

from placement.accounts.models import User
from placement.accounts.viewer import Viewer
from placement.db import db
from placement.fairs.models import FairResult, ResultKind, SignUp, SignUpState
from placement.notices.models import Channel, Delivery, DeliveryState, Notice, NoticeKind
from placement.students.models import Student
from placement.students.queries import in_scope


class Step(enum.StrEnum):
    """How far a person is; each step but the first asks for something of the one before."""

    CHOSEN = "chosen"
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    COMING = "coming"
    CAME = "came"
    RESULT = "result"


_ALL_KINDS = (Step.CHOSEN, Step.QUEUED, Step.SENT, Step.DELIVERED, Step.READ)
_FAIRS = (NoticeKind.FAIR, NoticeKind.REMINDER)
_OF_FAIRS = (*_ALL_KINDS, Step.COMING, Step.CAME, Step.RESULT)


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many of a notice's people, in the viewer's scope, are at least at each step."""

    counts: Mapping[Step, int]

    @property
    def chosen(self) -> int:
        """Whom it was made for."""
        return self.counts[Step.CHOSEN]

    def rows(self) -> list[tuple[Step, int, int]]:
        """Each step with how many reached it and how many did not."""
        return [(step, reached, self.chosen - reached) for step, reached in self.counts.items()]


def steps_of(notice: Notice) -> tuple[Step, ...]:
    """The steps that a notice of its kind can have."""
    return _OF_FAIRS if notice.kind in _FAIRS else _ALL_KINDS


def count_steps(notice: Notice, *, channel: Channel | None = None) -> Funnel:
    """Count how far the people of a notice are, by any way or by one `channel` alone."""
    people = _people(notice, channel)
    conditions = _conditions(notice, people)
    counted = select(*(func.count().filter(conditions[step]) for step in steps_of(notice)))
    counted = counted.select_from(people).outerjoin(SignUp, _answer(notice, people))
    row = db.session.execute(counted).one()
    return Funnel(dict(zip(steps_of(notice), row, strict=True)))


def people_of(
    notice: Notice,
    viewer: Viewer,
    *,
    step: Step = Step.CHOSEN,
    lacking: bool = False,
    channel: Channel | None = None,
) -> Select[*tuple[Any, ...]]:
    """Select the people who reached a step, or with `lacking` those who did not, by name.

    Each row is the student with their answer, which is none where there is no answer.
    """
    people = _people(notice, channel)
    reached = _conditions(notice, people)[step if step in steps_of(notice) else Step.CHOSEN]
    return (
        select(Student, SignUp)
        .join(people, people.c.student_id == Student.id)
        .outerjoin(SignUp, _answer(notice, people))
        .where(in_scope(viewer), not_(func.coalesce(reached, False)) if lacking else reached)
        .order_by(Student.name_key, Student.id)
    )


def _people(notice: Notice, channel: Channel | None) -> Any:
    """One row a person: whether anything was made, went out, arrived, was opened.

    By one channel everybody has one row already, and nothing is put together.
    """
    # What waits in an inbox that nobody can open yet has told nobody.
    opens = select(User.student_id).where(
        User.student_id.is_not(None), User.password_hash.is_not(None), User.disabled_at.is_(None)
    )
    inbox, opened = Delivery.channel == Channel.INBOX, Delivery.student_id.in_(opens)
    made = or_(Delivery.state != DeliveryState.SKIPPED, Delivery.digest_id.is_not(None))
    arrived = or_(
        Delivery.state == DeliveryState.DELIVERED,
        and_(inbox, Delivery.state == DeliveryState.SENT, opened),
    )
    found = {
        "queued": made,
        "sent": and_(_went_out_at().is_not(None), or_(not_(inbox), opened)),
        "arrived": arrived,
        "read": Delivery.read_at.is_not(None),
    }
    rows = select(Delivery.student_id).where(
        Delivery.notice_id == notice.id, Delivery.student_id.is_not(None)
    )
    if channel is not None:
        one = rows.add_columns(*(held.label(name) for name, held in found.items()))
        return one.where(Delivery.channel == channel).subquery("people")
    any_way = (func.bool_or(held).label(name) for name, held in found.items())
    return rows.add_columns(*any_way).group_by(Delivery.student_id).subquery("people")


def _went_out_at() -> ColumnElement[Any]:
    """When a message went out, by itself or in the digest for which it waited."""
    digest = aliased(Delivery)
    then = select(digest.sent_at).where(digest.id == Delivery.digest_id).scalar_subquery()
    return case((Delivery.digest_id.is_not(None), then), else_=Delivery.sent_at)


def _answer(notice: Notice, people: Any) -> ColumnElement[bool]:
    fair = notice.subject_id if notice.kind in _FAIRS else None
    return and_(SignUp.fair_id == fair, SignUp.student_id == people.c.student_id)


def _conditions(notice: Notice, people: Any) -> dict[Step, ColumnElement[bool]]:
    """The condition of each step; who answered has read it, and who read it has it."""
    with_result = select(FairResult.student_id).where(
        FairResult.fair_id == notice.subject_id,
        FairResult.voided_at.is_(None),
        FairResult.kind != ResultKind.NO_INTEREST,
    )
    answered = SignUp.id.is_not(None)
    read = or_(people.c.read, answered)
    return {
        Step.CHOSEN: true(),
        Step.QUEUED: people.c.queued,
        Step.SENT: people.c.sent,
        Step.DELIVERED: or_(people.c.arrived, read),
        Step.READ: read,
        Step.COMING: SignUp.state.in_((SignUpState.COMING, SignUpState.WAITING)),
        Step.CAME: SignUp.came_at.is_not(None),
        Step.RESULT: people.c.student_id.in_(with_result),
    }
