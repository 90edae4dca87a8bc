"""Two figures compared, as a page and as files, and the people who make the difference."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import transaction
from placement.exporting.guards import may_be_large
from placement.reports.difference_answers import difference_answer
from placement.reports.difference_tables import causes_table, changed_people_table
from placement.reports.difference_words import (
    ASPECTS,
    cause_word,
    change_words,
    number_word,
    printed_lines,
    question_word,
    unexplained_lines,
)
from placement.reports.masking import MASKED, NAMED
from placement.reports.operations import list_changed_people
from placement.reports.queries.changed_people import ChangedPeople
from placement.reports.queries.explanations import Explanation, explain_difference
from placement.reports.queries.readings import MomentNotClosedError
from placement.reports.queries.reports import (
    NoRegisterError,
    class_years,
    visible_university_names,
)
from placement.reports.views.blueprint import STAFF, bp, send_table
from placement.reports.views.compare_page import (
    Compared,
    ComparePage,
    asked_cause,
    compared_of_page,
)
from placement.reports.words import LABELS, page_locale
from placement.web import PAGE_SIZE, Page


@bp.get("/compare")
@requires(*STAFF)
def compare() -> ResponseReturnValue:
    """Show two figures, their difference by cause, and what a printed one leaves unexplained."""
    years, universities = class_years(), visible_university_names(viewer())
    asked = compared_of_page(years)
    try:
        answer = _explained(asked)
    except NoRegisterError:
        return render_template("reports/none.html", years=years, question=asked.first)
    except MomentNotClosedError:
        flash(_("What is known at that moment may still change. Choose an earlier one."), "error")
        return render_template("reports/none.html", years=years, question=asked.first), 409
    return render_template(
        "reports/compare.html",
        page=ComparePage(asked, answer, universities),
        answer=answer,
        difference=answer.difference,
        years=years,
        aspects=[str(ASPECTS[step.aspect]) for step in answer.difference.steps],
        printed_lines=[*printed_lines(answer), *unexplained_lines(answer)],
        in_full=not any(answer.unexplained.values()),
        cause_word=cause_word,
        number_word=number_word,
        question_word=question_word,
    )


@bp.get("/compare.<any(csv, xlsx, json):form>")
@requires(*STAFF)
def export_comparison(form: str) -> ResponseReturnValue:
    """Send exactly the difference of the page as a file."""
    answer = _explained(compared_of_page(class_years()))
    if form == "json":
        return difference_answer(answer)
    name = f"difference-{answer.difference.first.question.class_year}"
    return send_table(causes_table(answer, LABELS), form, name)


@bp.get("/compare/people")
@requires(*STAFF)
def compare_people() -> ResponseReturnValue:
    """List those whom both figures take differently, each with what they were in both and why."""
    universities = visible_university_names(viewer())
    number = max(1, request.args.get("page", 1, type=int))
    asked = compared_of_page(class_years())
    with transaction():
        answer = _explained(asked)
        people = len(answer.difference.people_of(asked_cause()))
        number = min(number, max(1, -(-people // PAGE_SIZE)))
        found = _listed(answer, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    difference = answer.difference
    names = difference.reading.names_by_code
    return render_template(
        "reports/compare_people.html",
        page=Page(found.people, number, PAGE_SIZE, found.count),
        comparison=ComparePage(asked, answer, universities),
        difference=difference,
        cause=asked_cause(),
        cause_word=cause_word,
        question_word=question_word,
        change_words=lambda change: change_words(difference, change, names),
    )


def _count(form: str) -> int:
    answer = _explained(compared_of_page(class_years()))
    return len(answer.difference.people_of(asked_cause()))


@bp.get("/compare/people.<any(csv, xlsx, json):form>")
@requires(*STAFF)
@may_be_large(_count)
def export_compared_people(form: str) -> ResponseReturnValue:
    """Send exactly the people of the page as a file; the audit trail keeps who was shown."""
    asked = compared_of_page(class_years())
    with transaction():
        answer = _explained(asked)
        found = _listed(answer)
    if form == "json":
        return difference_answer(answer, found)
    name = f"difference-people-{asked.first.class_year}"
    return send_table(changed_people_table(answer.difference, found, LABELS), form, name)


def _explained(asked: Compared) -> Explanation:
    return explain_difference(
        asked.first, asked.second, viewer(), printed=asked.printed, locale=page_locale()
    )


def _listed(answer: Explanation, *, limit: int | None = None, offset: int = 0) -> ChangedPeople:
    current = viewer()
    return list_changed_people(
        answer.difference,
        asked_cause(),
        viewer=current,
        shown=MASKED if current.role is Role.PROVINCE else NAMED,
        limit=limit,
        offset=offset,
    )
