"""Reports as tables: exactly the rows of the screen, each with what it was asked and known by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from placement.reference import destinations
from placement.reports.dimensions import crossing_name
from placement.reports.queries.people import PeopleList, Person
from placement.reports.queries.readings import Reading
from placement.reports.queries.reports import Report
from placement.reports.questions import Question
from placement.reports.rates import Row
from placement.reports.words import Words, outcome_word, reason_word, standing_word

Value = int | str | Decimal | None
_COUNTS = ("registered", "excluded", "denominator", "placed", "rate", "known", "knowledge_rate")
_ASKED = ("class_year", "as_of", "known_at", "scheme", "base", "basis", "where")
_PEOPLE = (
    "student_number",
    "university",
    "university_name",
    "name",
    "id_number",
    "standing",
    "code",
    "code_name",
    "part",
    "effective_on",
    "reason",
    "reason_text",
)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under the names of their columns, and the facts that say what they are."""

    name: str
    columns: Sequence[str]
    rows: list[list[Value]]
    source: list[tuple[str, Value]] = field(default_factory=list)


def rates_table(report: Report, words: Words) -> Table:
    """The total and every crossing, then who was left out, why, and all graduates.

    Each row repeats what was asked, so that one that is cut out still says what it is. `words`
    names the groups.
    """
    rows = [report.total, *(row for rows in report.by.values() for row in rows)]
    codes = sorted({code for row in rows for code in row.codes})
    parts = [*destinations.PARTS, *(f"{part}_rate" for part in destinations.PARTS)]
    columns = ("by", "key", "label", *_COUNTS, *parts, *(f"code_{code}" for code in codes))
    source = question_facts(report.question, report.known_at.isoformat())
    asked = [value for _name, value in source]
    lines = [[words.column("total"), *_figures(report.total, codes)]]
    for crossing, group in report.by.items():
        lines += [[words.crossing(crossing_name(crossing)), *_figures(row, codes)] for row in group]
    width = len(columns)
    for line in _besides(report, words):
        lines.append([*line, *[None] * (width - len(line))])
    return Table(
        words.column("rates"),
        (*columns, *_ASKED),
        [[*line, *asked] for line in lines],
        [*source, ("rate_name", report.rate_name), ("backdated", report.backdated)],
    )


def people_table(found: PeopleList, words: Words) -> Table:
    """The people behind a figure, each with the reason why they count as they do."""
    reading: Reading = found.reading
    return Table(
        words.column("people"),
        _PEOPLE,
        [[_person_value(person, name) for name in _PEOPLE] for person in found.people],
        [
            *question_facts(reading.question, reading.known_at.isoformat()),
            ("count", found.count),
        ],
    )


def question_facts(question: Question, known_at: str) -> list[tuple[str, Value]]:
    """What was asked, by name, as tables and files write it."""
    return [
        ("class_year", question.class_year),
        ("as_of", question.as_of.isoformat()),
        ("known_at", known_at),
        ("scheme", question.scheme),
        ("base", question.base.value),
        ("basis", question.basis.value),
        ("where", "; ".join(f"{c.dimension.value}={c.key}" for c in question.where)),
    ]


def _figures(row: Row, codes: Sequence[str]) -> list[Value]:
    return [
        row.key,
        row.label,
        *(getattr(row, name) for name in _COUNTS),
        *row.parts.values(),
        *row.part_rates.values(),
        *(row.codes.get(code, 0) for code in codes),
    ]


def _besides(report: Report, words: Words) -> Iterator[list[Any]]:
    """What stands beside the rows: its kind, a key, a label and a count of people."""
    for standing, count in report.exclusions.items():
        yield [words.column("exclusion"), standing, standing_word(standing), count]
    for reason, count in report.reasons.items():
        yield [words.column("reason"), reason, reason_word(reason), count]
    if report.since is not None:
        yield [words.column("left"), report.since.isoformat(), None, report.left]
    if report.baseline is not None:
        compared = report.baseline
        yield [
            *(words.column("baseline"), compared.as_of.isoformat(), None, compared.graduates),
            *(None, compared.graduates, compared.placed, compared.rate),
        ]


def _person_value(person: Person, name: str) -> Value:
    if name == "code_name":
        return outcome_word(person.code)
    if name == "reason_text":
        return reason_word(person.reason)
    if name == "effective_on":
        return None if person.effective_on is None else person.effective_on.isoformat()
    value: str | None = getattr(person, name)
    return value
