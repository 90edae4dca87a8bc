"""`placement beat`: the part that wakes the jobs which are due again and again."""

import sys

import click

from placement import queue
from placement.cli.parts import begin_part
from placement.services import attach
from placement.services.celery_parts import import_tasks, run_beat


@click.command()
def beat() -> None:
    """Wake the jobs that are due again and again; one for each installation is enough."""
    settings = begin_part()
    endpoints = attach(settings)
    queue.configure(endpoints.redis_url, settings.queue_prefix)
    sys.exit(run_beat(import_tasks("schedule").schedule_for(settings)))


commands: list[click.Command] = [beat]
