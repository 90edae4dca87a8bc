"""Messages by HTTP: one request a message over a kept connection, whatever the gateway's format.

A format is a `Gateway`: how a request is written and signed, what an answer means, how receipts
are read and proved. SMS has two of them; a work messenger would be one more.
"""

import contextlib
import http.client
import select
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from placement.errors import PlacementError
from placement.notices.channels.link import (
    AtPoint,
    ChannelUnavailableError,
    ErrorClass,
    Letter,
    Receipt,
    Reply,
    Verdict,
    no_point,
)

TIMEOUT_SECONDS = 20.0
_LARGEST_ANSWER = 65_536
_NOT_GIVEN_AWAY = Reply(verdict=Verdict.DEFERRED, error=ErrorClass.NETWORK, stay_away=True)


class ForgedReceiptError(PlacementError):
    """A receipt whose signature is missing, wrong or too old."""

    code = "forged_receipt"


class UnreadableReceiptError(ValueError):
    """Receipts in another form than that of the gateway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A POST as it goes out; `target` is path and query."""

    target: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Gateway(Protocol):
    """A gateway's format."""

    @property
    def url(self) -> str:
        """Where it listens: scheme, host and port."""

    def write(self, letter: Letter) -> HttpRequest | Reply:
        """Write the request of a letter, or say why there can be none."""

    def read(self, status: int, body: bytes) -> Reply:
        """Say what an answer means that is none of those that `reply_by_status` knows."""

    def read_receipts(self, headers: Mapping[str, str], body: bytes) -> list[Receipt]:
        """Read what the gateway reports later. Raises ForgedReceiptError and ValueError."""


class GatewayLink:
    """One connection to a gateway, made with the first letter and anew when it has gone."""

    def __init__(self, gateway: Gateway, *, at_point: AtPoint = no_point) -> None:
        self._gateway = gateway
        self._at_point = at_point
        self._connection: http.client.HTTPConnection | None = None
        self._request: HttpRequest | None = None

    def offer(self, letter: Letter) -> Reply | None:
        """Write the request and see that the gateway is there. Raises ChannelUnavailableError."""
        written = self._gateway.write(letter)
        if isinstance(written, Reply):
            return written
        self._request = written
        if self._connection is not None and _has_gone(self._connection):
            self.close()
        if self._connection is None:
            connection = _connection_to(self._gateway.url)
            try:
                connection.connect()
            except OSError as error:
                connection.close()
                raise ChannelUnavailableError(ErrorClass.NETWORK, str(error)) from error
            self._connection = connection
        return None

    def hand_over(self) -> Reply:
        """Send the request and read what the gateway says of it."""
        connection, request = self._connection, self._request
        if connection is None or request is None:
            return _NOT_GIVEN_AWAY
        self._request = None
        try:
            connection.request("POST", request.target, request.body, dict(request.headers))
            self._at_point("after_request")
            answer = connection.getresponse()
            body = answer.read(_LARGEST_ANSWER)
        except (OSError, http.client.HTTPException):
            self.close()
            return Reply(verdict=Verdict.UNKNOWN, error=ErrorClass.NETWORK)
        if answer.will_close or not answer.isclosed():
            self.close()
        return reply_by_status(answer.status) or self._gateway.read(answer.status, body)

    def withdraw(self) -> None:
        """Forget the request; nothing of it has gone out."""
        self._request = None

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
        self._connection = None


def reply_by_status(status: int) -> Reply | None:
    """Say what a status means for every gateway; None where its text tells.

    429 and 503 say that nothing was taken. Behind any other 5xx the message may have been.
    """
    if status in {429, 503}:
        return Reply(
            verdict=Verdict.DEFERRED, code=status, error=ErrorClass.THROTTLE, stay_away=True
        )
    if status // 100 == 5:
        return Reply(verdict=Verdict.UNKNOWN, code=status, error=ErrorClass.SERVER, stay_away=True)
    if status in {401, 403}:
        return Reply(
            verdict=Verdict.DEFERRED,
            code=status,
            error=ErrorClass.AUTH,
            stop_reason="log_in_refused",
        )
    return None


def _connection_to(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)


def _has_gone(connection: http.client.HTTPConnection) -> bool:
    """Whether the other side has hung up: a request into that would leave its message in doubt."""
    if connection.sock is None:
        return True
    readable, _, _ = select.select([connection.sock], [], [], 0)
    return bool(readable)
