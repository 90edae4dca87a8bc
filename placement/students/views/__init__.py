"""The pages of students: hidden values, and who is responsible for whom."""

from placement.students.views import caseloads, defaults, handing_over, reassigning, revealing
from placement.students.views.blueprint import bp, responsibility

__all__ = [
    "bp",
    "caseloads",
    "defaults",
    "handing_over",
    "reassigning",
    "responsibility",
    "revealing",
]
