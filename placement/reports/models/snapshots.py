"""Frozen reports with their seals and signatures, and what of them was published."""

import datetime as dt
import enum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.accounts.models import University
from placement.db import SQL_NOW, Model


class SnapshotState(enum.StrEnum):
    """How far a snapshot has come; it goes forward one step at a time and never back."""

    DRAFT = "draft"
    SIGNED = "signed"
    VERIFIED = "verified"
    PUBLIC = "public"


class Snapshot(Model):
    """The figures of a class on a day, frozen with their rules and with who counted as what.

    The content lies in two encrypted files. `seal` is the SHA-256 over the canonical bytes of
    both: rules and tables, then the sorted list of (person, counted as). The database refuses
    to change anything but the state and its signatures, and to delete the row or its files.
    """

    __tablename__ = "snapshots"
    __table_args__ = (
        CheckConstraint("(state <> 'draft') = (signed_at IS NOT NULL)", name="snapshot_signed"),
        CheckConstraint(
            "(state IN ('verified', 'public')) = (verified_at IS NOT NULL)",
            name="snapshot_verified",
        ),
        CheckConstraint(
            "(state = 'public') = (published_at IS NOT NULL)", name="snapshot_published"
        ),
        CheckConstraint(
            "(signed_at IS NULL) = (signed_by IS NULL)"
            " AND (verified_at IS NULL) = (verified_by IS NULL)",
            name="snapshot_signed_by_somebody",
        ),
        CheckConstraint("signed_by <> verified_by", name="snapshot_four_eyes"),
        CheckConstraint("(version = 1) = (replaces_id IS NULL)", name="snapshot_version"),
        Index(
            "uq_snapshots_version",
            "class_year",
            "as_of",
            func.coalesce(text("university_id"), text("0")),
            "version",
            unique=True,
        ),
    )

    class_year: Mapped[int]
    as_of: Mapped[dt.date]
    counting_day: Mapped[str | None]
    """Which counting day it is by the dated rule, such as `final`; none for any other day."""
    known_at: Mapped[dt.datetime]
    university_id: Mapped[int | None] = mapped_column(ForeignKey("universities.id"))
    """Whose figures; none for the whole province."""
    version: Mapped[int]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("snapshots.id"), unique=True)
    """The version before, which this one corrects."""
    taken_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """None for the beat and for commands."""
    figures_file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    people_file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    seal: Mapped[bytes]
    state: Mapped[SnapshotState] = mapped_column(
        default=SnapshotState.DRAFT, server_default=text("'draft'")
    )
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    signer: Mapped[str | None]
    """The signer's name as it was then."""
    signed_at: Mapped[dt.datetime | None]
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    verifier: Mapped[str | None]
    verified_at: Mapped[dt.datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[dt.datetime | None]

    university: Mapped[University | None] = relationship()


class Publication(Model):
    """What of a snapshot everybody may see: its tables with the cells hidden that tell too much."""

    __tablename__ = "publications"
    __table_args__ = (UniqueConstraint("snapshot_id", name="uq_publications_snapshot"),)

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshots.id"))
    published_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    tables: Mapped[dict[str, Any]]
    """Rows by table; a hidden count is null."""
    proof: Mapped[dict[str, Any]]
    """How many counts are hidden, the narrowest range of any, and what was coarsened."""

    snapshot: Mapped[Snapshot] = relationship()
