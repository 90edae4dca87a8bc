"""The sender: takes due deliveries of a channel, hands them over, says what became of each.

The rows are the truth. Killed at any point, it leaves one delivery in doubt at most; all others
are certainly sent or certainly not, and the sweeper gives the latter back.
"""

import contextlib
import enum
import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from sqlalchemy.exc import DBAPIError

from placement.config import Settings
from placement.db import system_scope, transaction, use_scope
from placement.notices.channels import open_link
from placement.notices.channels.link import (
    AtPoint,
    ChannelStoppedError,
    ChannelUnavailableError,
    Link,
    Reply,
    Verdict,
    no_point,
)
from placement.notices.letters import LetterWriter
from placement.notices.models import Channel
from placement.notices.operations.circuit import (
    BATCH,
    close_circuit,
    open_circuit,
    stop_channel,
    take_permission,
)
from placement.notices.operations.claimed import Claimed
from placement.notices.operations.claiming import Claim, claim_deliveries
from placement.notices.operations.hours import is_due
from placement.notices.operations.settling import (
    release,
    settle_refused_mark,
    settle_reply,
)
from placement.notices.post import Post, new_post, take_post

log = logging.getLogger(__name__)

DRAIN_SECONDS = 20.0
"""How long one job sends before it hands over, so that other jobs of its queue get their turn."""
_DEFERRALS_IN_A_ROW = 5
_LATE_SECONDS = 10.0


