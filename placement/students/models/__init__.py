"""What is kept of students, and who is responsible for them."""

from placement.students.models.people import (
    HEADLINE_CATEGORIES,
    Assignment,
    Basis,
    Category,
    Membership,
    MembershipState,
    Standing,
    StandingKind,
    Student,
    StudentVersion,
)
from placement.students.models.responsibility import (
    DefaultCounselor,
    HandOver,
    HandOverState,
    LeaveCover,
    Reassignment,
)

__all__ = [
    "HEADLINE_CATEGORIES",
    "Assignment",
    "Basis",
    "Category",
    "DefaultCounselor",
    "HandOver",
    "HandOverState",
    "LeaveCover",
    "Membership",
    "MembershipState",
    "Reassignment",
    "Standing",
    "StandingKind",
    "Student",
    "StudentVersion",
]
