"""What a command prints: the answer on standard output, everything else on standard error."""

import json
from typing import Any

import click


def echo_json(answer: dict[str, Any]) -> None:
    """Print the one JSON object of a command's answer on standard output."""
    click.echo(json.dumps(answer, ensure_ascii=False, default=str))


def note(text: str) -> None:
    """Print progress to standard error, so that the answer stands alone on standard output."""
    click.echo(text, err=True)