class Drained(enum.StrEnum):
    """How a sender ended."""

    DONE = "done"
    """Nothing is due any more, or nothing may go out now."""
    MORE = "more"
    """There is more to send: hand over to a fresh job."""
    BUSY = "busy"
    """Somebody else has the slot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """How a sender is to work; tests kill it `at_point` and `stop` ends it early."""

    settings: Settings
    seconds: float = DRAIN_SECONDS
    stop: Callable[[], bool] = lambda: False
    at_point: AtPoint = no_point


def drain(channel: Channel, slot: int, orders: Orders) -> Drained:
    """Send what is due on a channel from one of its slots, for `orders.seconds` at most.

    Raises ChannelNotOfferedError where the channel is not set up.
    """
    settings = orders.settings
    owner = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    link = open_link(channel, settings, at_point=orders.at_point)
    with use_scope(system_scope("sending of notices")):
        with take_post(channel, slot, owner=owner, lease_seconds=settings.lease_seconds) as post:
            if post is None:
                return Drained.BUSY
            sender = _Sender(channel, orders, link, post)
            sender.run()
        # Asked after the slot is free: a wake-up that came before found it taken and went away.
        with transaction():
            more = not sender.must_pause and is_due(channel, settings)
    return Drained.MORE if more else Drained.DONE


class _Sender:
    """One run of a sender at its post."""

    def __init__(self, channel: Channel, orders: Orders, link: Link, post: Post) -> None:
        self.must_pause = False
        self._channel = channel
        self._orders = orders
        self._link = link
        self._letters = LetterWriter(orders.settings)
        self._post = post
        self._held: dict[int, Claimed] = {}
        self._last: tuple[int, Reply] | None = None
        self._probing = False
        self._deferrals = 0
        self._until = time.monotonic() + orders.seconds
        self._renew_at = 0.0

    def run(self) -> None:
        """Send until nothing is due, the time is over, or the channel must be left alone."""
        try:
            while not self._is_over():
                # First what is known: a row in doubt must not be claimed for a second copy.
                self._tell_last()
                claim = self._claim()
                if claim.deliveries:
                    self._send_all()
                elif claim.wait_seconds is None:
                    break
                else:
                    self._rest(claim.wait_seconds)
            self._tell_last()
        except (psycopg.Error, DBAPIError):
            self._tell_last_late()
            raise
        finally:
            self._link.close()
            with contextlib.suppress(psycopg.Error, DBAPIError):
                self._give_back("handed_over")

    def _is_over(self) -> bool:
        return self.must_pause or self._orders.stop() or time.monotonic() >= self._until

    def _claim(self) -> Claim:
        self._orders.at_point("before_claim")
        with transaction():
            allowed = take_permission(self._channel)
            self._probing = allowed == 1
            if not allowed:
                self.must_pause = True
                return Claim(())
            claim = claim_deliveries(
                self._channel,
                owner=self._post.owner,
                limit=min(allowed, BATCH),
                settings=self._orders.settings,
            )
        self._held = {delivery.id: delivery for delivery in claim.deliveries}
        self._renew_at = time.monotonic() + self._orders.settings.lease_seconds / 3
        self._orders.at_point("after_claim")
        return claim

    def _send_all(self) -> None:
        while self._held and not self._is_over():
            if time.monotonic() >= self._renew_at:
                self._post.renew(list(self._held))
                self._renew_at = time.monotonic() + self._orders.settings.lease_seconds / 3
            delivery = self._held.pop(next(iter(self._held)))
            try:
                self._send(delivery)
            except ChannelUnavailableError as error:
                self._leave_alone(delivery, error)
            except ChannelStoppedError as error:
                self._stop(delivery, error)
        self._give_back("handed_over")

    def _send(self, delivery: Claimed) -> None:
        reply = self._link.offer(self._letters.write(delivery))
        if reply is not None:
            self._settle(delivery, reply)
            return
        self._orders.at_point("after_rcpt")
        last, self._last = self._last, None
        self._orders.at_point("before_sent_commit")
        try:
            going = self._post.mark(delivery, last)
        except psycopg.Error:
            self._last = last
            raise
        if not going:
            self._link.withdraw()
            with transaction():
                settle_refused_mark(delivery.id, owner=self._post.owner)
            return
        self._orders.at_point("after_sending_commit")
        reply = self._link.hand_over()
        if reply.verdict is Verdict.ACCEPTED:
            self._last = (delivery.id, reply)
            self._orders.at_point("after_250")
            self._succeeded()
        else:
            self._settle(delivery, reply)

    def _settle(self, delivery: Claimed, reply: Reply) -> None:
        self._deferrals = self._deferrals + 1 if reply.verdict is Verdict.DEFERRED else 0
        away = reply.stay_away or bool(reply.stop_reason) or self._deferrals >= _DEFERRALS_IN_A_ROW
        with transaction():
            settle_reply(
                delivery.id,
                reply,
                owner=self._post.owner,
                notice_id=delivery.notice_id,
                channel=self._channel,
            )
            if reply.stop_reason:
                stop_channel(self._channel, reason=reply.stop_reason)
            elif away:
                open_circuit(self._channel, probing=self._probing)
        self.must_pause = self.must_pause or away
        if not away and reply.verdict is Verdict.REFUSED:
            self._succeeded()

    def _succeeded(self) -> None:
        """Note that the server is there: it answered."""
        self._deferrals = 0
        if self._probing:
            self._probing = False
            with transaction():
                close_circuit(self._channel)

    def _leave_alone(self, delivery: Claimed, error: ChannelUnavailableError) -> None:
        """Open the circuit; only a message over which the server broke off loses an attempt."""
        log.warning("the %s channel is away (%s): %s", self._channel, error.error, error)
        if error.at_message:
            reply = Reply(verdict=Verdict.DEFERRED, error=error.error, stay_away=True)
            self._settle(delivery, reply)
            return
        self._held[delivery.id] = delivery
        with transaction():
            open_circuit(self._channel, probing=self._probing)
        self.must_pause = True

    def _stop(self, delivery: Claimed, error: ChannelStoppedError) -> None:
        log.error("the %s channel is stopped (%s): %s", self._channel, error.reason, error)
        self._held[delivery.id] = delivery
        with transaction():
            stop_channel(self._channel, reason=error.reason)
        self.must_pause = True

    def _rest(self, seconds: float) -> None:
        """Wait for the rate to allow more."""
        time.sleep(max(0.0, min(seconds, self._until - time.monotonic())))

    def _tell_last(self) -> None:
        if self._last is not None:
            last, self._last = self._last, None
            try:
                self._post.mark(None, last)
            except psycopg.Error:
                self._last = last
                raise

    def _tell_last_late(self) -> None:
        """Say over a new connection what the lost one could not: we do know that it was sent."""
        if self._last is None:
            return
        until = time.monotonic() + _LATE_SECONDS
        settings = self._orders.settings
        while time.monotonic() < until and not self._orders.stop():
            try:
                with new_post(owner=self._post.owner, lease_seconds=settings.lease_seconds) as post:
                    post.mark_late(self._last)
                    return
            except (psycopg.Error, DBAPIError):
                time.sleep(0.5)

    def _give_back(self, reason: str) -> None:
        if self._held:
            held, self._held = list(self._held), {}
            with transaction():
                release(held, owner=self._post.owner, reason=reason)
