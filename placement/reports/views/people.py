"""The people behind a figure, as a page and as files."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import transaction
from placement.exporting.guards import may_be_large
from placement.reports.answers import people_answer
from placement.reports.asking import read_status
from placement.reports.masking import MASKED, NAMED
from placement.reports.operations import list_people
from placement.reports.queries.people import PeopleList, count_people
from placement.reports.queries.reports import class_years, visible_university_names
from placement.reports.tables import people_table
from placement.reports.views.addresses import applied_conditions, question_of_page
from placement.reports.views.blueprint import STAFF, bp, send_table
from placement.reports.words import LABELS, STATUSES, outcome_word, reason_word, standing_word
from placement.web import PAGE_SIZE, Page


@bp.get("/people")
@requires(*STAFF)
def people() -> ResponseReturnValue:
    """List the people behind a figure, each with the reason why they count as they do."""
    universities = visible_university_names(viewer())
    number = max(1, request.args.get("page", 1, type=int))
    with transaction():
        found = _listed(limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
        if found.count and not found.people:
            number = -(-found.count // PAGE_SIZE)
            found = _listed(limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    question = found.reading.question
    return render_template(
        "reports/people.html",
        page=Page(found.people, number, PAGE_SIZE, found.count),
        question=question,
        known_at=found.reading.known_at,
        applied_items=applied_conditions(question, universities),
        status=request.args.get("is", ""),
        statuses=STATUSES,
        reason=reason_word,
        standing=standing_word,
        outcome=outcome_word,
    )


def _count(form: str) -> int:
    return count_people(
        question_of_page(viewer(), class_years()),
        read_status(request.args.get("is", "")),
        viewer=viewer(),
    )


@bp.get("/people.<any(csv, xlsx, json):form>")
@requires(*STAFF)
@may_be_large(_count)
def export_people(form: str) -> ResponseReturnValue:
    """Send exactly the people of the page as a file; the audit trail keeps who was shown."""
    with transaction():
        found = _listed()
    if form == "json":
        return people_answer(found)
    question = found.reading.question
    name = f"people-{question.class_year}-{question.as_of}"
    return send_table(people_table(found, LABELS), form, name)


def _listed(*, limit: int | None = None, offset: int = 0) -> PeopleList:
    current = viewer()
    return list_people(
        question_of_page(current, class_years()),
        read_status(request.args.get("is", "")),
        viewer=current,
        shown=MASKED if current.role is Role.PROVINCE else NAMED,
        limit=limit,
        offset=offset,
    )
