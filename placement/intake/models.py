"""Imports: which file, what it did to which rows, and what partner lists matched."""

import datetime as dt
import enum
import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from placement.db import SQL_NOW, Model
from placement.files import StoredFile  # noqa: F401 - the table that file_id refers to
from placement.keys import DataKey, keyring


class ImportKind(enum.StrEnum):
    """What a file holds."""

    STUDENTS = "students"
    UNIVERSITIES = "universities"
    OUTCOMES = "outcomes"
    LIST = "list"
    WISHES = "wishes"
    POSTINGS = "postings"
    BASELINE = "baseline"


class ImportState(enum.StrEnum):
    """Where an import stands."""

    CHECKING = "checking"
    PREVIEWED = "previewed"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDONE = "undone"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class ListKind(enum.StrEnum):
    """What a partner agency's list says of those on it."""

    POVERTY = "poverty"
    LOW_INCOME = "low_income"
    EXTREME_POVERTY = "extreme_poverty"
    ZERO_EMPLOYMENT_FAMILY = "zero_employment_family"
    DISABILITY = "disability"


class MatchState(enum.StrEnum):
    """What was found for a row of a partner list."""

    MATCHED = "matched"
    POSSIBLE = "possible"
    NOT_OURS = "not_ours"
    DUPLICATE = "duplicate"
    LEFT = "left"
    """Not a row of the list: a member by an earlier list of the kind, whom a complete one lacks."""


class MatchDecision(enum.StrEnum):
    """What the university decided about a match."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"


class ChangeKind(enum.StrEnum):
    """What an import did to a row."""

    CREATED = "created"
    UPDATED = "updated"
    VOIDED = "voided"
    REVIVED = "revived"


class Import(Model):
    """One taking in of one file."""

    __tablename__ = "imports"
    __table_args__ = (Index("ix_imports_kind", "kind", "class_year"),)

    uid: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    kind: Mapped[ImportKind]
    list_kind: Mapped[ListKind | None]
    class_year: Mapped[int | None]
    university_id: Mapped[int | None] = mapped_column(ForeignKey("universities.id"), index=True)
    """The university whose rows it may touch; none for the province."""
    state: Mapped[ImportState]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id", use_alter=True))
    """The file as it was sent, until it is applied, discarded or too old."""
    name_sealed: Mapped[bytes | None]
    sha256: Mapped[bytes]
    options: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    recorded_at: Mapped[dt.datetime | None]
    effective_on: Mapped[dt.date | None]
    rows: Mapped[int] = mapped_column(server_default=text("0"))
    created: Mapped[int] = mapped_column(server_default=text("0"))
    updated: Mapped[int] = mapped_column(server_default=text("0"))
    unchanged: Mapped[int] = mapped_column(server_default=text("0"))
    rejected: Mapped[int] = mapped_column(server_default=text("0"))
    summary: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """Unknown columns, warnings, counts of a list, seconds."""
    changes_digest: Mapped[bytes | None]
    """SHA-256 over the changes in order; the audit event carries it too."""
    work_id: Mapped[int | None] = mapped_column(ForeignKey("works.id", use_alter=True))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", use_alter=True))
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    applied_at: Mapped[dt.datetime | None]
    undone_at: Mapped[dt.datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", use_alter=True))
    data_key: Mapped[bytes | None]
    """The key of what is kept of the file's rows."""

    def key(self) -> DataKey:
        """The key of what is kept of the file. Raises LookupError once it is erased."""
        if self.data_key is None:
            raise LookupError(f"what import {self.id} kept is erased")
        return keyring().data_key(self.uid, self.data_key)

    @property
    def file_name(self) -> str:
        """The name that the file came with; empty once what was kept of it is erased."""
        if self.name_sealed is None or self.data_key is None:
            return ""
        return self.key().open(self.name_sealed, "imports.name", self.uid)


class ImportRow(Model):
    """A row of the file that needs a look: rejected, or shown in a preview."""

    __tablename__ = "import_rows"
    __table_args__ = (Index("ix_import_rows_import", "import_id", "row"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    row: Mapped[int]
    """The number that a person sees in the spreadsheet."""
    outcome: Mapped[str]
    """created, updated, unchanged or rejected; of a list matched or possible for the first three.

    All but the rejected are kept for the preview only, and of each so many as a person may look
    through.
    """
    problems: Mapped[list[Any]]
    cells_sealed: Mapped[bytes | None]
    """Headings, the row as it stood in the file, and what else is to be shown, as JSON."""


class ImportChange(Model):
    """One row of the database that an import touched, with what stood there before."""

    __tablename__ = "import_changes"
    __table_args__ = (Index("ix_import_changes_import", "import_id", "table_name", "row_id"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    table_name: Mapped[str]
    row_id: Mapped[int]
    change: Mapped[ChangeKind]
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"))
    before_sealed: Mapped[bytes | None]
    """The values before, as JSON under the import's key."""


class ListMatch(Model):
    """A row of a partner list and the student it belongs to, if any."""

    __tablename__ = "list_matches"
    __table_args__ = (
        Index("ix_list_matches_import", "import_id", "row"),
        Index("ix_list_matches_student", "student_id"),
    )

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    row: Mapped[int]
    state: Mapped[MatchState]
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"))
    score: Mapped[float]
    """A share from 0 to 1."""
    reason: Mapped[str]
    person_sealed: Mapped[bytes | None]
    """Name, ID number and what the agency added, as JSON under the student's key; of a row that
    is nobody of ours nothing is kept."""
    decision: Mapped[MatchDecision | None]
    decision_reason: Mapped[str | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[dt.datetime | None]
