"""Who came, by the list of those who signed up, and that list as a file."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.audit.operations import record_event
from placement.db import db, transaction
from placement.exporting.guards import count_of, may_be_large
from placement.fairs import operations
from placement.fairs.exports import attendance_csv
from placement.fairs.queries import attendance, results_by_student
from placement.fairs.views.blueprint import STAFF, bp, visible_fair
from placement.fairs.views.listing import SHOWN, wanted_show
from placement.students.models import Student
from placement.students.queries import visible_students
from placement.web import get_or_404, safe_next, say_done


@bp.post("/<int:fair_id>/students/<int:student_id>/check-in")
@requires(*STAFF)
def check_in(fair_id: int, student_id: int) -> ResponseReturnValue:
    """Note that a student is here; the news offer to take it back."""
    fair, student = visible_fair(fair_id), _student(student_id)
    with transaction():
        operations.check_in(fair, student_id=student.id, actor=viewer())
    undo = url_for("fairs.take_back_check_in", fair_id=fair_id, student_id=student_id)
    say_done(_("Checked in."), undo=undo)
    return redirect(_back(fair_id))


@bp.post("/<int:fair_id>/students/<int:student_id>/check-in/undo")
@requires(*STAFF)
def take_back_check_in(fair_id: int, student_id: int) -> ResponseReturnValue:
    """Take a check-in back."""
    fair, student = visible_fair(fair_id), _student(student_id)
    with transaction():
        operations.take_back_check_in(fair, student_id=student.id, actor=viewer())
    flash(_("The check-in is taken back."), "success")
    return redirect(_back(fair_id))


def _count(fair_id: int) -> int:
    shown = attendance(viewer(), visible_fair(fair_id), **SHOWN[wanted_show()])
    return count_of(shown.with_only_columns(Student.id))


@bp.get("/<int:fair_id>/students.csv")
@requires(*STAFF)
@may_be_large(_count)
def export_attendance(fair_id: int) -> ResponseReturnValue:
    """Give the list of the page as a file, all pages of it."""
    fair, show = visible_fair(fair_id), wanted_show()
    selected = attendance(viewer(), fair, **SHOWN[show]).options(joinedload(Student.university))
    rows = [(row[0], row[1]) for row in db.session.execute(selected)]
    written = b"".join(
        attendance_csv(
            rows,
            results_by_student(viewer(), fair, [student.id for student, _answer in rows]),
            masked=viewer().role is Role.PROVINCE,
        )
    )
    with transaction():
        record_event(
            "fair.exported",
            actor_id=viewer().user_id,
            subject=fair,
            student_ids=[student.id for student, _answer in rows],
            details={"show": show},
        )
    name = f"fair-{fair.id}-{show}.csv"
    return Response(
        written,
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


def _student(student_id: int) -> Student:
    return get_or_404(visible_students(viewer()), student_id)


def _back(fair_id: int) -> str:
    return safe_next(request.form.get("next"), url_for("fairs.show_fair", fair_id=fair_id))
