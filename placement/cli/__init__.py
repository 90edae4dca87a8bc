"""The command line: `placement …`. Each file holds a group of commands."""

import importlib
import logging
import pkgutil
import sys
from typing import Any

import click

from placement.errors import PlacementError


class _Commands(click.Group):
    """Loads the files of commands; a refusal is one clear line and exit code 1."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for file in pkgutil.iter_modules(__path__):
            if file.name == "__main__":
                continue
            for command in importlib.import_module(
                f"placement.cli.{file.name}"
            ).commands:
                self.add_command(command)

    def invoke(self, context: click.Context) -> Any:
        """Run a command; what the domain refuses is said without a traceback."""
        try:
            return super().invoke(context)
        except PlacementError as error:
            click.echo(f"placement: {error}", err=True)
            context.exit(1)


@click.group(cls=_Commands)
@click.version_option(package_name="placement")
def main() -> None:
    """One case for every graduate who finds it hard to get work."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
