"""Holding fairs, their stands, and announcing them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations import claim_version
from placement.config import Settings
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError
from placement.fairs.audience import Audience, audience_of
from placement.fairs.models import Fair, Stand
from placement.fairs.operations.attending import (
    end_of,
    fair_values,
    fill_places,
    require_ahead,
)
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

    def check(self) -> None:
        """Raise InvalidValueError for no title, place or room, or with its end first."""
        if self.capacity is not None and self.capacity < 1:
            raise InvalidValueError("A fair needs room for at least one person.")
        if not self.title.strip() or not self.place.strip():
            raise InvalidValueError("A fair needs a title and a place.")
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise InvalidValueError("The fair ends before it begins.")


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
        university_id=actor.university_id if actor else None,
        created_by=actor.user_id if actor else None,
    )
    db.session.add(fair)
    record_event("fair.added", actor_id=actor.user_id if actor else None, subject=fair)
    return fair


def change_fair(
    fair: Fair, plan: FairPlan, *, actor: Viewer, version: int, settings: Settings
) -> None:
    """Change what a fair is; more room goes to those who wait, less takes nobody's place.

    Raises NotAllowedError, InvalidValueError, EditConflictError.
    """
    require_host(fair, actor)
    plan.check()
    claim_version(fair, expected=version)
    fair.title, fair.on, fair.place = plan.title.strip(), plan.on, plan.place.strip()
    fair.starts_at, fair.ends_at = plan.starts_at, plan.ends_at
    fair.class_year, fair.description = plan.class_year, plan.description.strip()
    fair.capacity = plan.capacity
    record_event("fair.changed", actor_id=actor.user_id, subject=fair)
    if fair.cancelled_at is None and fair.on >= clock.today():
        fill_places(fair, settings=settings)


def cancel_fair(fair: Fair, *, actor: Viewer) -> None:
    """Cancel a fair; who signed up sees it. Raises NotAllowedError."""
    require_host(fair, actor)
    if fair.cancelled_at is None:
        fair.cancelled_at = clock.now()
        record_event("fair.cancelled", actor_id=actor.user_id, subject=fair)


def add_stand(
    fair: Fair,
    *,
    actor: Viewer | None,
    number: str,
    employer_name: str,
    offers: str = "",
    openings: int | None = None,
) -> Stand:
    """Give an employer a stand. Raises NotAllowedError and InvalidValueError for a taken number."""
    if actor is not None:
        require_host(fair, actor)
    number = number.strip()
    taken = db.session.query(Stand.id).filter_by(fair_id=fair.id, number=number).first()
    if taken is not None:
        raise InvalidValueError(
            "Stand %(number)s is taken.", remedy="Choose another number.", number=number
        )
    stand = Stand(
        fair_id=fair.id,
        number=number,
        employer_name=employer_name.strip(),
        offers=offers.strip(),
        openings=openings,
    )
    db.session.add(stand)
    record_event("stand.added", actor_id=actor.user_id if actor else None, subject=stand)
    return stand


def remove_stand(stand: Stand, *, fair: Fair, actor: Viewer) -> None:
    """Take a stand away. Raises NotAllowedError."""
    require_host(fair, actor)
    record_event("stand.removed", actor_id=actor.user_id, subject=stand)
    db.session.delete(stand)


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
    announcement = _announcement(fair, audience, channels, actor, settings)
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
    announcement = _announcement(fair, audience, channels, actor, settings)
    return preview(chosen, announcement, settings=settings)


def require_host(fair: Fair, actor: Viewer) -> None:
    """Raise NotAllowedError unless the actor's institution holds the fair."""
    if actor.role is Role.PROVINCE:
        return
    if actor.role is not Role.UNIVERSITY or fair.university_id != actor.university_id:
        raise NotAllowedError("Only who holds a fair changes it.")


def _announcement(
    fair: Fair,
    audience: Audience,
    channels: Sequence[Channel],
    actor: Viewer | None,
    settings: Settings,
) -> Announcement:
    require_ahead(fair)
    url = f"{settings.base_url.rstrip('/')}/fairs/{fair.id}"
    return Announcement(
        kind=NoticeKind.FAIR,
        subject_id=fair.id,
        values={**fair_values(fair), "url": url},
        channels=tuple(channels),
        audience=audience.as_codes(),
        expires_at=end_of(fair),
        university_id=actor.university_id if actor else None,
    )
