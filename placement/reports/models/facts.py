"""Facts kept so that figures known now need not be read from the whole history."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from placement.db import Model, db


class FactTouch(Model):
    """Students about whom a transaction wrote history; the facts kept of them are out of date.

    Written by triggers in the writer's own transaction. `moment` is after the writer's own.
    """

    __tablename__ = "fact_touches"

    student_ids: Mapped[list[int]]
    moment: Mapped[dt.datetime]


class FactBuild(Model):
    """The facts kept of a class year: everything known at `known_at`, less what was touched since.

    `known_at` is None while they are not to be used, since a check found that they differ.

    `placed` are the codes that counted as placed. `states` and `keys` name the numbers in the
    class's sums, and `sizes` says how many there were, and how many moves, when the sums were made;
    what changed since are the later moves. `seconds` is what the last keeping took, `differing`
    how many people the last check found to differ from the history (None: not checked). `checking`
    is how far the check under way has come.
    """

    __tablename__ = "fact_builds"

    class_year: Mapped[int] = mapped_column(unique=True)
    known_at: Mapped[dt.datetime | None]
    people: Mapped[int]
    placed: Mapped[list[str]]
    states: Mapped[list[Any]]
    keys: Mapped[dict[str, Any]]
    sizes: Mapped[dict[str, Any]]
    seconds: Mapped[Decimal]
    checked_at: Mapped[dt.datetime | None]
    differing: Mapped[int | None]
    checking: Mapped[dict[str, Any] | None]


FACTS = Table(
    "facts",
    db.metadata,
    # No foreign keys: the rows are made from history, whose own are checked, and made anew.
    Column("student_id", BigInteger, primary_key=True),
    Column("class_year", BigInteger, nullable=False),
    Column("from_day", Date, primary_key=True),
    Column("until_day", Date),
    Column("university_id", BigInteger, nullable=False),
    Column("college", Text),
    Column("level", Text),
    Column("sex", Text),
    Column("ethnic_group", Text),
    Column("origin", Text),
    Column("origin_division", Text),
    Column("category_bits", Integer, nullable=False),
    Column("standing", Text, nullable=False),
    Column("verified_code", Text),
    Column("verified_reason", Text, nullable=False),
    Column("reported_code", Text),
    Column("reported_reason", Text, nullable=False),
    Column("leaves", Boolean, nullable=False),
    Index("ix_facts_university", "class_year", "university_id"),
    Index("ix_facts_leaving", "class_year", "until_day", postgresql_where=text("leaves")),
)
"""What somebody of a register was from a day to the next on which anything changed.

`leaves` says that they are not in the register of the class from `until_day` on.
"""

FACT_SUMS = Table(
    "fact_sums",
    db.metadata,
    Column("class_year", BigInteger, primary_key=True),
    Column("dimension", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("cells", LargeBinary, nullable=False),
)
"""The people in each cell of a dimension at the end of some days, packed."""

FACT_MOVES = Table(
    "fact_moves",
    db.metadata,
    Column("class_year", BigInteger, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("moves", LargeBinary, nullable=False),
)
"""What changed after a day with sums and before the next such day, packed, oldest first."""

FACT_LATER_MOVES = Table(
    "fact_later_moves",
    db.metadata,
    Column("class_year", BigInteger, primary_key=True, autoincrement=False),
    Column("moves", LargeBinary, nullable=False),
)
"""What has changed on any day since the sums of a class were made, packed, oldest first."""
