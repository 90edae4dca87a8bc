"""Sending what is due: a scheduled draft becomes a notice, once.

The row is locked while its notice is made, in one transaction with the mark that it has gone
out: two workers, a repeated wake-up or a crash make no second one. What cannot go out any more
as it was agreed to is set back to a draft with the reason, and nothing is sent.
"""

from sqlalchemy import or_, select

from placement import clock
from placement.accounts.models import User
from placement.accounts.queries import viewer_of
from placement.audit.operations import record_event
from placement.composing.models import DraftState, NoticeDraft
from placement.composing.operations.drafting import reopen
from placement.composing.queries import is_in
from placement.composing.texts import announcement_from, digest_of
from placement.config import Settings
from placement.db import db, system_scope, use_scope
from placement.errors import PlacementError
from placement.fairs.audience import audience_from, audience_of
from placement.fairs.operations.reminding import set_reminder
from placement.notices.models import Notice
from placement.notices.operations.announcing import announce


class TextChangedError(PlacementError):
    """The fair or a text was changed after somebody agreed to it."""

    code = "text_changed"


def send_draft(draft: NoticeDraft, *, settings: Settings) -> int:
    """Announce a scheduled draft to the people it was fixed to; the notice's number.

    Nobody is added to them; who does not fit any more is left out. Raises TextChangedError,
    FairOverError, ReminderDayError, AlreadyAnnouncedError, ChannelNotOfferedError, and
    InvalidValueError if nobody is left.
    """
    ids = draft.student_ids or []
    with use_scope(system_scope("send a notice at its time")):
        announcement = announcement_from(draft, settings)
        if digest_of(draft, announcement, ids) != draft.digest:
            raise TextChangedError(
                "The fair or a text has changed since this was agreed to.",
                remedy="Look at it and hand it in again.",
            )
        chosen = audience_of(
            draft.fair, audience_from(draft.audience), viewer=None, today=clock.today()
        ).where(is_in(ids))
        sender = db.session.get_one(User, draft.handed_in_by)
        told = announce(
            chosen, announcement, actor=viewer_of(sender), settings=settings, again=draft.again
        )
        if draft.remind_after_days is not None:
            notice = db.session.get_one(Notice, told.notice_id)
            set_reminder(notice, after_days=draft.remind_after_days, actor=viewer_of(sender))
    draft.state, draft.notice_id, draft.changed_at = DraftState.SENT, told.notice_id, clock.now()
    draft.version += 1
    record_event(
        "draft.sent",
        actor_id=None,
        subject=draft,
        details={"notice": told.notice_id, "people": told.audience},
    )
    return int(told.notice_id or 0)


def send_next_draft(settings: Settings) -> bool:
    """Send the scheduled draft that is due longest, or set it back; false if none is due.

    For a job under the program's own scope, one transaction each.
    """
    due = (
        select(NoticeDraft)
        .where(
            NoticeDraft.state == DraftState.SCHEDULED,
            or_(NoticeDraft.send_at.is_(None), NoticeDraft.send_at <= clock.now()),
        )
        .order_by(NoticeDraft.send_at, NoticeDraft.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=NoticeDraft)
    )
    draft = db.session.execute(due).scalar_one_or_none()
    if draft is None:
        return False
    try:
        send_draft(draft, settings=settings)
    except PlacementError as error:
        reopen(draft, setback=error.code)
        draft.version += 1
        record_event("draft.set_back", actor_id=None, subject=draft, details={"reason": error.code})
    return True
