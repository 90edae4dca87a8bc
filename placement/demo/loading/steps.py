"""One file after the other through the importers, each timed."""

import time
from collections.abc import Callable

from placement import clock
from placement.config import Settings
from placement.db import transaction
from placement.demo.province.steps import Step
from placement.errors import PlacementError
from placement.intake.models import ImportKind, ListKind
from placement.intake.operations.options import ImportOptions
from placement.intake.operations.running import IncomingFile, apply_import
from placement.intake.spreadsheets import Limits

Tell = Callable[[str], None]


class DemoFileError(PlacementError):
    """An importer did not take the demo's own file as a whole."""

    code = "demo_file"


def import_file(step: Step, *, settings: Settings, tell: Tell) -> None:
    """Take in one file of the demo. Raises DemoFileError if a row of it is rejected."""
    started = time.monotonic()
    data = step.path.read_bytes()
    recorded_at = step.recorded_at
    if recorded_at is not None and recorded_at > clock.now():
        recorded_at = None
    options = ImportOptions(
        kind=ImportKind(step.kind),
        class_year=step.class_year,
        list_kind=ListKind(step.list_kind) if step.list_kind else None,
        recorded_at=recorded_at,
        effective_on=step.effective_on,
        as_of=step.as_of,
        verified=step.verified,
        confirm=step.confirm,
        complete=step.complete,
    )
    with transaction():
        answer = apply_import(
            IncomingFile(data, step.path.name, Limits.of(settings)), options, actor_id=None
        )
    rejected = answer.counts["rejected"]
    if rejected and step.kind != "list":
        first = answer.as_dict()["errors"][0]
        raise DemoFileError(f"{step.path.name}: {rejected} rows were rejected, first {first}.")
    seconds = time.monotonic() - started
    tell(f"  {step.path.name}: {answer.counts['rows']:,} rows in {seconds:.1f} s")
