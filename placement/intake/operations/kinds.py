"""The kinds of files that are taken in, each with its importer."""

from collections.abc import Callable
from dataclasses import dataclass

from placement.intake.models import ImportKind
from placement.intake.operations import (
    baseline,
    lists,
    outcomes,
    postings,
    schools,
    students,
    wishes,
)
from placement.intake.operations.run import ImportRun


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of file is taken in, and in which tables it may add rows."""

    take: Callable[[ImportRun], None]
    tables: tuple[str, ...]


KINDS = {
    ImportKind.STUDENTS: Kind(students.take_students, students.TABLES),
    ImportKind.OUTCOMES: Kind(outcomes.take_outcomes, outcomes.TABLES),
    ImportKind.LIST: Kind(lists.take_list, lists.TABLES),
    ImportKind.WISHES: Kind(wishes.take_wishes, wishes.TABLES),
    ImportKind.POSTINGS: Kind(postings.take_postings, postings.TABLES),
    ImportKind.BASELINE: Kind(baseline.take_baseline, baseline.TABLES),
    ImportKind.UNIVERSITIES: Kind(schools.take_universities, schools.TABLES),
}
