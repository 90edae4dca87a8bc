"""Counts of all graduates, against which the register is compared."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from placement.db import Model
from placement.history import Historic


class Baseline(Historic, Model):
    """How many graduates of a level a university had, and how many were placed, on a day."""

    __tablename__ = "baselines"
    __table_args__ = (
        CheckConstraint("placed BETWEEN 0 AND graduates", name="baseline_placed_of_graduates"),
        Index("ix_baselines_class", "class_year", "as_of"),
    )

    class_year: Mapped[int]
    university_id: Mapped[int] = mapped_column(ForeignKey("universities.id"))
    level: Mapped[str]
    graduates: Mapped[int]
    placed: Mapped[int]
    as_of: Mapped[dt.date]
