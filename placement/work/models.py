"""Long work as rows: what to do, how far it is, who has it, what came of it."""

import datetime as dt
import enum
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from placement.db import SQL_NOW, Model


class WorkState(enum.StrEnum):
    """Where a piece of work stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class WorkKind(enum.StrEnum):
    """What a piece of work does; the worker knows the operation of each."""

    IMPORT = "import"
    RECOMMEND = "recommend"
    ANNOUNCE = "announce"
    EXPORT = "export"
    DEMO = "demo"
    PUBLISH = "publish"
    SNAPSHOT = "snapshot"


OFFICE_KINDS = frozenset({WorkKind.EXPORT, WorkKind.PUBLISH, WorkKind.SNAPSHOT})
"""What has a lane of its own, so that it never waits behind a large import."""


class Work(Model):
    """One piece of long work, taken up in steps of a minute at most under a lease."""

    __tablename__ = "works"
    __table_args__ = (
        CheckConstraint(
            "(state = 'running') = (owner IS NOT NULL AND lease_until IS NOT NULL)",
            name="work_running_has_owner",
        ),
        CheckConstraint("done >= 0 AND (total IS NULL OR done <= total)", name="work_progress"),
        Index(
            "ix_works_open",
            "state",
            "lease_until",
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
    )

    uid: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    kind: Mapped[WorkKind]
    state: Mapped[WorkState] = mapped_column(default=WorkState.QUEUED)
    input: Mapped[dict[str, Any]]
    """What to do: ids and options, never personal data."""
    position: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Where the next step begins."""
    result: Mapped[dict[str, Any] | None]
    total: Mapped[int | None]
    """Units in all, once known; the unit is the kind's own."""
    done: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None]
    lease_until: Mapped[dt.datetime | None]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    university_id: Mapped[int | None] = mapped_column(ForeignKey("universities.id"))
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    started_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]
    cancel_asked_at: Mapped[dt.datetime | None]


class PeriodicRun(Model):
    """That a periodic job ran for a slot of time, so that two beats do its work once."""

    __tablename__ = "periodic_runs"
    __table_args__ = (UniqueConstraint("name", "slot", name="uq_periodic_runs"),)

    name: Mapped[str]
    slot: Mapped[dt.datetime]
    at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
