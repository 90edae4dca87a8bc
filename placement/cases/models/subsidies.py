"""How far a student is with a subsidy that they are probably entitled to."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from placement.db import SQL_NOW, Model


class SubsidyClaim(Model):
    """The steps that are done for one subsidy: papers at hand, applied for, paid or refused."""

    __tablename__ = "subsidy_claims"
    __table_args__ = (
        UniqueConstraint("student_id", "subsidy", name="uq_subsidy_claims"),
        CheckConstraint("paid IS NULL OR settled_on IS NOT NULL", name="subsidy_settled_on"),
        CheckConstraint(
            "settled_on IS NULL OR applied_on IS NOT NULL", name="subsidy_applied_first"
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    subsidy: Mapped[str]
    """The code of the subsidy in the dated table."""
    papers: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    """Codes of the papers that are at hand."""
    applied_on: Mapped[dt.date | None]
    settled_on: Mapped[dt.date | None]
    paid: Mapped[bool | None]
    """Whether it was paid or refused, once it is settled."""
    set_aside: Mapped[bool] = mapped_column(server_default=text("false"))
    """The student does not want it."""
    changed_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
