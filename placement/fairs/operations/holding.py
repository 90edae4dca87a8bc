"""Holding fairs: planned, opened, changed, called off; and announcing them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations import claim_version
from placement.config import Settings
from placement.db import db
from placement.errors import InvalidValueError
from placement.fairs.audience import Audience, audience_of
from placement.fairs.models import Fair, FairState
from placement.fairs.operations.attending import fill_places
from placement.fairs.operations.standing import (
    end_of,
    fair_values,
    require_ahead,
    require_host,
)
from placement.fairs.operations.telling import tell_signed_up
from placement.notices.models import Channel, NoticeKind
from placement.notices.operations.announcement import Announced, Announcement
from placement.notices.operations.announcing import announce, preview


@dataclass(frozen=True, slots=True, kw_only=True)
class FairPlan:
    """What a fair is: its title, day, hours, place, and whom it is for."""

    title: str
    on: dt.date
    place: str
    starts_at: dt.time | None = None
    ends_at: dt.time | None = None
    class_year: int | None = None
    capacity: int | None = None
    description: str = ""
    address: str = ""
    directions: str = ""
    contact: str = ""
    is_draft: bool = False

    def check(self) -> None:
        """Raise InvalidValueError for no title, place or room, or with its end first."""
        if self.capacity is not None and self.capacity < 1:
            raise InvalidValueError("A fair needs room for at least one person.")
        if not self.title.strip() or not self.place.strip():
            raise InvalidValueError("A fair needs a title and a place.")
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise InvalidValueError("The fair ends before it begins.", field="ends_at")


def add_fair(plan: FairPlan, *, actor: Viewer | None) -> Fair:
    """Plan a fair, of the actor's university or of the province. Raises InvalidValueError."""
    plan.check()
    fair = Fair(
        title=plan.title.strip(),
        on=plan.on,
        place=plan.place.strip(),
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        class_year=plan.class_year,
        capacity=plan.capacity,
        description=plan.description.strip(),
        address=plan.address.strip(),
        directions=plan.directions.strip(),
        contact=plan.contact.strip(),
        is_draft=plan.is_draft,
        university_id=actor.university_id if actor else None,
        created_by=actor.user_id if actor else None,
    )
    db.session.add(fair)
    record_event("fair.added", actor_id=actor.user_id if actor else None, subject=fair)
    return fair


def change_fair(
    fair: Fair, plan: FairPlan, *, actor: Viewer, version: int, settings: Settings
) -> int:
    """Change what a fair is; more room goes to those who wait, less takes nobody's place.

    Who signed up is told when the day, the hours or the place are others; answers how many were
    told. Whether it is a draft stays as it is. Raises NotAllowedError, InvalidValueError,
    EditConflictError.
    """
    require_host(fair, actor)
    plan.check()
    claim_version(fair, expected=version)
    known = _where_and_when(fair)
    fair.title, fair.on, fair.place = plan.title.strip(), plan.on, plan.place.strip()
    fair.starts_at, fair.ends_at = plan.starts_at, plan.ends_at
    fair.class_year, fair.description = plan.class_year, plan.description.strip()
    fair.address, fair.directions = plan.address.strip(), plan.directions.strip()
    fair.contact, fair.capacity = plan.contact.strip(), plan.capacity
    record_event("fair.changed", actor_id=actor.user_id, subject=fair)
    if fair.state_on(clock.today()) is not FairState.OPEN:
        return 0
    told = 0
    if _where_and_when(fair) != known:
        told = tell_signed_up(fair, NoticeKind.MOVED, actor=actor, settings=settings)
    fill_places(fair, settings=settings)
    return told


def open_fair(fair: Fair, *, actor: Viewer) -> None:
    """Let students see a draft and sign up. Raises NotAllowedError."""
    require_host(fair, actor)
    if fair.is_draft:
        fair.is_draft = False
        record_event("fair.opened", actor_id=actor.user_id, subject=fair)


def cancel_fair(fair: Fair, *, actor: Viewer, settings: Settings, reason: str = "") -> int:
    """Cancel a fair and tell who signed up, with the reason; how many. Raises NotAllowedError."""
    require_host(fair, actor)
    if fair.cancelled_at is not None:
        return 0
    fair.cancelled_at, fair.cancel_reason = clock.now(), reason.strip()
    fair.version += 1
    record_event("fair.cancelled", actor_id=actor.user_id, subject=fair)
    return tell_signed_up(
        fair,
        NoticeKind.CALLED_OFF,
        actor=actor,
        settings=settings,
        until=end_of(fair),
        reason=fair.cancel_reason,
    )


def _where_and_when(fair: Fair) -> tuple[object, ...]:
    return fair.on, fair.starts_at, fair.ends_at, fair.place, fair.address


def announce_fair(
    fair: Fair,
    audience: Audience,
    *,
    channels: Sequence[Channel],
    actor: Viewer | None,
    settings: Settings,
    again: bool = False,
) -> Announced:
    """Tell an audience about a fair, once per person and channel.

    Raises FairOverError, AlreadyAnnouncedError (unless `again`), InvalidValueError for nobody
    or no channel, ChannelNotOfferedError.
    """
    chosen = audience_of(fair, audience, viewer=actor, today=clock.today())
    announcement = announcement_of(
        fair, audience, channels, university_id=house_of(actor), settings=settings
    )
    return announce(chosen, announcement, actor=actor, settings=settings, again=again)


def preview_announcement(
    fair: Fair,
    audience: Audience,
    *,
    channels: Sequence[Channel],
    actor: Viewer | None,
    settings: Settings,
) -> Announced:
    """Count whom `announce_fair` would reach, and write nothing. Raises the same."""
    chosen = audience_of(fair, audience, viewer=actor, today=clock.today())
    announcement = announcement_of(
        fair, audience, channels, university_id=house_of(actor), settings=settings
    )
    return preview(chosen, announcement, settings=settings)


def house_of(actor: Viewer | None) -> int | None:
    """The university that an actor acts for; none for the province and the program."""
    return actor.university_id if actor else None


def announcement_of(
    fair: Fair,
    audience: Audience,
    channels: Sequence[Channel],
    *,
    university_id: int | None,
    settings: Settings,
    words: Mapping[str, str] | None = None,
) -> Announcement:
    """What is announced of a fair, with `words` of the house's own; raises FairOverError."""
    require_ahead(fair)
    url = f"{settings.base_url.rstrip('/')}/fairs/{fair.id}"
    return Announcement(
        kind=NoticeKind.FAIR,
        subject_id=fair.id,
        values={**fair_values(fair), "url": url, **(words or {})},
        channels=tuple(channels),
        audience=audience.as_codes(),
        expires_at=end_of(fair),
        university_id=university_id,
    )
