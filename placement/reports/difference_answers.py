"""Differences as plain data, the form that other programs rely on."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from placement.reports.answers import rate_text, row_answer
from placement.reports.difference_words import cause_word, change_words
from placement.reports.queries.changed_people import ChangedPeople, ChangedPerson
from placement.reports.queries.explanations import Explanation
from placement.reports.queries.reconciliations import Figure, Reconciliation
from placement.reports.reconciliation.differences import CauseRow, Counts
from placement.reports.reconciliation.places import Place
from placement.reports.reconciliation.printed import Candidate


def difference_answer(answer: Explanation, people: ChangedPeople | None = None) -> dict[str, Any]:
    """The JSON object of `report compare`; differences are the second's less the first's.

    Rates are strings in percent, their differences strings in percent points.
    """
    found = answer.difference
    written = {
        "class_year": found.first.question.class_year,
        "first": _figure(found.first),
        "second": _figure(found.second),
        "difference": _counts(found.difference, found.points),
        "aspects": [step.aspect.value for step in found.steps],
        "people_count": len(found.changes),
        "causes": [_cause(row) for row in found.causes],
        "printed": None if answer.printed is None else _printed(answer),
    }
    if people is not None:
        written["people"] = [person_answer(found, person) for person in people.people]
    return written


def person_answer(found: Reconciliation, person: ChangedPerson) -> dict[str, Any]:
    """One of those whom two figures take differently."""
    change = person.change
    universities = found.reading.names_by_code
    before, after = change_words(found, change, universities)
    return {
        "student_number": person.student_number,
        "university": person.university,
        "university_name": person.university_name,
        "name": person.name,
        "id_number": person.id_number,
        "cause": str(change.cause),
        "cause_text": cause_word(change.cause),
        "before": _place(change.before),
        "before_text": before,
        "after": _place(change.after),
        "after_text": after,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    question = figure.question
    return {
        "as_of": question.as_of.isoformat(),
        "known_at": None if question.known_at is None else question.known_at.isoformat(),
        "scheme": question.scheme,
        "base": question.base.value,
        "basis": question.basis.value,
        "where": [f"{item.dimension.value}={item.key}" for item in question.where],
        "total": row_answer(figure.row),
    }


def _counts(counts: Counts, points: Decimal | None) -> dict[str, Any]:
    return {
        "registered": counts.registered,
        "denominator": counts.denominator,
        "placed": counts.placed,
        "known": counts.known,
        "points": rate_text(points),
        "parts": dict(counts.parts),
    }


def _cause(row: CauseRow) -> dict[str, Any]:
    return {
        "cause": str(row.cause),
        "label": cause_word(row.cause),
        "people": row.people,
        **_counts(row.counts, row.rate),
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {
        "counted": not place.left_out,
        "standing": place.standing,
        "code": place.code,
        "part": None if place.left_out else place.part,
        "effective_on": None if place.outcome_on is None else place.outcome_on.isoformat(),
        "reason": place.standing if place.left_out else place.reason,
    }


def _printed(answer: Explanation) -> dict[str, Any] | None:
    printed = answer.printed
    if printed is None:
        return None
    return {
        "total": printed.total,
        "placed": printed.placed,
        "rate": rate_text(printed.rate),
        "own_rate": rate_text(printed.own_rate),
        "contradicts_itself": printed.contradicts_itself,
        "totals_of_rate": printed.totals_of_rate,
        "given_by": [_candidate(one) for one in answer.candidates],
        "not_found": [name for name in printed.names if name not in answer.found],
        "unexplained": _plain(answer.unexplained),
    }


def _candidate(one: Candidate) -> dict[str, Any]:
    return {**_figure(Figure(one.question, one.row)), "gives": sorted(one.gives)}


def _plain(numbers: Mapping[str, int | Decimal]) -> dict[str, int | str | None]:
    return {
        name: rate_text(number) if isinstance(number, Decimal) else number
        for name, number in numbers.items()
    }
