"""`placement report explain`: why one person counts as they do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from placement.accounts.queries import university_by_code
from placement.cli.output import FORMAT, json_bytes, lines_bytes, write_answer
from placement.cli.report.asking import asking_rules, question_of, report_session
from placement.db import transaction
from placement.reports import sentences
from placement.reports.answers import explanation_answer
from placement.reports.operations import explain_person
from placement.reports.queries.histories import WhyCounted
from placement.students.queries import student_by_number


@click.command("explain")
@click.option("--student", "number", required=True, help="The student's number.")
@click.option("--university", "code", required=True, metavar="CODE", help="The university's code.")
@asking_rules
@FORMAT
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the answer to this file.",
)
def explain(number: str, code: str, form: str, out: Path | None, **asked: Any) -> None:
    """Say how one person is counted and why: the rows of the history and the rules that decided.

    The name is not shown; that somebody looked is written into the audit trail.
    """
    with report_session("report explain"):
        with transaction():
            student = student_by_number(number, university_by_code(code))
            explanation = explain_person(question_of(asked), student, viewer=None)
            if form == "json":
                data = json_bytes(explanation_answer(explanation))
            else:
                data = lines_bytes(list(_lines(explanation)))
        write_answer(data, out)


def _lines(explanation: WhyCounted) -> Iterator[str]:
    question, student = explanation.reading.question, explanation.student
    yield (
        f"{student.student_number} · {student.university.name} · {question.class_year},"
        f" {question.as_of}, {explanation.reading.known_at.isoformat(timespec='seconds')}"
    )
    yield f"{sentences.counted_as(explanation)}: {sentences.because(explanation)}"
    yield ""
    for row in explanation.history:
        mark = "*" if row.used else "-"
        said = sentences.what(row, explanation.reading.names_by_code, question.scheme)
        state = sentences.state(row)
        yield f"{mark} {row.holds_from} {said}{f' ({state})' if state else ''}"
        yield f"    {sentences.verdict(row)}"
    yield ""
    for _name, words, source in sentences.rules(explanation):
        yield f"{words}{f' ({source})' if source else ''}"
