"""Collecting: what came back is written into the rows that it is about."""

from dataclasses import dataclass

from placement.db import transaction
from placement.notices.bounces.mailboxes import unseen_mails
from placement.notices.bounces.reports import read_bounce
from placement.notices.operations.evidence import take_bounce


@dataclass(frozen=True, slots=True)
class Collected:
    """How many mails were read, and how many changed a delivery."""

    read: int
    taken: int


def collect_bounces(place: str) -> Collected:
    """Read the unseen mails of `place` and take those that report a mail of ours as come back.

    A transaction a mail. Raises what `unseen_mails` raises.
    """
    read = taken = 0
    for raw in unseen_mails(place):
        read += 1
        bounce = read_bounce(raw)
        if bounce is None:
            continue
        with transaction():
            taken += take_bounce(bounce.message_id, hard=bounce.hard, enhanced=bounce.status)
    return Collected(read, taken)
