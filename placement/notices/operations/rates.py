"""Rates: token buckets of a channel and of each recipient domain, as rows that all hosts share.

A bucket holds a twentieth of a second's worth, at least one message, so that no second carries
noticeably more than the rate.
"""

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
_FILL = text(
    """
    SELECT key, least(:capacity,
        tokens + :rate * extract(epoch FROM clock_timestamp() - updated_at)) AS tokens
    FROM rate_buckets WHERE key = ANY(:keys)
    """
)
_SPEND = text(
    """
    INSERT INTO rate_buckets (key, tokens, updated_at)
    SELECT key, tokens, clock_timestamp()
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
    return max(1.0, rate / _SHARE_OF_A_SECOND)


def lock_buckets(channel: Channel) -> None:
    """Be the only sender that claims by rate on this channel until the transaction ends."""
    db.session.execute(_ENSURE, {"key": channel.value})
    db.session.execute(_LOCK, {"key": channel.value})


def tokens_of(keys: list[str], rate: int) -> dict[str, float]:
    """How many messages each bucket allows now; a bucket that is new is full."""
    full = capacity(rate)
    found = db.session.execute(_FILL, {"keys": keys, "rate": rate, "capacity": full})
    return dict.fromkeys(keys, full) | {key: float(tokens) for key, tokens in found}


def spend(tokens: dict[str, float]) -> None:
    """Write what each bucket holds after a claim."""
    db.session.execute(_SPEND, {"keys": list(tokens), "tokens": list(tokens.values())})
