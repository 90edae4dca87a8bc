"""All writes of imports: taking files in, deciding about lists, taking imports back."""

from placement.intake.operations.answer import ImportAnswer
from placement.intake.operations.lifecycle import (
    cancel_import,
    confirm_import,
    run_import_work,
    start_import,
)
from placement.intake.operations.lists import confirm_matches, decide_match, listed_person
from placement.intake.operations.options import ImportOptions
from placement.intake.operations.running import (
    ImportClashError,
    IncomingFile,
    apply_import,
    preview_import,
)
from placement.intake.operations.undo import (
    BuiltOnError,
    UndoneImport,
    check_undo,
    undo_import,
)

__all__ = [
    "BuiltOnError",
    "ImportAnswer",
    "ImportClashError",
    "ImportOptions",
    "IncomingFile",
    "UndoneImport",
    "apply_import",
    "cancel_import",
    "check_undo",
    "confirm_import",
    "confirm_matches",
    "decide_match",
    "listed_person",
    "preview_import",
    "run_import_work",
    "start_import",
    "undo_import",
]
