"""What the demo chose for its parts, so that commands beside it see the same installation."""

import json
from pathlib import Path


def remember(instance: Path, environment: dict[str, str]) -> None:
    """Keep the environment variables that the demo of `instance` gives to its parts."""
    _file(instance).write_text(json.dumps(environment, indent=1), encoding="utf-8")


def remembered(instance: Path) -> dict[str, str]:
    """The variables of the demo of `instance`; none where it holds no demo."""
    try:
        kept: dict[str, str] = json.loads(_file(instance).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return kept


def _file(instance: Path) -> Path:
    return instance / "demo" / "environment.json"
