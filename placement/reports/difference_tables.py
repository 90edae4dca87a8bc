"""Differences as tables for files and terminals: exactly the rows of the screen."""

from collections.abc import Sequence
from decimal import Decimal

from placement.reference import destinations
from placement.reports.difference_answers import person_answer
from placement.reports.difference_words import cause_word
from placement.reports.queries.changed_people import ChangedPeople
from placement.reports.queries.explanations import Explanation
from placement.reports.queries.reconciliations import Figure, Reconciliation
from placement.reports.reconciliation.differences import CauseRow, Counts, counts_of
from placement.reports.tables import Table, Value, question_facts
from placement.reports.words import Words

_COLUMNS = ("cause", "label", "count", "registered", "denominator", "placed", "rate", "points")
_PEOPLE = (
    "student_number",
    "university",
    "university_name",
    "name",
    "id_number",
    "cause",
    "cause_text",
    "before_text",
    "after_text",
)


def causes_table(answer: Explanation, words: Words) -> Table:
    """The first figure, each cause by how much it changes it, the second, what was printed."""
    found = answer.difference
    rows = [_figure(words.column("first"), found.first)]
    rows += [_cause(row) for row in found.causes]
    rows += [_figure(words.column("second"), found.second)]
    printed = answer.printed
    if printed is not None:
        unexplained = answer.unexplained
        rows += [
            _short(words.column("printed"), printed.total, printed.placed, printed.rate),
            _short(
                words.column("unexplained"),
                *(unexplained.get(name) for name in ("total", "placed")),
                None,
                unexplained.get("rate"),
            ),
        ]
    return Table(
        words.column("differences"),
        (*_COLUMNS, "known", *destinations.PARTS),
        rows,
        _source(found),
    )


def changed_people_table(answer: Reconciliation, people: ChangedPeople, words: Words) -> Table:
    """Those whom two figures take differently, with their cause and what they were in each."""
    answers = [person_answer(answer, person) for person in people.people]
    return Table(
        words.column("people"),
        _PEOPLE,
        [[person[name] for name in _PEOPLE] for person in answers],
        _source(answer),
    )


def _figure(name: str, figure: Figure) -> list[Value]:
    counts = counts_of(figure.row)
    return [name, None, None, *_numbers(counts, figure.row.rate, None)]


def _cause(row: CauseRow) -> list[Value]:
    return [
        str(row.cause),
        cause_word(row.cause),
        row.people,
        *_numbers(row.counts, None, row.rate),
    ]


def _numbers(counts: Counts, rate: Decimal | None, points: Decimal | None) -> Sequence[Value]:
    return [
        counts.registered,
        counts.denominator,
        counts.placed,
        rate,
        points,
        counts.known,
        *counts.parts.values(),
    ]


def _short(name: str, *numbers: Value) -> list[Value]:
    """A row of which only denominator, placed, rate and points are known."""
    row: list[Value] = [name, None, None, None, *numbers]
    return [*row, *[None] * (len(_COLUMNS) + 1 + len(destinations.PARTS) - len(row))]


def _source(found: Reconciliation) -> list[tuple[str, Value]]:
    source: list[tuple[str, Value]] = []
    for name, figure in (("first", found.first), ("second", found.second)):
        known_at = figure.question.known_at
        moment = "" if known_at is None else known_at.isoformat()
        source += [(name, None), *question_facts(figure.question, moment)]
    return source
