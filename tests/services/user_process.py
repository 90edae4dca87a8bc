"""A process that uses an instance: attaches, prints the URLs, stays until its input ends."""

import dataclasses
import json
import sys
from pathlib import Path

import click

from placement.config import load_settings
from placement.errors import PlacementError
from placement.services import attach, detach


def main() -> int:
    """Attach to the instance of the first argument; exit 1 with the reason if refused.

    The second argument says whether a new instance is durable.
    """
    try:
        settings = load_settings(instance=Path(sys.argv[1]))
        endpoints = attach(settings, durable="durable" in sys.argv)
    except PlacementError as error:
        click.echo(json.dumps({"refused": str(error)}))
        return 1
    click.echo(json.dumps(dataclasses.asdict(endpoints)))
    if sys.stdin.read():
        detach(settings.instance, at_once=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
