"""What happens at a fair at a time of its own: talks, rounds of interviews, advice."""

import datetime as dt
from dataclasses import dataclass

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations import claim_version
from placement.db import db
from placement.errors import InvalidValueError
from placement.fairs.models import Fair, FairItem, ItemKind
from placement.fairs.operations.standing import require_host


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPlan:
    """One entry of a schedule; hours are those of the fair's day, in the province's time."""

    kind: ItemKind
    title: str
    starts_at: dt.time
    ends_at: dt.time | None = None
    place: str = ""

    def check(self) -> None:
        """Raise InvalidValueError without a title, or with its end first."""
        if not self.title.strip():
            raise InvalidValueError("Say what happens then.")
        if self.ends_at is not None and self.ends_at <= self.starts_at:
            raise InvalidValueError("It ends before it begins.", field="ends_at")


def add_item(fair: Fair, plan: ItemPlan, *, actor: Viewer | None) -> FairItem:
    """Put something on the schedule of a fair. Raises NotAllowedError, InvalidValueError."""
    if actor is not None:
        require_host(fair, actor)
    plan.check()
    item = FairItem(
        fair_id=fair.id,
        kind=plan.kind,
        title=plan.title.strip(),
        place=plan.place.strip(),
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
    )
    db.session.add(item)
    record_event("fair_item.added", actor_id=actor.user_id if actor else None, subject=item)
    return item


def change_item(item: FairItem, plan: ItemPlan, *, actor: Viewer, version: int) -> None:
    """Change an entry. Raises NotAllowedError, InvalidValueError, EditConflictError."""
    require_host(item.fair, actor)
    plan.check()
    claim_version(item, expected=version)
    item.kind, item.title, item.place = plan.kind, plan.title.strip(), plan.place.strip()
    item.starts_at, item.ends_at = plan.starts_at, plan.ends_at
    record_event("fair_item.changed", actor_id=actor.user_id, subject=item)


def remove_item(item: FairItem, *, actor: Viewer) -> None:
    """Take an entry off the schedule; it can be put back. Raises NotAllowedError."""
    require_host(item.fair, actor)
    if item.removed_at is None:
        item.removed_at = clock.now()
        record_event("fair_item.removed", actor_id=actor.user_id, subject=item)


def restore_item(item: FairItem, *, actor: Viewer) -> None:
    """Put an entry back on the schedule. Raises NotAllowedError."""
    require_host(item.fair, actor)
    if item.removed_at is not None:
        item.removed_at = None
        record_event("fair_item.restored", actor_id=actor.user_id, subject=item)
