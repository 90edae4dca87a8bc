"""The command line: `placement …`. Each file holds a group of commands."""

import importlib
import logging
import pkgutil
import sys
from typing import Any

import click

from placement.cli.groups import Commands
from placement.errors import PlacementError, is_disk_full
from placement.loading import loading

_FILES = sorted(
    file.name
    for file in pkgutil.iter_modules(__path__)
    if file.name not in {"__main__", "comparing", "session", "output", "parts", "groups"}
)
_FILE_OF = {"import": "imports"}
"""The file of a command whose name no file of Python can bear."""


_NO_ROOM = (
    "The disk is full, and nothing of this act was saved. Free some space, then do it again;"
    " what was saved before is there."
)


class _Commands(Commands):
    """Loads the files of commands; a refusal is one clear line and exit code 1.

    A command whose file bears its name is loaded alone: the others bring the whole program.
    """

    def list_commands(self, context: click.Context) -> list[str]:
        """Name all commands, which loads all files."""
        for name in _FILES:
            self._load(name)
        return super().list_commands(context)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Find a command by its name."""
        file = _FILE_OF.get(name, name)
        if file in _FILES:
            self._load(file)
        if name not in self.commands:
            self.list_commands(context)
        return super().get_command(context, name)

    def _load(self, file: str) -> None:
        with loading():
            found = importlib.import_module(f"placement.cli.{file}")
        for command in found.commands:
            self.add_command(command)

    def invoke(self, context: click.Context) -> Any:
        """Run a command; what the domain refuses is said without a traceback."""
        try:
            return super().invoke(context)
        except PlacementError as error:
            click.echo(f"placement: {error}", err=True)
            context.exit(1)
        except Exception as error:
            if not is_disk_full(error):
                raise
            click.echo(f"placement: {_NO_ROOM} ({error})", err=True)
            context.exit(1)


@click.group(cls=_Commands)
@click.version_option(package_name="placement")
def main() -> None:
    """One case for every graduate who finds it hard to get work."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
