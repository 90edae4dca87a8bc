"""Taking an import back."""

from placement.intake.operations.undo.standing import BuiltOnError, Standing
from placement.intake.operations.undo.undoing import NotUndoableError, UndoneImport, undo_import

__all__ = ["BuiltOnError", "NotUndoableError", "Standing", "UndoneImport", "undo_import"]
