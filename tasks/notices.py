"""Notices: senders that drain a channel, and the sweeper that finds what was lost."""

from typing import Any

from celery.signals import worker_ready
from flask import current_app

from placement import queue
from placement.db import transaction
from placement.notices.bounces.collecting import collect_bounces
from placement.notices.models import Channel
from placement.notices.operations.digesting import make_digests
from placement.notices.operations.sweeping import sweep
from placement.notices.sender import Drained, Orders, drain
from placement.queue import COLLECT_BOUNCES, DRAIN_DELIVERIES, SWEEP_DELIVERIES
from placement.services.ending import is_ending
from placement.work.periodic import take_slot
from tasks.context import job


@job(DRAIN_DELIVERIES)
def drain_deliveries(channel: str, slot: int) -> None:
    """Send what is due from one slot of a channel, then hand over to a fresh job if there is more.

    A slot has one sender: where somebody has it this ends at once, so that chains of jobs do not
    multiply.
    """
    settings = current_app.config["SETTINGS"]
    if slot >= settings.senders:
        return
    drained = drain(Channel(channel), slot, Orders(settings=settings, stop=is_ending))
    if drained is Drained.MORE:
        queue.send(DRAIN_DELIVERIES, channel, slot)


@job(SWEEP_DELIVERIES)
def sweep_deliveries(trigger: str = "beat") -> None:
    """Sweep once a slot of time, or in any case where a worker has just started."""
    settings = current_app.config["SETTINGS"]
    with transaction():
        if trigger == "start" or take_slot(SWEEP_DELIVERIES.name, seconds=settings.sweep_seconds):
            make_digests(settings)
            sweep(settings)


@job(COLLECT_BOUNCES)
def collect_what_came_back() -> None:
    """Read the bounce mails that have come, where a mailbox for them is set."""
    place = current_app.config["SETTINGS"].bounces
    if place:
        collect_bounces(place)


@worker_ready.connect
def _sweep_at_start(**_details: Any) -> None:
    """Find what an earlier worker left behind."""
    queue.send(SWEEP_DELIVERIES, "start")
