"""Writing drafts: make, change, discard and take up again."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations import claim_version
from placement.composing.models import DraftState, NoticeDraft
from placement.db import db
from placement.errors import InvalidValueError, PlacementError
from placement.fairs.audience import Audience
from placement.fairs.models import Fair
from placement.fairs.operations.reminding import require_reminder_in_time
from placement.fairs.operations.standing import end_of, require_ahead
from placement.notices.models import Channel
from placement.notices.neutral import is_neutral

OPEN = (DraftState.DRAFT, DraftState.WAITING, DraftState.SCHEDULED)


class NamesReasonError(InvalidValueError):
    """The words tell why people are in the register."""

    code = "names_reason"


class SendTimeError(InvalidValueError):
    """The time at which it is to go out makes no sense."""

    code = "send_time"


class DraftClosedError(PlacementError):
    """The draft has gone out or was discarded."""

    code = "draft_closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPlan:
    """What a draft is: whom it tells, by which ways, with which words, and when."""

    audience: Audience
    channels: Sequence[Channel]
    message: str = ""
    message_en: str = ""
    send_at: dt.datetime | None = None
    remind_after_days: int | None = None
    again: bool = False

    def check(self, fair: Fair) -> None:
        """Raise what is wrong with it.

        FairOverError, SendTimeError, ReminderDayError, NamesReasonError or InvalidValueError.
        """
        require_ahead(fair)
        if not self.channels:
            raise InvalidValueError(
                "No channel was chosen.", remedy="Choose mail, SMS or the inbox.", field="channels"
            )
        if not is_neutral(self.message) or not is_neutral(self.message_en):
            raise NamesReasonError(
                "These words tell why somebody is in the register; others may read them.",
                remedy="Say it without naming a category.",
            )
        if self.send_at is not None and self.send_at <= clock.now():
            raise SendTimeError("This time is past.", remedy="Choose a later one, or send at once.")
        if self.send_at is not None and self.send_at >= end_of(fair):
            raise SendTimeError("The fair is over by then.", remedy="Choose an earlier time.")
        if self.remind_after_days is not None:
            require_reminder_in_time(
                fair, told_at=self.send_at or clock.now(), after_days=self.remind_after_days
            )


def create_draft(
    fair: Fair, plan: DraftPlan, *, actor: Viewer, submission_id: uuid.UUID
) -> NoticeDraft:
    """Keep what was composed as a draft; the same form sent twice makes one.

    Raises FairOverError, SendTimeError, ReminderDayError, NamesReasonError, InvalidValueError.
    """
    known = select(NoticeDraft).where(
        NoticeDraft.submission_id == submission_id, NoticeDraft.created_by == actor.user_id
    )
    made = db.session.execute(known).scalar_one_or_none()
    if made is not None:
        return made
    plan.check(fair)
    draft = NoticeDraft(
        submission_id=submission_id,
        fair=fair,
        university_id=actor.university_id,
        created_by=actor.user_id,
    )
    _write(draft, plan)
    db.session.add(draft)
    record_event("draft.made", actor_id=actor.user_id, subject=draft)
    return draft


def change_draft(draft: NoticeDraft, plan: DraftPlan, *, actor: Viewer, version: int) -> None:
    """Change a draft; one that was handed in or released is a draft again.

    Raises DraftClosedError, EditConflictError and what `create_draft` raises.
    """
    require_open(draft)
    plan.check(draft.fair)
    claim_version(draft, expected=version)
    before = reopen(draft, setback=None)
    _write(draft, plan)
    record_event(
        "draft.changed",
        actor_id=actor.user_id,
        subject=draft,
        details={"taken_back": before is not DraftState.DRAFT},
    )


def discard_draft(draft: NoticeDraft, *, actor: Viewer, version: int) -> None:
    """Put a draft away; whatever was decided about it is forgotten. Raises DraftClosedError."""
    require_open(draft)
    claim_version(draft, expected=version)
    reopen(draft, setback=None)
    draft.state = DraftState.DISCARDED
    record_event("draft.discarded", actor_id=actor.user_id, subject=draft)


def restore_draft(draft: NoticeDraft, *, actor: Viewer) -> None:
    """Take up a discarded draft again. Raises DraftClosedError for one that has gone out."""
    if draft.state is DraftState.SENT:
        raise _closed()
    if draft.state is DraftState.DISCARDED:
        claim_version(draft, expected=draft.version)
        draft.state, draft.changed_at = DraftState.DRAFT, clock.now()
        record_event("draft.restored", actor_id=actor.user_id, subject=draft)


def require_open(draft: NoticeDraft) -> None:
    """Raise DraftClosedError for a draft that has gone out or was discarded."""
    if draft.state not in OPEN:
        raise _closed()


def reopen(draft: NoticeDraft, *, setback: str | None) -> DraftState:
    """Make it a draft again, which nobody has handed in or released; the state it had."""
    before = draft.state
    draft.state, draft.setback, draft.changed_at = DraftState.DRAFT, setback, clock.now()
    draft.student_ids = draft.head_count = draft.digest = None
    draft.handed_in_by = draft.handed_in_at = draft.released_by = draft.released_at = None
    draft.needs_release = False
    return before


def _write(draft: NoticeDraft, plan: DraftPlan) -> None:
    draft.audience = plan.audience.as_codes()
    draft.channels = [channel.value for channel in dict.fromkeys(plan.channels)]
    draft.message, draft.message_en = plan.message.strip(), plan.message_en.strip()
    draft.send_at, draft.remind_after_days = plan.send_at, plan.remind_after_days
    draft.again = plan.again


def _closed() -> DraftClosedError:
    return DraftClosedError(
        "This draft has gone out or was discarded.", remedy="Begin a new one from its text."
    )
