"""The pages that join domains."""

from placement.desk.views import (
    account,
    case_page,
    forgotten,
    home,
    me,
    my_jobs,
    my_outcome,
    my_plan,
    notice_people,
    overview,
    papers,
    service,
    staff_codes,
    students,
    suggestions,
    today,
    wishes,
)
from placement.desk.views.blueprint import bp

__all__ = [
    "account",
    "bp",
    "case_page",
    "forgotten",
    "home",
    "me",
    "my_jobs",
    "my_outcome",
    "my_plan",
    "notice_people",
    "overview",
    "papers",
    "service",
    "staff_codes",
    "students",
    "suggestions",
    "today",
    "wishes",
]
