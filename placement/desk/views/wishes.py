"""What a student wishes, written on the own phone or with the counselor."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.cases.queries import visible_cases
from placement.db import db, transaction
from placement.desk.views.blueprint import HELPERS, bp
from placement.desk.views.my_plan import own_student
from placement.errors import EditConflictError
from placement.jobs import operations
from placement.jobs.forms import WishForm, differences, wish_data
from placement.jobs.queries import wish_of
from placement.jobs.warming import renew_list
from placement.students.models import Student
from placement.web import get_or_404, say_done


@bp.route("/my/wishes", methods=["GET", "POST"])
@requires(Role.STUDENT)
def my_wishes() -> ResponseReturnValue:
    """Say what I wish of a job."""
    return _write(own_student(), url_for("desk.my_jobs"))


@bp.route("/cases/<int:case_id>/wishes", methods=["GET", "POST"])
@requires(*HELPERS)
def edit_wishes(case_id: int) -> ResponseReturnValue:
    """Write with the student what they wish."""
    case = get_or_404(visible_cases(viewer()), case_id)
    return _write(case.student, url_for("desk.suggest_jobs", case_id=case.id))


def _write(student: Student, back: str) -> ResponseReturnValue:
    form = WishForm.for_wish(wish_of(student.id))
    differs: list[tuple[str, str, str]] = []
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with transaction():
                operations.change_wishes(
                    student.id, form.plan, actor=viewer(), version=form.shown_version
                )
                renewed = renew_list(student.id)
        except EditConflictError as error:
            db.session.expire_all()
            stored = wish_of(student.id)
            differs = differences(form, {} if stored is None else wish_data(stored))
            status = error.status
        else:
            say_done(_said(renewed=renewed))
            return redirect(back)
    return render_template(
        "desk/wish_form.html", form=form, student=student, back=back, differs=differs
    ), status


def _said(*, renewed: bool) -> str:
    if renewed:
        return str(_("The wishes are kept, and the list of jobs follows them."))
    return str(_("The wishes are kept. The list of jobs follows them in a moment."))


@bp.post("/my/wishes/pay")
@requires(Role.STUDENT)
def settle_pay() -> ResponseReturnValue:
    """Answer whether to look for higher pay from now on."""
    student = own_student()
    wanted = operations.pay_to_ask_about(student.id, today=clock.today())
    agreed = request.form.get("answer") == "yes"
    with transaction():
        operations.settle_pay(student.id, actor=viewer(), salary=wanted if agreed else None)
        renew_list(student.id)
    say_done(
        _("From now on we look for %(pay)d yuan and more.", pay=wanted)
        if agreed and wanted
        else _("Your wish stays as it is.")
    )
    return redirect(url_for("desk.my_jobs"))
