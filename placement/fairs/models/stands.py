"""The employers' places at a fair, and the postings that they bring."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.db import Model
from placement.fairs.models.fairs import Fair
from placement.jobs.models import Employer, Posting


class Stand(Model):
    """An employer's place at a fair."""

    __tablename__ = "stands"
    __table_args__ = (
        Index(
            "uq_stands_number",
            "fair_id",
            "number",
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    fair_id: Mapped[int] = mapped_column(ForeignKey("fairs.id", ondelete="CASCADE"))
    number: Mapped[str]
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"), index=True)
    employer_name: Mapped[str]
    """As it is written over the stand."""
    offers: Mapped[str] = mapped_column(server_default="")
    openings: Mapped[int | None]
    removed_at: Mapped[dt.datetime | None]
    """When it was taken away; it can be put back."""
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    fair: Mapped[Fair] = relationship()
    employer: Mapped[Employer | None] = relationship()
    brought: Mapped[list["StandPosting"]] = relationship(
        cascade="all, delete-orphan", order_by="StandPosting.posting_id"
    )


class StandPosting(Model):
    """A posting that an employer brings to a fair."""

    __tablename__ = "stand_postings"
    __table_args__ = (UniqueConstraint("stand_id", "posting_id", name="uq_stand_postings"),)

    stand_id: Mapped[int] = mapped_column(ForeignKey("stands.id", ondelete="CASCADE"))
    posting_id: Mapped[int] = mapped_column(ForeignKey("postings.id"), index=True)

    posting: Mapped[Posting] = relationship()
