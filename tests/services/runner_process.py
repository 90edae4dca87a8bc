"""A runner with small parts, one set for each test: its output is what `tell` was told."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import click

from placement.services import runner
from placement.services.runner import CommandPart, ForkedPart, run_parts
from placement.services.under_runner import join_runner, report_ready


def steady() -> int:
    """Work until SIGTERM."""
    report_ready()
    signal.pause()
    return 0


def stubborn() -> int:
    """Work on whatever is asked."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    report_ready()
    while True:
        time.sleep(60)


def with_child() -> int:
    """Work with a child in the same group that does not notice the end of its parent."""
    child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    click.echo(f"child {child.pid}")
    return steady()


def failing() -> int:
    """Never come to work."""
    return 7


def own_command() -> int:
    """Work as a command of its own."""
    join_runner()
    return steady()


def main() -> int:
    """Run the parts that the first argument names; the second is a file that asks to restart."""
    names, *rest = sys.argv[1:]
    if names == "command":
        return own_command()
    # What takes seconds in earnest takes tenths here.
    runner.END_SECONDS = float(os.environ.get("END_SECONDS", "1"))
    runner.CHECK_SECONDS = 0.1
    runner.LONGEST_PAUSE_SECONDS = 0.1
    runner.STOPPED_SECONDS = 0.3
    ask = Path(rest[0]) if rest else None

    def asked(name: str) -> bool:
        file = ask.with_suffix(f".{name}") if ask else None
        if file is None or not file.exists():
            return False
        file.unlink()
        return True

    parts = [
        CommandPart(name, [sys.executable, __file__, "command"])
        if name == "own_command"
        else ForkedPart(name, globals()[name], must_restart=partial(asked, name))
        for name in names.split(",")
    ]

    def must_restart() -> bool:
        if ask is None or not ask.exists():
            return False
        ask.unlink()
        return True

    return run_parts(
        parts,
        tell=click.echo,
        on_ready=lambda: click.echo(f"all ready {os.getpid()}"),
        must_restart=must_restart,
    )


if __name__ == "__main__":
    sys.exit(main())
