"""A process that has the program loaded and forks for each command of a test.

A command then is a process of its own, as it is for its user, without loading the program anew.
Run as `python -m tests.commands`; it reads a request a line and answers with the exit status.
"""

import json
import os
import subprocess
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import click

from placement.cli import main


class Commands:
    """Runs `placement …` by the process that has it loaded; use as a context."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        words = [sys.executable, "-m", "tests.commands"]
        self._process = subprocess.Popen(
            words,
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def run(
        self, *arguments: str, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run one command to its end; what it printed and its exit status."""
        output, errors = self._folder / "output", self._folder / "errors"
        request = {
            "arguments": arguments,
            "environment": dict(environment),
            "output": str(output),
            "errors": str(errors),
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        texts = [file.read_text(encoding="utf-8") for file in (output, errors)]
        return subprocess.CompletedProcess(["placement", *arguments], status, *texts)


def serve() -> None:
    """Answer until the input ends."""
    _load(main, click.Context(main))
    import_module("placement.app")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os._exit(_status_of(json.loads(line)))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(status, flush=True)  # noqa: T201 - whoever started it reads


def _load(group: click.Group, context: click.Context) -> None:
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            _load(found, context)


def _status_of(request: dict[str, Any]) -> int:
    """Run the command in this process; its exit status."""
    os.environ.clear()
    os.environ.update(request["environment"])
    for number, name in ((1, "output"), (2, "errors")):
        file = os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
    with suppress(OSError):
        os.close(0)
    sys.argv = ["placement", *request["arguments"]]
    try:
        main(request["arguments"], prog_name="placement")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 - the interpreter would end likewise
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    serve()
