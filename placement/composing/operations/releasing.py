"""Handing a draft in, and its release by a second person.

Two people look at the same thing: who hands it in fixes the people and the version of the text,
and who releases it confirms that very head count and version. The database refuses one person
in both places, and any change on the way.
"""

from dataclasses import dataclass

from sqlalchemy import func, select

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations import claim_version
from placement.composing.models import DraftState, NoticeDraft
from placement.composing.operations.drafting import DraftPlan, reopen, require_open
from placement.composing.operations.sending import send_draft
from placement.composing.queries import chosen_by, is_in
from placement.composing.texts import announcement_from, digest_of
from placement.config import Settings
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError, PlacementError
from placement.fairs.audience import audience_from
from placement.notices.channels import require_offered
from placement.notices.models import Channel
from placement.notices.operations.announcement import AlreadyAnnouncedError
from placement.notices.operations.announcing import announced_before
from placement.students.models import Student
from placement.students.queries import in_scope


class DraftChangedError(PlacementError):
    """It is not what was shown: people, text or time have changed."""

    code = "draft_changed"


class NotReleasableError(NotAllowedError):
    """This person may not release this draft."""

    code = "not_releasable"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page showed of a draft when somebody agreed to it."""

    head_count: int
    digest: str


def hand_in(
    draft: NoticeDraft, shown: Shown, *, actor: Viewer, version: int, settings: Settings
) -> DraftState:
    """Fix people and text of a draft and send it on its way; the state it has then.

    To more people than `settings.release_size` it waits for a second person; else it goes out at
    its time, or at once. Raises DraftChangedError if it is not what was shown,
    AlreadyAnnouncedError (unless `again` is set), ChannelNotOfferedError, InvalidValueError for
    nobody, DraftClosedError, EditConflictError, FairOverError, SendTimeError.
    """
    require_open(draft)
    if draft.state is not DraftState.DRAFT:
        raise _changed()
    for channel in draft.channels:
        require_offered(Channel(channel), settings)
    _plan(draft).check(draft.fair)
    announcement = announcement_from(draft, settings)
    ids = list(db.session.execute(chosen_by(draft, actor)).scalars())
    if not ids:
        raise InvalidValueError("Nobody is in this audience.", remedy="Choose a wider one.")
    if Shown(len(ids), digest_of(draft, announcement, ids)) != shown:
        raise _changed()
    known = announced_before(announcement)
    if known is not None and not draft.again:
        raise AlreadyAnnouncedError(known)
    claim_version(draft, expected=version)
    draft.student_ids, draft.head_count, draft.digest = ids, len(ids), shown.digest
    draft.handed_in_by, draft.handed_in_at = actor.user_id, clock.now()
    draft.changed_at, draft.setback = clock.now(), None
    draft.needs_release = len(ids) > settings.release_size
    draft.state = DraftState.WAITING if draft.needs_release else DraftState.SCHEDULED
    _record("draft.handed_in", draft, actor)
    return _go_on(draft, settings)


def release(draft: NoticeDraft, shown: Shown, *, actor: Viewer, settings: Settings) -> DraftState:
    """Agree as a second person to the people and text of a draft; the state it has then.

    Raises NotReleasableError for who handed it in or does not see everybody in it,
    DraftChangedError if it is not what was shown or not what was handed in, FairOverError,
    DraftClosedError, and what announcing raises when it goes out at once.
    """
    db.session.refresh(draft, with_for_update={"of": NoticeDraft})
    require_open(draft)
    if draft.state is not DraftState.WAITING:
        raise _changed()
    objection = objection_to_release(draft, actor)
    if objection is not None:
        raise objection
    if Shown(draft.head_count or 0, draft.digest or "") != shown or not is_unchanged(
        draft, settings
    ):
        raise _changed()
    draft.released_by, draft.released_at = actor.user_id, clock.now()
    draft.state, draft.changed_at = DraftState.SCHEDULED, clock.now()
    draft.version += 1
    _record("draft.released", draft, actor)
    return _go_on(draft, settings)


def take_back(draft: NoticeDraft, *, actor: Viewer, version: int) -> None:
    """Make a draft of what was handed in or released. Raises DraftClosedError if it is out."""
    require_open(draft)
    claim_version(draft, expected=version)
    if reopen(draft, setback=None) is not DraftState.DRAFT:
        record_event("draft.taken_back", actor_id=actor.user_id, subject=draft)


def objection_to_release(draft: NoticeDraft, viewer: Viewer) -> NotReleasableError | None:
    """Why a viewer may not release a draft that waits; none if they may."""
    if draft.handed_in_by == viewer.user_id:
        return NotReleasableError(
            "You handed this in yourself.", remedy="Somebody else has to release it."
        )
    own = viewer.role is Role.UNIVERSITY and viewer.university_id == draft.university_id
    if viewer.role is not Role.PROVINCE and not own:
        return NotReleasableError("Only the house that sends a notice releases it.")
    seen = select(func.count()).where(in_scope(viewer), is_in(draft.student_ids or []))
    if db.session.execute(seen.select_from(Student)).scalar_one() != draft.head_count:
        return NotReleasableError(
            "You do not see everybody in this audience.",
            remedy="Somebody who sees all of them has to release it.",
        )
    return None


def is_unchanged(draft: NoticeDraft, settings: Settings) -> bool:
    """Whether a draft still says what it said when it was handed in. Raises FairOverError."""
    announcement = announcement_from(draft, settings)
    return digest_of(draft, announcement, draft.student_ids or []) == draft.digest


def _go_on(draft: NoticeDraft, settings: Settings) -> DraftState:
    """Send it at once if it is free to go and its time has come."""
    db.session.flush()
    due = draft.send_at is None or draft.send_at <= clock.now()
    if draft.state is DraftState.SCHEDULED and due:
        send_draft(draft, settings=settings)
    return draft.state


def _plan(draft: NoticeDraft) -> DraftPlan:
    return DraftPlan(
        audience=audience_from(draft.audience),
        channels=[Channel(code) for code in draft.channels],
        message=draft.message,
        message_en=draft.message_en,
        send_at=draft.send_at,
        remind_after_days=draft.remind_after_days,
        again=draft.again,
    )


def _record(action: str, draft: NoticeDraft, actor: Viewer) -> None:
    record_event(
        action,
        actor_id=actor.user_id,
        subject=draft,
        details={"people": draft.head_count, "version": draft.digest},
    )


def _changed() -> DraftChangedError:
    return DraftChangedError(
        "It has changed since it was shown.", remedy="Look at it again, then decide."
    )
