"""Why one person counts as they do, as a page."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import transaction
from placement.reports import sentences
from placement.reports.operations import explain_person
from placement.reports.queries.reports import class_years
from placement.reports.views.addresses import question_of_page
from placement.reports.views.blueprint import STAFF, bp
from placement.students.models import Student
from placement.students.queries import in_scope
from placement.web import get_or_404
from placement.web.masks import mask_name


@bp.get("/people/<int:student_id>")
@requires(*STAFF)
def explain_student(student_id: int) -> ResponseReturnValue:
    """Say how one person is counted and why, with the rows and the rules that decided it."""
    current = viewer()
    student = get_or_404(select(Student).where(in_scope(current, with_voided=True)), student_id)
    question = question_of_page(current, class_years())
    with transaction():
        explanation = explain_person(question, student, viewer=current)
        masked = current.role is Role.PROVINCE
        return render_template(
            "reports/person.html",
            explanation=explanation,
            question=question,
            known_at=explanation.reading.known_at,
            universities=explanation.reading.names_by_code,
            name=mask_name(explanation.student.name) if masked else explanation.student.name,
            masked=masked,
            sentences=sentences,
            back=request.args.to_dict(flat=False),
        )
