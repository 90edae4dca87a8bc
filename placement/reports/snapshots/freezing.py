"""From history to the bytes of a snapshot, the same way when it is taken and when it is proved."""

from collections.abc import Sequence
from dataclasses import dataclass

from placement import clock
from placement.accounts.models import University
from placement.reference import rules
from placement.reports.dimensions import Dimension
from placement.reports.models import Snapshot
from placement.reports.queries.readings import Reading, begin_reading
from placement.reports.questions import Condition, Question, ask
from placement.reports.snapshots.frozen import (
    PROVINCE_TABLES,
    UNIVERSITY_TABLES,
    Counted,
    Heading,
    Step,
    at_no_step,
    canonical_figures,
    canonical_people,
    tables_of,
)
from placement.reports.snapshots.queries import Content, read_counted


@dataclass(frozen=True, slots=True)
class Version:
    """Which version a content is of, and the seal of the one before."""

    number: int
    replaces: bytes | None

    @classmethod
    def after(cls, before: Snapshot | None) -> "Version":
        """The version that follows `before`; the first where there is none."""
        return cls(1, None) if before is None else cls(before.version + 1, before.seal)


def freeze(
    question: Question,
    reading: Reading,
    people: Sequence[Counted],
    version: Version,
    *,
    at_step: Step = at_no_step,
) -> Content:
    """The content of a snapshot of `people`, who are those of the question.

    `at_step` is called after each table.
    """
    codes = question.keys_of(Dimension.UNIVERSITY)
    heading = Heading(
        class_year=question.class_year,
        as_of=question.as_of.isoformat(),
        known_at=reading.known_at.astimezone(clock.ZONE).isoformat(),
        university=codes[0] if codes else None,
        scheme=question.scheme,
        base=question.base.value,
        basis=question.basis.value,
        version=version.number,
        replaces=None if version.replaces is None else version.replaces.hex(),
    )
    names = UNIVERSITY_TABLES if codes else PROVINCE_TABLES
    tables = tables_of(people, scheme=question.scheme, names=names, at_step=at_step)
    return Content(
        canonical_figures(heading, rules.rows_in_force(), tables), canonical_people(people)
    )


def question_of(snapshot: Snapshot) -> Question:
    """The question that a snapshot answers, with its moment."""
    return ask(
        snapshot.class_year,
        snapshot.as_of,
        known_at=snapshot.known_at,
        where=narrowed_to(snapshot.university),
    )


def narrowed_to(university: University | None) -> list[Condition]:
    """The condition for a university's own snapshot; none for the province's."""
    return [] if university is None else [Condition(Dimension.UNIVERSITY, university.code)]


def freeze_again(snapshot: Snapshot, replaces: bytes | None) -> tuple[Content, Reading]:
    """Make a snapshot's content anew from history as known at its moment.

    `replaces` is the seal of the version before. Ends the transaction under way.
    """
    question = question_of(snapshot)
    version = Version(snapshot.version, replaces)
    reading = begin_reading(question, None)
    return freeze(question, reading, read_counted(reading), version), reading
