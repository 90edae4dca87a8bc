"""Taking an import back."""

from placement.intake.operations.undo.standing import BuiltOnError, Standing
from placement.intake.operations.undo.undoing import (
    NotUndoableError,
    UndoneImport,
    check_undo,
    undo_import,
)

__all__ = [
    "BuiltOnError",
    "NotUndoableError",
    "Standing",
    "UndoneImport",
    "check_undo",
    "undo_import",
]
