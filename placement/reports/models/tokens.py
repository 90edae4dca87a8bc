"""Tokens by which programs ask for figures."""

import datetime as dt
import enum

from sqlalchemy import CheckConstraint, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.accounts.models import User
from placement.db import SQL_NOW, Model


class TokenScope(enum.StrEnum):
    """What a token opens: what is published, or also the figures its maker may see."""

    PUBLISHED = "published"
    OWN = "own"


class ApiToken(Model):
    """A token of somebody who signs in; the program that uses it has it, the row its hash.

    It never shows more than its maker may see at the moment of asking. `uses` are those of the
    minute that began at `minute`.
    """

    __tablename__ = "api_tokens"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="api_token_expires_later"),
        CheckConstraint("NOT small_counts OR scope = 'own'", name="api_token_small_counts_own"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    hint: Mapped[str]
    """How the token begins, to tell it from others."""
    scope: Mapped[TokenScope]
    small_counts: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the maker's own figures come with the counts that are otherwise hidden."""
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    expires_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]
    last_used_at: Mapped[dt.datetime | None]
    minute: Mapped[dt.datetime | None]
    uses: Mapped[int] = mapped_column(server_default=text("0"))

    user: Mapped[User] = relationship()
