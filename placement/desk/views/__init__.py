"""The pages that join domains."""

from placement.desk.views import (
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
    students,
    suggestions,
    today,
    wishes,
)
from placement.desk.views.blueprint import bp

__all__ = [
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
    "students",
    "suggestions",
    "today",
    "wishes",
]
