"""What every act at a fair asks first: whether it is ahead, whether it has begun, who holds it."""

import datetime as dt
from typing import Any

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.errors import NotAllowedError, PlacementError
from placement.fairs.models import Fair


class FairOverError(PlacementError):
    """The fair is over or cancelled, or not open yet."""

    code = "fair_over"


class FairNotOpenError(PlacementError):
    """Nobody can be at the fair yet."""

    code = "fair_not_open"


def require_ahead(fair: Fair) -> None:
    """Raise FairOverError for a fair that is over or cancelled, or still a draft."""
    if fair.cancelled_at is not None:
        raise FairOverError("This fair was cancelled.")
    if fair.is_draft:
        raise FairOverError("This fair is still a draft.", remedy="Open it first.")
    if fair.on < clock.today():
        raise FairOverError("This fair is over.")


def require_begun(fair: Fair) -> None:
    """Raise FairOverError for a cancelled fair and FairNotOpenError before its day."""
    if fair.cancelled_at is not None:
        raise FairOverError("This fair was cancelled.")
    if fair.is_draft or fair.on > clock.today():
        raise FairNotOpenError("This fair has not begun.", remedy="Check in on its day.")


def is_host(fair: Fair, actor: Viewer) -> bool:
    """Whether the actor administers the institution that holds the fair; the province holds all."""
    if actor.role is Role.PROVINCE:
        return True
    return actor.role is Role.UNIVERSITY and fair.university_id == actor.university_id


def require_host(fair: Fair, actor: Viewer) -> None:
    """Raise NotAllowedError unless the actor's institution holds the fair."""
    if not is_host(fair, actor):
        raise NotAllowedError("Only who holds a fair changes it.")


def fair_values(fair: Fair) -> dict[str, Any]:
    """What the texts of notices say of a fair, but for its address."""
    hours = [f"{moment:%H:%M}" for moment in (fair.starts_at, fair.ends_at) if moment]
    return {
        "title": fair.title,
        "on": fair.on.isoformat(),
        "time": "–".join(hours),
        "place": fair.place,
        "description": fair.description,
    }


def end_of(fair: Fair) -> dt.datetime:
    """When a fair is over; without a closing hour with its day."""
    return dt.datetime.combine(fair.on, fair.ends_at or dt.time(23, 59, 59), tzinfo=clock.ZONE)
