"""Taking in students' files."""

from placement.intake.operations.students.importing import TABLES, take_students

__all__ = ["TABLES", "take_students"]
