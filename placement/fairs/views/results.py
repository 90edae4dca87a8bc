"""What came of a fair: noted by staff at the stand, or by the student afterwards."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.cases.queries import case_of_student
from placement.db import transaction
from placement.errors import NotVisibleError, PlacementError
from placement.fairs import operations
from placement.fairs.forms import ResultForm, StaffResultForm
from placement.fairs.models import Fair
from placement.fairs.operations import ResultPlan
from placement.fairs.queries import stand_choices, visible_results
from placement.fairs.views.blueprint import HELPERS, bp, visible_fair
from placement.students.models import Student
from placement.students.operations.reading import record_reading
from placement.students.queries import visible_students
from placement.web import get_or_404, safe_next, say_done


@bp.route("/<int:fair_id>/students/<int:student_id>/result", methods=["GET", "POST"])
@requires(*HELPERS)
def note_result(fair_id: int, student_id: int) -> ResponseReturnValue:
    """Note what came of a fair for one of my students, and what happens next."""
    fair = visible_fair(fair_id)
    student = get_or_404(visible_students(viewer()), student_id)
    form = StaffResultForm()
    case = case_of_student(viewer(), student.id)
    if case is None or case.closed_on is not None:
        del form.next_step, form.step_on
    if not form.is_submitted():
        with transaction():
            record_reading(student, actor=viewer(), page="fair")
    heading = _("What came of it for %(name)s", name=student.name)
    return _note(fair, student, form, heading)


@bp.route("/<int:fair_id>/result", methods=["GET", "POST"])
@requires(Role.STUDENT)
def note_own_result(fair_id: int) -> ResponseReturnValue:
    """Tell what came of a fair for me."""
    fair = visible_fair(fair_id)
    student = get_or_404(visible_students(viewer()), viewer().student_id or 0)
    return _note(fair, student, ResultForm(), _("How was it at the fair?"))


def _note(fair: Fair, student: Student, form: ResultForm, heading: str) -> ResponseReturnValue:
    whole = SelectChoice(0, _("The fair as a whole"))
    form.stand.choices = [whole, *(SelectChoice(*pair) for pair in stand_choices(fair))]
    back = safe_next(request.values.get("next"), url_for("fairs.show_fair", fair_id=fair.id))
    if form.validate_on_submit():
        try:
            with transaction():
                result = operations.note_result(fair, student, _plan(form), actor=viewer())
        except PlacementError as error:
            form.refuse(error)
        else:
            undo = url_for("fairs.take_back_result", fair_id=fair.id, result_id=result.id)
            say_done(_("Noted. It stands in the case."), undo=undo)
            return redirect(back)
    page = render_template(
        "fairs/result_form.html", fair=fair, form=form, heading=heading, back=back
    )
    return page, 422 if form.is_submitted() else 200


def _plan(form: ResultForm) -> ResultPlan:
    entered = {name: value for name, value in form.entered.items() if value}
    stand = entered.pop("stand", None)
    return ResultPlan(stand_id=stand, **entered)


@bp.post("/<int:fair_id>/results/<int:result_id>/undo")
@requires(Role.STUDENT, *HELPERS)
def take_back_result(fair_id: int, result_id: int) -> ResponseReturnValue:
    """Take a result back."""
    fair = visible_fair(fair_id)
    result = get_or_404(visible_results(viewer()), result_id)
    if result.fair_id != fair.id:
        raise NotVisibleError("There is no such result at this fair.")
    with transaction():
        operations.take_back_result(result, actor=viewer())
    say_done(_("It is taken back."))
    return redirect(url_for("fairs.show_fair", fair_id=fair.id))
