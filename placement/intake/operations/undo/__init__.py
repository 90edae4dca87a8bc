"""Taking an import back."""

from placement.intake.operations.undo.undoing import UndoneImport, undo_import

__all__ = ["UndoneImport", "undo_import"]
