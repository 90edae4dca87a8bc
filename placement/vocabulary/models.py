"""The words that a province keeps for kinds of barriers and of help, each from a day on."""

import datetime as dt
import enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from placement.db import SQL_NOW, Model


class WordList(enum.StrEnum):
    """Which list a term belongs to."""

    BARRIERS = "barriers"
    ACTIONS = "actions"


class Term(Model):
    """A word of a list as it holds from a day on; another word for the same is a further row.

    What was noted points at the row of its day, so that it keeps the word it was noted with.
    """

    __tablename__ = "terms"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="term_period"),
        CheckConstraint("zh <> ''", name="term_has_word"),
        Index("uq_terms_begin", "list", "code", "valid_from", unique=True),
        Index(
            "uq_terms_open", "list", "code", unique=True, postgresql_where=text("valid_to IS NULL")
        ),
    )

    list: Mapped[WordList]
    code: Mapped[str]
    """A code of the first list, or one of ours for what the province added."""
    base: Mapped[str]
    """The kind of the first list that it counts as, so that standards and figures go on."""
    zh: Mapped[str]
    en: Mapped[str] = mapped_column(server_default="")
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]
    """The last day on which it is offered; none while it has no end."""
    made_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)

    def label(self, locale: str) -> str:
        """The word in the language of `locale`, Chinese where there is no English one."""
        return self.zh if locale.startswith("zh") or not self.en else self.en
