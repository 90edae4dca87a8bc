"""What happened between a notice and one person: messages, reading, the answer, the door."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from placement.db import db
from placement.fairs.models import FairResult, SignUp, SignUpState
from placement.fairs.words import word as fair_word
from placement.notices.models import Delivery, DeliveryEvent, Notice
from placement.notices.queries import stories_of
from placement.notices.words import channel_word, reason_word, state_tone, state_word

_ANSWERS = {
    SignUpState.COMING: ("good", "signed"),
    SignUpState.WAITING: ("due", "waiting"),
    SignUpState.WITHDRAWN: ("", "declined"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened: when, in words, by which way, and how it looks."""

    at: dt.datetime
    what: str
    way: str = ""
    tone: str = ""


def messages_to(notice: Notice, student_ids: Sequence[int]) -> dict[int, list[Delivery]]:
    """The messages of a notice to some students, by student."""
    found: dict[int, list[Delivery]] = {number: [] for number in student_ids}
    rows = db.session.execute(
        select(Delivery)
        .where(Delivery.notice_id == notice.id, Delivery.student_id.in_(student_ids))
        .order_by(Delivery.channel, Delivery.id)
    )
    for delivery in rows.scalars():
        found[delivery.student_id or 0].append(delivery)
    return found


def story_of(
    messages: Sequence[Delivery], answer: SignUp | None, results: Sequence[FairResult] = ()
) -> list[Happening]:
    """All that happened, in the order in which it did."""
    digests = [delivery.digest_id for delivery in messages if delivery.digest_id]
    events = stories_of([*(delivery.id for delivery in messages), *digests])
    told = [
        happening
        for delivery in messages
        for happening in (*_of_message(delivery, events), *_of_reading(delivery))
    ]
    noted = [
        Happening(
            at=result.noted_at,
            what=str(_("noted at the fair: %(what)s", what=fair_word(result.kind))),
            tone="good",
        )
        for result in results
    ]
    return sorted([*told, *_of_answer(answer), *noted], key=lambda happening: happening.at)


def results_of(notice: Notice, student_id: int) -> Sequence[FairResult]:
    """What was noted of the fair of a notice for one student."""
    found = select(FairResult).where(
        FairResult.fair_id == notice.subject_id,
        FairResult.student_id == student_id,
        FairResult.voided_at.is_(None),
    )
    return db.session.execute(found.order_by(FairResult.id)).scalars().all()


def _of_message(
    delivery: Delivery, events: Mapping[int, Sequence[DeliveryEvent]]
) -> list[Happening]:
    own = [(step, channel_word(delivery.channel)) for step in events[delivery.id]]
    digest = events[delivery.digest_id] if delivery.digest_id else ()
    return [
        Happening(
            at=step.at,
            what=state_word(step.to_state)
            + (_(": ") + reason_word(step.reason) if step.reason else ""),
            way=way,
            tone=state_tone(step.to_state),
        )
        for step, way in [*own, *((step, str(_("Digest"))) for step in digest)]
    ]


def _of_reading(delivery: Delivery) -> list[Happening]:
    if delivery.read_at is None:
        return []
    way = channel_word(delivery.channel)
    return [Happening(at=delivery.read_at, what=str(_("opened it")), way=way, tone="good")]


def _of_answer(answer: SignUp | None) -> list[Happening]:
    if answer is None:
        return []
    words = {
        "signed": _("signed up for the fair"),
        "waiting": _("joined the line for a place"),
        "declined": _("said that they do not come"),
    }
    tone, word = _ANSWERS[answer.state]
    happened = [Happening(at=answer.changed_at, what=str(words[word]), tone=tone)]
    if answer.came_at is not None:
        happened.append(Happening(at=answer.came_at, what=str(_("came to the fair")), tone="good"))
    return happened
