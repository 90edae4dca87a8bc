"""Two figures, their difference by cause, and the people of each cause, from one state of data."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from placement import clock
from placement.accounts.viewer import Viewer
from placement.reference import report_words
from placement.reports.dimensions import CHINESE, Dimension
from placement.reports.queries.places import (
    CountedAs,
    count_people,
    read_alike,
    read_grounds,
    read_outcome_lives,
    read_places,
)
from placement.reports.queries.readings import Reading, begin_reading
from placement.reports.queries.reports import require_register
from placement.reports.questions import Question
from placement.reports.rates import Row, tally
from placement.reports.reconciliation.causes import Cause, Evidence, Turn, cause_of, turn_of
from placement.reports.reconciliation.differences import (
    CauseRow,
    Change,
    Counts,
    cause_rows,
    difference,
    points_between,
)
from placement.reports.reconciliation.places import Grounds, Place, under_rules
from placement.reports.reconciliation.steps import Aspect, Step, questions_of, steps_between


@dataclass(frozen=True, slots=True)
class Figure:
    """One of two figures: its question, which names its moment, and its row."""

    question: Question
    row: Row


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Two figures, everybody whom they take differently, and the causes that these add up to."""

    reading: Reading
    first: Figure
    second: Figure
    steps: tuple[Step, ...]
    changes: tuple[Change, ...]
    causes: list[CauseRow]

    @property
    def difference(self) -> Counts:
        """The second's counts less the first's; exactly the sum of the causes."""
        return difference(self.first.row, self.second.row)

    @property
    def points(self) -> Decimal | None:
        """By how many percent points the rates differ, None where one is missing."""
        return points_between(self.first.row.rate, self.second.row.rate)

    def people_of(self, cause: Cause | None) -> list[Change]:
        """Those who stand under a cause; all without one."""
        return [change for change in self.changes if cause in (None, change.cause)]


def begin_comparison(
    first: Question, second: Question, viewer: Viewer | None
) -> tuple[Reading, Reading]:
    """Fix both moments and begin the transaction in which both figures read one state.

    The readings' questions name their moments. Raises what `begin_reading` does.
    """
    # The last one to begin is what both are read with: the newest closed moment if any asks it.
    for question in sorted((first, second), key=_knowledge):
        reading = begin_reading(question, viewer)
    return _about(reading, first), _about(reading, second)


def _knowledge(question: Question) -> dt.datetime:
    return question.known_at or dt.datetime.max.replace(tzinfo=dt.UTC)


def _about(reading: Reading, question: Question) -> Reading:
    known_at = (question.known_at or reading.known_at).astimezone(clock.ZONE)
    for code in question.keys_of(Dimension.UNIVERSITY):
        reading.number_of(code)
    return at(reading, replace(question, known_at=known_at, by=()))


def at(reading: Reading, question: Question) -> Reading:
    """Another question, which names its moment, read from the same state."""
    if question.known_at is None:
        raise ValueError("the question names no moment")
    return replace(reading, question=question, known_at=question.known_at)


def reconcile(first: Reading, second: Reading, *, locale: str = CHINESE) -> Reconciliation:
    """Explain the difference of two figures of readings that have begun.

    Raises NoRegisterError for a class year without a register, InvalidValueError for two
    class years.
    """
    steps = steps_between(first.question, second.question)
    alike = read_alike(first)
    cells, before = count_people(first, alike)
    other_cells, after = count_people(
        second, alike if _reads_alike(first, steps) else read_alike(second)
    )
    rows = [
        tally(found, reading.question.base, reading.question.scheme).row(
            (), report_words.name("total", locale)
        )
        for found, reading in ((cells, first), (other_cells, second))
    ]
    if not before and not after:
        require_register(second)
    changes = _changes(first, steps, _differing(before, after))
    return Reconciliation(
        first,
        Figure(first.question, rows[0]),
        Figure(second.question, rows[1]),
        steps,
        tuple(changes),
        cause_rows(rows[0], changes),
    )


def _reads_alike(first: Reading, steps: Sequence[Step]) -> bool:
    """Whether both figures are about the same people with the same outcomes.

    A condition may look at what the base and the scheme make of somebody.
    """
    by_rules = {step.aspect for step in steps} <= {Aspect.BASE, Aspect.SCHEME}
    return not steps or (by_rules and not first.question.where)


def _differing(before: Mapping[int, CountedAs], after: Mapping[int, CountedAs]) -> set[int]:
    """Those whom one figure takes otherwise than the other."""
    both = before.keys() & after.keys()
    return set(before.keys() ^ after.keys()) | {
        student_id for student_id in both if before[student_id] != after[student_id]
    }


def _changes(first: Reading, steps: Sequence[Step], student_ids: set[int]) -> list[Change]:
    if not student_ids:
        return []
    readings = [at(first, question) for question in questions_of(first.question, steps)]
    found = [read_places(first, student_ids)]
    for step, reading in zip(steps, readings[1:], strict=True):
        found.append(_places_after(step, found[-1], reading, student_ids))
    ways = {
        student_id: [places.get(student_id) for places in found]
        for student_id in sorted(student_ids)
    }
    turns = {student_id: turn_of(way, steps) for student_id, way in ways.items()}
    decided = {student_id: turn for student_id, turn in turns.items() if turn is not None}
    evidence = Evidence(_grounds(readings, decided), read_outcome_lives(_outcomes(decided)))
    return [
        Change(
            student_id, cause_of(turn, student_id, evidence), *_ends(ways[student_id]), turn.keys
        )
        for student_id, turn in decided.items()
    ]


def _places_after(
    step: Step, before: Mapping[int, Place], reading: Reading, student_ids: set[int]
) -> dict[int, Place]:
    """The places after a step; one that changes rules alone needs no reading."""
    if step.aspect not in {Aspect.BASE, Aspect.SCHEME} or step.after.where:
        return read_places(reading, student_ids)
    base, scheme = step.after.base, step.after.scheme
    return {number: under_rules(place, base, scheme) for number, place in before.items()}


def _ends(way: Sequence[Place | None]) -> tuple[Place | None, Place | None]:
    first, last = (
        place if place is not None and place.is_selected else None for place in (way[0], way[-1])
    )
    return first, last


def _grounds(
    readings: Sequence[Reading], turns: Mapping[int, Turn]
) -> dict[tuple[int, int], Grounds]:
    """The grounds of those who came into the register or left it, before and after."""
    wanted: defaultdict[int, set[int]] = defaultdict(set)
    for student_id, turn in turns.items():
        if turn.level == "register" and None in (turn.before, turn.after):
            wanted[turn.number].add(student_id)
            wanted[turn.number + 1].add(student_id)
    return {
        (number, student_id): grounds
        for number, student_ids in wanted.items()
        for student_id, grounds in read_grounds(readings[number], student_ids).items()
    }


def _outcomes(turns: Mapping[int, Turn]) -> Iterator[int]:
    """The outcomes that decide before and after what was learnt."""
    for turn in turns.values():
        if turn.level != "outcome" or turn.step.aspect is not Aspect.KNOWN_AT:
            continue
        for place in (turn.before, turn.after):
            if place is not None and place.deciding_id is not None:
                yield place.deciding_id
