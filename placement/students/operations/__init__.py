"""Writes of students."""

from placement.students.operations.current import refresh_current_values

__all__ = ["refresh_current_values"]
