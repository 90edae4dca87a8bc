"""Files as people send them, read into one kind of table."""

from placement.intake.spreadsheets.limits import Limits
from placement.intake.spreadsheets.reading import read_table, screen_file
from placement.intake.spreadsheets.refusals import FileRefusedError
from placement.intake.spreadsheets.table import FileColumn, Table, column_letters

__all__ = [
    "FileColumn",
    "FileRefusedError",
    "Limits",
    "Table",
    "column_letters",
    "read_table",
    "screen_file",
]
