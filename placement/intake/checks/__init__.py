"""What is right and wrong with the rows of a file, before anything is written."""

from collections.abc import Callable, Mapping

from placement.intake.checks.counts import check_baseline, check_universities
from placement.intake.checks.draft import Checked, Options
from placement.intake.checks.lists import check_list
from placement.intake.checks.outcomes import check_outcomes
from placement.intake.checks.postings import check_postings
from placement.intake.checks.problems import Caution, Problem
from placement.intake.checks.students import check_students
from placement.intake.checks.wishes import check_wishes
from placement.intake.spreadsheets import Table

__all__ = ["Caution", "Checked", "Options", "Problem", "check_table"]

_CHECKS: Mapping[str, Callable[[Table, Options], Checked]] = {
    "students": check_students,
    "outcomes": check_outcomes,
    "list": check_list,
    "wishes": check_wishes,
    "postings": check_postings,
    "baseline": check_baseline,
    "universities": check_universities,
}


def check_table(table: Table, options: Options | None = None) -> Checked:
    """Check a table by the rules of its kind; what is wrong is in the answer, nothing is raised."""
    return _CHECKS[table.kind](table, options or Options())
