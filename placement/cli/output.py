"""What a command prints: the answer on standard output, everything else on standard error."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from placement.errors import InvalidValueError

FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to answer.",
)
"""The option of a command that answers in words or as one JSON object."""

HOW = (
    click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv", "xlsx"]),
        default="table",
        show_default=True,
        help="How to answer.",
    ),
    click.option(
        "--out",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write the answer to this file.",
    ),
)
"""The options of a command that answers with a table: in which form, and where to."""


def echo_json(answer: dict[str, Any]) -> None:
    """Print the one JSON object of a command's answer on standard output."""
    click.echo(json.dumps(answer, ensure_ascii=False, default=str))


def note(text: str) -> None:
    """Print progress to standard error, so that the answer stands alone on standard output."""
    click.echo(text, err=True)


def json_bytes(answer: dict[str, Any]) -> bytes:
    """The one JSON object of an answer that may go to a file."""
    return json.dumps(answer, ensure_ascii=False).encode() + b"\n"


def lines_bytes(lines: Iterable[str]) -> bytes:
    """Lines of text that may go to a file."""
    return "".join(f"{line}\n" for line in lines).encode()


def write_answer(data: bytes, out: Path | None) -> None:
    """Write an answer to a file that only its owner reads, or to standard output.

    Raises InvalidValueError for a file that cannot be written.
    """
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        out.touch(mode=0o600)
        out.write_bytes(data)
    except OSError as error:
        raise InvalidValueError(
            f"{out} cannot be written: {error.strerror}.", remedy="Give another file."
        ) from error
    note(f"Written to {out}.")
