"""The answers of reports as plain data, the form that other programs rely on."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from placement.reports import sentences
from placement.reports.dimensions import crossing_name
from placement.reports.queries.comparisons import Comparison
from placement.reports.queries.histories import WhyCounted
from placement.reports.queries.people import PeopleList, Person
from placement.reports.queries.reports import Report
from placement.reports.questions import Condition
from placement.reports.rates import Row
from placement.reports.verdicts import HistoryRow


def rates_answer(report: Report) -> dict[str, Any]:
    """The JSON object of `report rates`: counts as numbers, rates as strings of two decimals."""
    question = report.question
    return {
        "class_year": question.class_year,
        "as_of": question.as_of.isoformat(),
        "known_at": report.known_at.isoformat(),
        "scheme": question.scheme,
        "base": question.base.value,
        "basis": question.basis.value,
        "rate_name": report.rate_name,
        "where": _where(question.where),
        "total": row_answer(report.total),
        "by": {
            crossing_name(crossing): [row_answer(row) for row in rows]
            for crossing, rows in report.by.items()
        },
        "exclusions": [
            {"standing": standing, "count": count} for standing, count in report.exclusions.items()
        ],
        "reasons": dict(report.reasons),
        "overtaken": report.overtaken,
        "left": {
            "since": None if report.since is None else report.since.isoformat(),
            "count": report.left,
        },
        "baseline": _baseline(report.baseline),
        "baseline_as_of": None if report.baseline is None else report.baseline.as_of.isoformat(),
        "baseline_reason": report.baseline_reason,
        "backdated": report.backdated,
    }


def row_answer(row: Row) -> dict[str, Any]:
    """One row of a report as plain data."""
    answer: dict[str, Any] = {
        "key": row.key,
        "label": row.label,
        "registered": row.registered,
        "excluded": row.excluded,
        "denominator": row.denominator,
        "placed": row.placed,
        "known": row.known,
        "rate": rate_text(row.rate),
        "knowledge_rate": rate_text(row.knowledge_rate),
        "parts": dict(row.parts),
        "part_rates": _rate_texts(row.part_rates),
        "codes": dict(row.codes),
    }
    if row.headline is not None:
        answer["headline"] = row.headline
    return answer


def people_answer(found: PeopleList) -> dict[str, Any]:
    """The JSON object of `report people`."""
    return {
        "count": found.count,
        "known_at": found.reading.known_at.isoformat(),
        "people": [_person_answer(person) for person in found.people],
    }


def rate_text(rate: Decimal | None) -> str | None:
    """A rate as answers write it, such as `96.65`; None over nobody."""
    return None if rate is None else f"{rate:.2f}"


def _rate_texts(rates: Mapping[str, Decimal | None]) -> dict[str, str | None]:
    return {part: rate_text(rate) for part, rate in rates.items()}


def _baseline(comparison: Comparison | None) -> dict[str, Any] | None:
    if comparison is None:
        return None
    return {
        "graduates": comparison.graduates,
        "placed": comparison.placed,
        "rate": rate_text(comparison.rate),
    }


def _where(conditions: Iterable[Condition]) -> list[str]:
    return [f"{item.dimension.value}={item.key}" for item in conditions]


def _person_answer(person: Person) -> dict[str, Any]:
    return {
        "student_number": person.student_number,
        "university": person.university,
        "name": person.name,
        "id_number": person.id_number,
        "standing": person.standing,
        "code": person.code,
        "part": person.part,
        "effective_on": None if person.effective_on is None else person.effective_on.isoformat(),
        "reason": person.reason,
    }


def explanation_answer(explanation: WhyCounted) -> dict[str, Any]:
    """The JSON object of `report explain`, its words in the language of the page or setting."""
    question, student = explanation.reading.question, explanation.student
    return {
        "student_number": student.student_number,
        "university": student.university.code,
        "class_year": question.class_year,
        "as_of": question.as_of.isoformat(),
        "known_at": explanation.reading.known_at.isoformat(),
        "scheme": question.scheme,
        "base": question.base.value,
        "basis": question.basis.value,
        "in_register": explanation.absent is None,
        "counted": explanation.counted,
        "placed": explanation.placed,
        "standing": explanation.standing or None,
        "categories": list(explanation.categories),
        "code": explanation.code,
        "part": explanation.part,
        "reason": explanation.reason,
        "counted_as": sentences.counted_as(explanation),
        "because": sentences.because(explanation),
        "history": [_history_answer(row, explanation) for row in explanation.history],
        "rules": [
            {"rule": name, "words": words, "source": source or None}
            for name, words, source in sentences.rules(explanation)
        ],
    }


def _history_answer(row: HistoryRow, explanation: WhyCounted) -> dict[str, Any]:
    reading = explanation.reading
    return {
        "kind": row.kind,
        "key": row.key,
        "what": sentences.what(row, reading.names_by_code, reading.question.scheme),
        "from": row.holds_from.isoformat(),
        "to": None if row.holds_to is None else row.holds_to.isoformat(),
        "recorded_at": row.recorded_at.isoformat(),
        "withdrawn_at": None if row.withdrawn_at is None else row.withdrawn_at.isoformat(),
        "state": row.state or None,
        "disputed": row.disputed,
        "used": row.used,
        "verdict": row.verdict,
        "because": sentences.verdict(row),
    }
