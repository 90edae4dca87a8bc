"""Official forms with one click: the ledger of a class, the form and the packet of one person."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.audit.operations import record_event
from placement.cases.models import Case
from placement.cases.queries import consent_of, plan_of, visible_cases
from placement.db import db, transaction
from placement.desk.case_papers import case_form, hand_over_packet
from placement.desk.choices import class_years
from placement.desk.ledger import ledger_of
from placement.desk.register import RegisterFilter, counted_students
from placement.desk.views.blueprint import HELPERS, bp
from placement.exporting.guards import count_of, may_be_large
from placement.outcomes.queries import outcomes_of
from placement.reports.exports import MEDIA_TYPES
from placement.students.models import Student
from placement.students.queries import counselor_of, memberships_on
from placement.web import get_or_404


def _case(case_id: int) -> Case:
    whole = contains_eager(Case.student).joinedload(Student.university)
    return get_or_404(visible_cases(viewer()).options(whole), case_id)


@bp.get("/cases/<int:case_id>/form.pdf")
@requires(*HELPERS)
def case_form_pdf(case_id: int) -> Response:
    """Send the form of one person as PDF."""
    case, today = _case(case_id), clock.today()
    with transaction():
        record_event("case.form_made", actor_id=viewer().user_id, subject=case)
    data = case_form(
        case,
        plan_of(case),
        outcomes_of(case.student_id),
        db.session.execute(memberships_on(case.student_id, day=today)).scalars().all(),
        counselor_of(case.student_id, today=today),
        made_at=clock.now(),
    )
    return _file(data, "application/pdf", f"form-{case.id}.pdf")


@bp.get("/cases/<int:case_id>/packet.pdf")
@requires(*HELPERS)
def packet_pdf(case_id: int) -> ResponseReturnValue:
    """Send what the next office needs, if the student agreed; else say so beside the case."""
    case, today = _case(case_id), clock.today()
    consent = consent_of(case.student_id)
    if consent is None:
        flash(
            _(
                "The student has not agreed to a hand-over. They do so on their own page,"
                " under My plan."
            ),
            "error",
        )
        return redirect(url_for("desk.show_case", case_id=case_id))
    with transaction():
        record_event("case.packet_made", actor_id=viewer().user_id, subject=case)
    data = hand_over_packet(
        case,
        plan_of(case),
        outcomes_of(case.student_id),
        counselor_of(case.student_id, today=today),
        consent,
        made_at=clock.now(),
    )
    return _file(data, "application/pdf", f"packet-{case.id}.pdf")


def _class_of_page() -> int:
    years = class_years(viewer())
    return request.args.get("year", type=int) or (years[0] if years else clock.today().year)


def _count() -> int:
    wanted = RegisterFilter(class_year=_class_of_page())
    return count_of(counted_students(viewer(), wanted, today=clock.today()))


@bp.get("/ledger.xlsx")
@requires(Role.UNIVERSITY)
@may_be_large(_count)
def ledger_xlsx() -> Response:
    """Send the ledger of a class as a workbook; who took it stands in each person's trail."""
    current, today, year = viewer(), clock.today(), _class_of_page()
    data, students = ledger_of(current, class_year=year, today=today)
    with transaction():
        record_event(
            "ledger.exported",
            actor_id=current.user_id,
            subject="students",
            student_ids=students,
            details={"class_year": year},
        )
    return _file(data, MEDIA_TYPES["xlsx"], f"ledger-{year}.xlsx")


def _file(data: bytes, kind: str, name: str) -> Response:
    response = Response(data, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
