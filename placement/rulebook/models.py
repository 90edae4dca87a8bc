"""The rules that a province keeps itself, each from a day on and with where it is written."""

import datetime as dt
import enum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from placement.db import SQL_NOW, Model


class RuleSet(enum.StrEnum):
    """Which rules belong together; each set ships as a national table of the same name."""

    SERVICE = "service_standards"
    CONTACTS = "contact_intervals"
    SUBSIDIES = "subsidies"


class Rule(Model):
    """A rule as it holds from a day on; a change is a further row, the days of which never meet."""

    __tablename__ = "rules"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="rule_period"),
        CheckConstraint("source <> ''", name="rule_has_source"),
        Index("uq_rules_begin", "rule_set", "code", "valid_from", unique=True),
        Index(
            "uq_rules_open",
            "rule_set",
            "code",
            unique=True,
            postgresql_where=text("valid_to IS NULL"),
        ),
    )

    rule_set: Mapped[RuleSet]
    code: Mapped[str]
    """A code of the table that ships, or one of ours for what the province added."""
    content: Mapped[dict[str, Any]]
    """The columns of that table by name, each as text, without code, days and source."""
    source: Mapped[str]
    """Where it is written: the line that is printed beside whatever follows from it."""
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]
    """The last day on which it holds; none while it has no end."""
    made_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
