"""A process that uses an instance: attaches, prints the URLs, stays until its input ends."""

import dataclasses
import json
import sys
from pathlib import Path

from placement.config import load_settings
from placement.errors import PlacementError
from placement.services import attach, detach


def main() -> int:
    """Attach to the instance named by the first argument, durable if the second says so; exit 1 with the reason if refused."""
    try:
        settings = load_settings(instance=Path(sys.argv[1]))
        endpoints = attach(settings, durable="durable" in sys.argv)
    except PlacementError as error:
        print(json.dumps({"refused": str(error)}), flush=True)
        return 1
    print(json.dumps(dataclasses.asdict(endpoints)), flush=True)
    if sys.stdin.read():
        detach(settings.instance, at_once=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
