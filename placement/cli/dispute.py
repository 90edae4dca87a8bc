"""`placement dispute`: say on a student's behalf that the recorded outcome is wrong."""

from typing import Any

import click

from placement import clock
from placement.accounts.queries import university_by_code
from placement.cli.output import FORMAT
from placement.cli.session import command_session, echo_json
from placement.db import transaction
from placement.errors import EditConflictError, InvalidValueError, NotVisibleError
from placement.outcomes.models import Outcome
from placement.outcomes.operations import open_dispute
from placement.outcomes.queries import deciding_outcome, stories
from placement.students.models import Student
from placement.students.queries import student_by_number

MOST_CHARACTERS = 1000


@click.command()
@click.option("--student", "number", required=True, help="The student's number.")
@click.option("--university", "code", required=True, help="The university's code.")
@click.option("--reason", required=True, help="What is wrong, in the student's words.")
@FORMAT
def dispute(number: str, code: str, reason: str, form: str) -> None:
    """Open a dispute on a student's behalf: the outcome that counts today stops counting at once.

    Without a verified outcome it is the last one reported. It is settled on the university's
    pages, and the student sees in the file who asked for it.
    """
    if len(reason) > MOST_CHARACTERS:
        raise InvalidValueError(f"The reason is longer than {MOST_CHARACTERS} characters.")
    with command_session("dispute"):
        with transaction():
            student = student_by_number(number, university_by_code(code))
            outcome = _undisputed(student)
            opened = open_dispute(outcome, actor_id=None, reason=reason)
        answer = {"dispute_id": opened.id, **_described(student, code, outcome)}
    if form == "json":
        echo_json(answer)
    else:
        wrong = answer["outcome"]
        click.echo(
            f"Dispute {answer['dispute_id']} is open: outcome {wrong['code']} since"
            f" {wrong['effective_on']} of student {number} does not count until it is settled."
        )


def _undisputed(student: Student) -> Outcome:
    outcome = deciding_outcome(student.id, day=clock.today())
    if outcome is None:
        raise NotVisibleError(
            f"Student {student.student_number} has no outcome that could be wrong.",
            remedy="Record one first, with 'placement import outcomes' or on the student's page.",
        )
    known = stories([outcome])[0].dispute
    if known is not None:
        raise EditConflictError(
            f"The outcome {outcome.code} since {outcome.effective_on} is in dispute already"
            f" (dispute {known.id}).",
            remedy="Wait until the university has settled it.",
        )
    return outcome


def _described(student: Student, code: str, outcome: Outcome) -> dict[str, Any]:
    return {
        "student_number": student.student_number,
        "university": code,
        "outcome": {
            "code": outcome.code,
            "effective_on": outcome.effective_on.isoformat(),
            "employer": outcome.employer,
        },
    }


commands: list[click.Command] = [dispute]
