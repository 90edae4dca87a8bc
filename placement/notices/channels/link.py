"""What every channel has in common: a letter is offered first and handed over next.

`offer` does all that can be done before anything is given away; then the sender commits that
the delivery is being sent; then `hand_over` gives it away. Only between that commit and the
answer can we be in doubt, so that a killed sender leaves one delivery in doubt at most.
"""

import datetime as dt
import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from placement.notices.models import NoticeKind
from placement.notices.rendering import Rendered


class Verdict(enum.StrEnum):
    """What the other side said about one message."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    """Not now: to be tried again."""
    REFUSED = "refused"
    """Never."""
    UNKNOWN = "unknown"
    """Given away, and no answer came: it may have arrived or not."""


class ErrorClass(enum.StrEnum):
    """Why a message was not taken."""

    ADDRESS = "address"
    THROTTLE = "throttle"
    SERVER = "server"
    NETWORK = "network"
    CONTENT = "content"
    AUTH = "auth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to one message.

    `reference` is the other side's own number of it; `stay_away` says that the other side is
    going away or wants us to, so that the next message should wait; `stop_reason` is a code where
    it refuses us as such, so that a person must act.
    """

    verdict: Verdict
    code: int | None = None
    enhanced: str | None = None
    error: ErrorClass | None = None
    reference: str | None = None
    stay_away: bool = False
    stop_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to one person, ready to go; `message_id` stays the same in a second copy."""

    message_id: str
    address: str
    written_at: dt.datetime
    content: Rendered
    kind: NoticeKind
    locale: str
    unsubscribe_url: str | None = None

    @property
    def reference(self) -> str:
        """Our number of the message for sides that know no Message-ID: its part before the @."""
        return self.message_id.strip("<>").partition("@")[0]


class ChannelUnavailableError(Exception):
    """The other side cannot be reached or asks us to stay away; nothing was given away.

    `at_message` says that it broke off over one message, which then waits longer than others.
    """

    def __init__(self, error: ErrorClass, text: str, *, at_message: bool = False) -> None:
        super().__init__(text)
        self.error = error
        self.at_message = at_message


class ChannelStoppedError(Exception):
    """The other side refuses us as such; trying again is of no use until a person acts.

    `reason` is a code.
    """

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the other side says later of a message: whether it reached its recipient.

    `reference` is ours, `provider_ref` the other side's own number, where it tells it.
    """

    reference: str
    arrived: bool
    provider_ref: str | None = None
    error: str | None = None


class Link(Protocol):
    """A connection to the other side, kept from message to message."""

    def offer(self, letter: Letter) -> Reply | None:
        """Ask whether `letter` would be taken; None when it may be handed over.

        Raises ChannelUnavailableError and ChannelStoppedError.
        """

    def hand_over(self) -> Reply:
        """Give away what was offered and wait for the answer. Raises nothing."""

    def withdraw(self) -> None:
        """Take back what was offered."""

    def close(self) -> None:
        """Say good-bye. Raises nothing."""


AtPoint = Callable[[str], None]
"""Called at each point at which a sender may die; tests kill it there."""


def no_point(_name: str) -> None:
    """Do nothing at any point."""
