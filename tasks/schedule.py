"""What beat wakes, and how often. Every job here may run twice or not at all without harm."""

from typing import Any

from placement.config import Settings
from placement.queue import (
    CHECK_FACTS,
    COLLECT_BOUNCES,
    DELETE_EXPIRED,
    KEEP_FACTS,
    MAIL_REPORTS,
    QUEUE_RECOMMENDATIONS,
    SEAL_AUDIT,
    SEND_DRAFTS,
    SWEEP_DELIVERIES,
    SWEEP_WORK,
    TAKE_SNAPSHOTS,
    TELL_STUDENTS,
    WRITE_TO_STAFF,
    Job,
    queue_name,
)

CLOCKS_APART = 3600
"""By so many seconds the clock of a worker's host may be ahead of the beat's; one whose wake-ups
all expired would do nothing that nobody else asks it for."""


def schedule_for(settings: Settings) -> dict[str, dict[str, Any]]:
    """The entries of Celery's beat; times in seconds, names as jobs have them."""
    return {
        job.name: _every(job, seconds)
        for job, seconds in {
            SEAL_AUDIT: 10,
            SWEEP_DELIVERIES: settings.sweep_seconds,
            COLLECT_BOUNCES: 300,
            TELL_STUDENTS: 300,
            SEND_DRAFTS: settings.sweep_seconds,
            SWEEP_WORK: settings.sweep_seconds,
            QUEUE_RECOMMENDATIONS: 300,
            KEEP_FACTS: 10,
            CHECK_FACTS: 3600,
            DELETE_EXPIRED: 3600,
            TAKE_SNAPSHOTS: 3600,
            MAIL_REPORTS: settings.sweep_seconds,
            WRITE_TO_STAFF: 300,
        }.items()
    }


def _every(job: Job, seconds: int) -> dict[str, Any]:
    # A wake-up that waited much longer than its interval is worth nothing: the next one does the
    # same. When it is over is told by the worker's clock, which may be wrong.
    options = {"queue": queue_name(job.queue), "expires": seconds + CLOCKS_APART}
    return {"task": job.name, "schedule": float(seconds), "options": options}
