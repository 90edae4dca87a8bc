"""`placement recommend`: compute the lists of jobs, of everybody or of some."""

import datetime as dt
import time
from collections.abc import Mapping
from itertools import groupby
from typing import Any

import click
from flask import current_app
from sqlalchemy import Select, select

from placement import clock
from placement.accounts.models import University
from placement.accounts.queries import university_by_code
from placement.cli.output import FORMAT, echo_json, note
from placement.cli.session import command_session
from placement.db import db, transaction
from placement.errors import InvalidValueError, NotVisibleError
from placement.jobs.laid_out import live_offers
from placement.jobs.models import Recommendation
from placement.jobs.operations import RunSummary, refresh_lists, run_recommendations
from placement.jobs.queries import current_run, stored_lists
from placement.jobs.reasons import Translate, describe, national_names
from placement.students.models import Student
from placement.web.catalogues import CHINESE, chinese

_DAY = click.DateTime(["%Y-%m-%d"])
_AT_ONCE = 500


@click.command()
@click.option("--class-year", type=int, required=True, help="The year of graduation.")
@click.option("--as-of", type=_DAY, help="The day, for deadlines and outcomes; today by default.")
@click.option("--student", "number", help="One student by number; answers the list.")
@click.option("--university", "code", help="The students of one university by its code.")
@click.option("--list", "with_lists", is_flag=True, help="Answer the lists themselves.")
@FORMAT
def recommend(
    class_year: int,
    as_of: dt.datetime | None,
    number: str | None,
    code: str | None,
    *,
    with_lists: bool,
    form: str,
) -> None:
    """Compute who may be proposed which jobs, with three reasons each."""
    started = time.perf_counter()
    with command_session("recommend"):
        day = as_of.date() if as_of else clock.today()
        students = _students(class_year, number, code)
        summary = _compute(class_year, day, students)
        answer: dict[str, Any] = {
            "students": summary.students,
            "postings": summary.postings,
            "with_three": summary.with_three,
            "seconds": round(time.perf_counter() - started, 2),
        }
        if with_lists or number is not None:
            answer["recommendations"] = _lists(class_year, summary.run_id, students)
    if form == "json":
        echo_json(answer)
    else:
        _print(answer)


def _students(class_year: int, number: str | None, code: str | None) -> list[int] | None:
    """The students asked for by their keys; None for everybody.

    Raises NotVisibleError for a number or university that is not there, and InvalidValueError
    for a number that several universities have.
    """
    if number is None and code is None:
        return None
    query: Select[int] = select(Student.id).where(
        Student.class_year == class_year, Student.voided_at.is_(None)
    )
    if code is not None:
        query = query.where(Student.university_id == university_by_code(code).id)
    if number is not None:
        query = query.where(Student.student_number == number.strip())
    found = list(db.session.execute(query.order_by(Student.id)).scalars())
    if number is not None and not found:
        raise NotVisibleError(
            f"There is no student {number} of the class of {class_year}.",
            remedy="Check the number and the university.",
        )
    if number is not None and len(found) > 1:
        raise InvalidValueError(
            f"Several universities have a student {number}.", remedy="Name one by --university."
        )
    return found


def _compute(class_year: int, day: dt.date, students: list[int] | None) -> RunSummary:
    if students is None:
        return run_recommendations(class_year, as_of=day, report=_report)
    with transaction():
        offers = live_offers(day)
    looking = 0
    for first in range(0, len(students), _AT_ONCE):
        with transaction():
            looking += refresh_lists(students[first : first + _AT_ONCE], offers=offers, day=day)
        _report(min(first + _AT_ONCE, len(students)), len(students))
    if not looking:
        note("Nobody asked for looks for work: no open case, or placed and verified.")
    run = current_run(class_year)
    run_id = 0 if run is None else run.id
    listed = [len(list(rows)) for _, rows in _grouped(run_id, students)]
    with_three = sum(1 for count in listed if count >= 3)
    return RunSummary(run_id, looking, len(offers), with_three, sum(listed))


def _report(done: int, total: int) -> None:
    note(f"{done:,} of {total:,} students")


def _grouped(run_id: int, students: list[int]) -> Any:
    rows = db.session.execute(stored_lists(run_id, students).execution_options(yield_per=5_000))
    return groupby(rows, key=lambda row: row[0])


def _lists(class_year: int, run_id: int, students: list[int] | None) -> list[dict[str, Any]]:
    """The stored lists with their reasons in words; who was asked for and has none is in it too."""
    people = (
        select(Student.id, Student.student_number, University.code)
        .join(University, University.id == Student.university_id)
        .where(Student.class_year == class_year)
        .order_by(University.code, Student.student_number)
    )
    if students is None:
        people = people.where(
            Student.id.in_(select(Recommendation.student_id).where(Recommendation.run_id == run_id))
        )
    else:
        people = people.where(Student.id.in_(students))
    known = db.session.execute(people).all()
    words = _Words(current_app.config["SETTINGS"].default_locale)
    found = {
        student_id: [words.posting(number, stored) for _, number, stored in rows]
        for student_id, rows in _grouped(run_id, [row[0] for row in known])
    }
    return [
        {"student_number": number, "university": code, "postings": found.get(student_id, [])}
        for student_id, number, code in known
    ]


class _Words:
    """Puts stored reasons into the language that the installation speaks."""

    def __init__(self, locale: str) -> None:
        self._names = national_names(locale)
        self._translate: Translate = _in_chinese if locale == CHINESE else _in_english

    def posting(self, number: str, stored: Recommendation) -> dict[str, Any]:
        """One line of a list as the contract has it."""
        caution = stored.caution
        return {
            "posting": number,
            "rank": stored.rank,
            "score": round(stored.score, 6),
            "reasons": [self._said(reason) for reason in stored.reasons],
            "caution": None if caution is None else self._said(caution),
        }

    def _said(self, statement: Mapping[str, Any]) -> str:
        return describe(statement, self._translate, self._names)


def _in_chinese(message: str, /, **variables: Any) -> str:
    return str(chinese().gettext(message)) % variables


def _in_english(message: str, /, **variables: Any) -> str:
    return message % variables


def _print(answer: dict[str, Any]) -> None:
    click.echo(
        f"{answer['students']:,} students, {answer['postings']:,} postings,"
        f" {answer['with_three']:,} with three or more, {answer['seconds']} s"
    )
    for one in answer.get("recommendations", ()):
        click.echo(f"\n{one['student_number']} ({one['university']})")
        for posting in one["postings"]:
            click.echo(f"  {posting['rank']:>2}  {posting['posting']}  {posting['score']:.3f}")
            for reason in posting["reasons"]:
                click.echo(f"        + {reason}")
            if posting["caution"]:
                click.echo(f"        ! {posting['caution']}")


commands: list[click.Command] = [recommend]
