"""A process that has the program loaded and forks for each command of a test.

A command then is a process of its own, as it is for its user, without loading the program anew.
Run as `python -m tests.commands`; it reads a request a line: one with `arguments` begins a command
and is answered with its number as a process, one with `ended` with its exit status, or null while
it goes on.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import click

from placement.cli import main


class Begun:
    """A command that goes on, with what of `subprocess.Popen` the tests use."""

    def __init__(self, commands: "Commands", pid: int) -> None:
        self.pid = pid
        self._commands = commands
        self._status: int | None = None

    def poll(self) -> int | None:
        """Its exit status, or None while it goes on."""
        if self._status is None:
            self._status = self._commands.ask(ended=self.pid)
        return self._status

    def wait(self, seconds: float | None = None) -> int:
        """Wait for its end; its exit status. Raises TimeoutExpired when that takes too long."""
        until = time.monotonic() + seconds if seconds is not None else None
        while (status := self.poll()) is None:
            if seconds is not None and until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired(["placement"], seconds)
            time.sleep(0.01)
        return status

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


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
        for file in (output, errors):
            file.write_bytes(b"")
        status = self.begin(
            *arguments, environment=environment, output=output, errors=errors
        ).wait()
        texts = [file.read_text(encoding="utf-8") for file in (output, errors)]
        return subprocess.CompletedProcess(["placement", *arguments], status, *texts)

    def begin(
        self, *arguments: str, environment: Mapping[str, str], output: Path, errors: Path
    ) -> Begun:
        """Begin a command in a session of its own; what it prints is added to the files."""
        pid = self.ask(
            arguments=arguments,
            environment=dict(environment),
            output=str(output),
            errors=str(errors),
        )
        return Begun(self, pid)

    def ask(self, **request: Any) -> Any:
        """Ask the process that has the program loaded."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def serve() -> None:
    """Answer until the input ends."""
    _load(main, click.Context(main))
    import_module("placement.app")
    gc.freeze()
    for line in sys.stdin:
        request = json.loads(line)
        answer = _ended(request["ended"]) if "ended" in request else _begin(request)
        print(json.dumps(answer), flush=True)  # noqa: T201 - whoever started it reads


def _begin(request: dict[str, Any]) -> int:
    child = os.fork()
    if not child:
        os.setsid()
        os._exit(_status_of(request))
    return child


def _ended(child: int) -> int | None:
    ended, status = os.waitpid(child, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


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
        file = os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
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
