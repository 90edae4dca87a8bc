"""What a student wants to hear of, by which ways, and how often."""

from collections.abc import Collection, Mapping

from sqlalchemy import select, text

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.db import db, system_scope, use_scope
from placement.notices.digests import Rhythm, next_digest
from placement.notices.models import Channel, MailRhythm, OptOut
from placement.notices.operations.suppressing import opt_in, opt_out
from placement.notices.topics import KINDS_OF, Topic, topic_of

_SET_RHYTHM = text(
    """
    INSERT INTO mail_rhythms (student_id, rhythm) VALUES (:student, :rhythm)
    ON CONFLICT (student_id) DO UPDATE SET rhythm = excluded.rhythm, since = placement_now()
    """
)
# What waited for a digest of the old rhythm goes to the next one of the new, or out at once.
_MOVE = text(
    """
    WITH changed AS (
        UPDATE deliveries SET state = CASE WHEN :at_once THEN 'pending' ELSE 'held' END,
            reason = CASE WHEN :at_once THEN NULL ELSE 'digest' END,
            next_try_at = coalesce(CAST(:moment AS timestamptz), placement_now())
        WHERE student_id = :student AND state = 'held' AND reason = 'digest'
          AND (:at_once OR expires_at > CAST(:moment AS timestamptz))
        RETURNING id, state
    )
    INSERT INTO delivery_events (delivery_id, from_state, to_state, worker, reason)
    SELECT id, 'held', state, 'student', 'rhythm_changed' FROM changed
    """
)


def rhythm_of(student_id: int) -> Rhythm:
    """How often a student is written to by mail."""
    found = db.session.execute(
        select(MailRhythm.rhythm).where(MailRhythm.student_id == student_id)
    ).scalar_one_or_none()
    return found or Rhythm.AT_ONCE


def choose_topics(
    viewer: Viewer,
    wanted: Mapping[Topic, Collection[Channel]],
    *,
    offered: Mapping[Topic, Collection[Channel]],
) -> None:
    """Set by which of the offered channels a student hears of each topic.

    The inbox always has everything; a channel that was not offered keeps what was chosen before.
    """
    if viewer.student_id is None:
        return
    for topic, channels in offered.items():
        for channel in channels:
            change = opt_in if channel in wanted[topic] else opt_out
            for kind in KINDS_OF[topic]:
                change(viewer.student_id, kind, channel)


def unwanted_channels(student_id: int) -> dict[Topic, set[Channel]]:
    """By which channels a student does not want to hear of each topic."""
    rows = db.session.execute(
        select(OptOut.kind, OptOut.channel).where(OptOut.student_id == student_id)
    ).all()
    unwanted: dict[Topic, set[Channel]] = {topic: set() for topic in Topic}
    for kind, channel in rows:
        topic = topic_of(kind)
        if topic is not None:
            unwanted[topic].add(channel)
    return unwanted


def choose_rhythm(viewer: Viewer, rhythm: Rhythm) -> None:
    """Set how often a student is written to by mail; what waits already follows the choice."""
    if viewer.student_id is None or rhythm is rhythm_of(viewer.student_id):
        return
    db.session.execute(_SET_RHYTHM, {"student": viewer.student_id, "rhythm": rhythm.value})
    with use_scope(system_scope("what waits follows the rhythm")):
        moment = next_digest(rhythm, clock.now())
        values = {"student": viewer.student_id, "moment": moment, "at_once": moment is None}
        db.session.execute(_MOVE, values)
    record_event(
        "messages.rhythm_chosen",
        actor_id=viewer.user_id,
        subject="students",
        subject_id=viewer.student_id,
        details={"rhythm": rhythm.value},
    )
