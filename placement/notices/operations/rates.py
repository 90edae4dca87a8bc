"""Rates: token buckets of a channel and of each recipient domain, as rows that all hosts share.

A bucket holds a twentieth of a second's worth, at least one message, and one more, so that no
second carries noticeably more than the rate, and a sender that comes late does not lose what the
rate allowed meanwhile.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import text

from placement.config import Settings
from placement.db import db
from placement.notices.models import Channel

_SHARE_OF_A_SECOND = 20

_ENSURE = text(
    "INSERT INTO rate_buckets (key, tokens, updated_at) VALUES (:key, 1, clock_timestamp())"
    " ON CONFLICT (key) DO NOTHING"
)
# The lock on this row lets one sender at a time claim by rate; all other buckets follow it.
_LOCK = text("SELECT 1 FROM rate_buckets WHERE key = :key FOR UPDATE")
_NOW = text("SELECT clock_timestamp()")
_FILL = text(
    """
    SELECT key, least(:capacity, tokens
        + :rate * extract(epoch FROM CAST(:at AS timestamptz) - updated_at)) AS tokens
    FROM rate_buckets WHERE key = ANY(:keys)
    """
)
_SPEND = text(
    """
    INSERT INTO rate_buckets (key, tokens, updated_at)
    SELECT key, tokens, CAST(:at AS timestamptz)
    FROM unnest(CAST(:keys AS text[]), CAST(:tokens AS float8[])) AS b (key, tokens)
    ON CONFLICT (key) DO UPDATE SET tokens = excluded.tokens, updated_at = excluded.updated_at
    """
)


@dataclass(frozen=True, slots=True)
class Rates:
    """Messages a second of a channel in all and to one domain; 0 is no limit."""

    total: int
    domain: int

    @property
    def limited(self) -> bool:
        """Whether any limit holds."""
        return bool(self.total or self.domain)


def rates_of(channel: Channel, settings: Settings) -> Rates:
    """The rates that the settings give for a channel; only mail has domains."""
    if channel is Channel.MAIL:
        return Rates(settings.mail_rate, settings.mail_domain_rate)
    return Rates(settings.sms_rate if channel is Channel.SMS else 0, 0)


def capacity(rate: int) -> float:
    """The most that a bucket of `rate` messages a second holds."""
    return _share(rate) + 1


def lock_buckets(channel: Channel) -> dt.datetime:
    """Be the only sender that claims by rate on this channel until the transaction ends.

    The moment at which it is: what buckets hold is read and written as of it, so that no rate
    is lost to the time that a claim takes.
    """
    db.session.execute(_ENSURE, {"key": channel.value})
    db.session.execute(_LOCK, {"key": channel.value})
    moment: dt.datetime = db.session.execute(_NOW).scalar_one()
    return moment


def tokens_of(keys: list[str], rate: int, *, at: dt.datetime) -> dict[str, float]:
    """How many messages each bucket allows at a moment; a new one holds its share of a second."""
    values = {"keys": keys, "rate": rate, "capacity": capacity(rate), "at": at}
    found = db.session.execute(_FILL, values)
    return dict.fromkeys(keys, _share(rate)) | {key: float(tokens) for key, tokens in found}


def spend(tokens: dict[str, float], *, at: dt.datetime) -> None:
    """Write what each bucket held at a moment, after a claim."""
    values = {"keys": list(tokens), "tokens": list(tokens.values()), "at": at}
    db.session.execute(_SPEND, values)


def _share(rate: int) -> float:
    return max(1.0, rate / _SHARE_OF_A_SECOND)
