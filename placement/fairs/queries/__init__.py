"""Reads of fairs, their stands, who comes and what came of it."""

from placement.fairs.queries.fairs import (
    coming_fairs,
    notices_of,
    past_fairs,
    schedule_of,
    visible_fairs,
)
from placement.fairs.queries.people import (
    attendance,
    count_attendance,
    count_results,
    counts_coming,
    last_through_the_door,
    opened_note,
    results_by_student,
    sign_up_of,
    visible_results,
)
from placement.fairs.queries.stands import (
    count_stands,
    employers_named,
    live_postings_of,
    stand_choices,
    stands_of,
)

__all__ = [
    "attendance",
    "coming_fairs",
    "count_attendance",
    "count_results",
    "count_stands",
    "counts_coming",
    "employers_named",
    "last_through_the_door",
    "live_postings_of",
    "notices_of",
    "opened_note",
    "past_fairs",
    "results_by_student",
    "schedule_of",
    "sign_up_of",
    "stand_choices",
    "stands_of",
    "visible_fairs",
    "visible_results",
]
