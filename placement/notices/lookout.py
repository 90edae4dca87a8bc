"""The lookout of a worker: notices that senders live and move nothing, so that they begin anew.

A sender that hangs in a connection, in a lock or in a stopped process answers no question and
writes no line. What tells is the outbox: work is there, the broker answers, nothing holds the
channel up, and for longer than a lease no delivery has changed its state.
"""

import contextlib
import logging
import time
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from placement.config import Settings
from placement.db import db, system_scope, use_scope
from placement.notices.channels import is_offered
from placement.notices.models import Channel
from placement.notices.operations.hours import is_due

LONGEST_LOOK_SECONDS = 10.0

# Every change of state writes a line, be it made by a sender, the sweeper or a person.
_NEWEST_MOVE = text("SELECT max(id) FROM delivery_events")
_LEFT_ALONE = text(
    "SELECT channel FROM channel_statuses"
    " WHERE stopped_reason IS NOT NULL OR open_until > placement_now()"
)
_LEFT_LYING = text(
    "SELECT EXISTS (SELECT FROM deliveries WHERE state IN ('claimed', 'sending')"
    " AND lease_until <= placement_now())"
)

log = logging.getLogger(__name__)


class Lookout:
    """For how long work has been there and none has moved, by this process's own clock.

    A wrong clock of the database, or hours in which nobody worked, therefore blame nobody.
    """

    def __init__(self, settings: Settings, *, broker_answers: Callable[[], bool]) -> None:
        self._settings = settings
        self._broker_answers = broker_answers
        self._seen: int | None = None
        self._since: float | None = None

    @property
    def bound_seconds(self) -> int:
        """How long nothing may move: a lease, after which claims go back, and the margin."""
        return self._settings.lease_seconds + self._settings.stuck_seconds

    def look(self, now: float) -> float | None:
        """Look at the outbox; for how many seconds it has stood still, None while all is well.

        `now` is a monotonic clock in seconds. Waiting for quiet hours, an open circuit, a person,
        the broker or for work is not standing still; a rate lets something go every second.
        Once told, the time begins anew.
        """
        newest = db.session.execute(_NEWEST_MOVE).scalar()
        if newest != self._seen or self._since is None or not self._has_work():
            self._seen, self._since = newest, now
            return None
        still = now - self._since
        if still <= self.bound_seconds or not self._broker_answers():
            return None
        self._since = now
        return still

    def _has_work(self) -> bool:
        if db.session.execute(_LEFT_LYING).scalar_one():
            return True
        left_alone = set(db.session.execute(_LEFT_ALONE).scalars())
        return any(
            is_offered(channel, self._settings)
            and channel.value not in left_alone
            and is_due(channel, self._settings)
            for channel in (Channel.MAIL, Channel.SMS)
        )


def keep_lookout(lookout: Lookout, restart: Callable[[], None]) -> None:
    """Look for ever, calling `restart` each time that the outbox stands still."""
    pause = min(LONGEST_LOOK_SECONDS, lookout.bound_seconds / 4)
    while True:
        still = None
        # Without the database nobody can move anything: its return is for others to see to.
        with contextlib.suppress(DBAPIError), use_scope(system_scope("lookout")):
            still = lookout.look(time.monotonic())
        with contextlib.suppress(DBAPIError):
            db.session.rollback()
        if still is not None:
            log.error(
                "deliveries are due and none has moved for %.0f s: the senders begin anew", still
            )
            restart()
        time.sleep(pause)
