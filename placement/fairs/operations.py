"""Writes of fairs: holding, announcing and signing up."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations import claim_version
from placement.config import Settings
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError, PlacementError
from placement.fairs.audience import Audience, audience_of
from placement.fairs.models import Fair, SignUp, SignUpState, Stand
from placement.fairs.queries import sign_up_of
from placement.notices.models import Channel, NoticeKind
from placement.notices.operations.announcement import Announced, Announcement
from placement.notices.operations.announcing import announce, preview


class FairOverError(PlacementError):
    """The fair is over or cancelled."""

    code = "fair_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class FairPlan:
    """What a fair is: its title, day, hours, place, and whom it is for."""

    title: str
    on: dt.date
    place: str
    starts_at: dt.time | None = None
    ends_at: dt.time | None = None
    class_year: int | None = None
    description: str = ""

    def check(self) -> None:
        """Raise InvalidValueError for a plan without title or place, or with its end first."""
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
        description=plan.description.strip(),
        university_id=actor.university_id if actor else None,
        created_by=actor.user_id if actor else None,
    )
    db.session.add(fair)
    record_event("fair.added", actor_id=actor.user_id if actor else None, subject=fair)
    return fair


def change_fair(fair: Fair, plan: FairPlan, *, actor: Viewer, version: int) -> None:
    """Change what a fair is. Raises NotAllowedError, InvalidValueError, EditConflictError."""
    require_host(fair, actor)
    plan.check()
    claim_version(fair, expected=version)
    fair.title, fair.on, fair.place = plan.title.strip(), plan.on, plan.place.strip()
    fair.starts_at, fair.ends_at = plan.starts_at, plan.ends_at
    fair.class_year, fair.description = plan.class_year, plan.description.strip()
    record_event("fair.changed", actor_id=actor.user_id, subject=fair)


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
        raise InvalidValueError(f"Stand {number} is taken.", remedy="Choose another number.")
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


def sign_up(fair: Fair, *, student_id: int, actor: Viewer) -> SignUp:
    """Say that a student comes. Raises FairOverError."""
    return _answer(fair, student_id=student_id, actor=actor, state=SignUpState.COMING)


def withdraw(fair: Fair, *, student_id: int, actor: Viewer) -> SignUp:
    """Say that a student does not come after all. Raises FairOverError."""
    return _answer(fair, student_id=student_id, actor=actor, state=SignUpState.WITHDRAWN)


def require_host(fair: Fair, actor: Viewer) -> None:
    """Raise NotAllowedError unless the actor's institution holds the fair."""
    if actor.role is Role.PROVINCE:
        return
    if actor.role is not Role.UNIVERSITY or fair.university_id != actor.university_id:
        raise NotAllowedError("Only who holds a fair changes it.")


def _answer(fair: Fair, *, student_id: int, actor: Viewer, state: SignUpState) -> SignUp:
    _require_ahead(fair)
    answer = sign_up_of(fair.id, student_id)
    if answer is None:
        answer = SignUp(fair_id=fair.id, student_id=student_id, state=state)
        db.session.add(answer)
    elif answer.state is state:
        return answer
    answer.state, answer.changed_at = state, clock.now()
    record_event(f"sign_up.{state.value}", actor_id=actor.user_id, subject=answer)
    return answer


def _require_ahead(fair: Fair) -> None:
    if fair.cancelled_at is not None:
        raise FairOverError("This fair was cancelled.")
    if fair.on < clock.today():
        raise FairOverError("This fair is over.")


def _announcement(
    fair: Fair,
    audience: Audience,
    channels: Sequence[Channel],
    actor: Viewer | None,
    settings: Settings,
) -> Announcement:
    _require_ahead(fair)
    ends_at = fair.ends_at or dt.time(23, 59, 59)
    return Announcement(
        kind=NoticeKind.FAIR,
        subject_id=fair.id,
        values=_values(fair, settings),
        channels=tuple(channels),
        audience=audience.as_codes(),
        expires_at=dt.datetime.combine(fair.on, ends_at, tzinfo=clock.ZONE),
        university_id=actor.university_id if actor else None,
    )


def _values(fair: Fair, settings: Settings) -> dict[str, Any]:
    hours = [f"{moment:%H:%M}" for moment in (fair.starts_at, fair.ends_at) if moment]
    return {
        "title": fair.title,
        "on": fair.on.isoformat(),
        "time": "–".join(hours),
        "place": fair.place,
        "description": fair.description,
        "url": f"{settings.base_url.rstrip('/')}/fairs/{fair.id}",
    }
