"""Recording an outcome and taking it back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from placement import clock
from placement.accounts.access import requires, viewer
from placement.db import transaction
from placement.errors import PlacementError
from placement.outcomes import operations
from placement.outcomes.forms import OutcomeForm, ReasonForm
from placement.outcomes.views.blueprint import HELPERS, bp, visible_outcome
from placement.outcomes.words import destination
from placement.reference import destinations
from placement.students.queries import visible_students
from placement.web import get_or_404


@bp.route("/new/<int:student_id>", methods=["GET", "POST"])
@requires(*HELPERS)
def create_outcome(student_id: int) -> ResponseReturnValue:
    """Record where a student is."""
    student = get_or_404(visible_students(viewer()), student_id)
    form = outcome_form()
    if form.validate_on_submit():
        try:
            with transaction():
                outcome = operations.report_outcome(
                    student, actor=viewer(), submission_id=form.submission, **form.entered
                )
        except PlacementError as error:
            form.refuse(error)
        else:
            flash(_("The outcome is recorded. Add the papers that prove it."), "success")
            return redirect(url_for("outcomes.show_outcome", outcome_id=outcome.id))
    status = 422 if form.is_submitted() else 200
    return render_template("outcomes/outcome_form.html", form=form, student=student), status


def outcome_form() -> OutcomeForm:
    """The form with the destination codes of today to choose from."""
    form = OutcomeForm(data={"effective_on": clock.today(), "code": request.args.get("code", "")})
    form.code.choices = [
        SelectChoice("", _("Choose one")),
        *(SelectChoice(code, f"{code} {destination(code)}") for code in destinations.codes),
    ]
    return form


@bp.route("/<int:outcome_id>/void", methods=["GET", "POST"])
@requires(*HELPERS)
def void_outcome(outcome_id: int) -> ResponseReturnValue:
    """Take an outcome back with a reason."""
    outcome = visible_outcome(outcome_id)
    form = ReasonForm(data={"version": outcome.version})
    if form.validate_on_submit():
        try:
            with transaction():
                operations.void_outcome(
                    outcome,
                    actor=viewer(),
                    reason=str(form.reason.data),
                    version=int(form.version.data or 0),
                )
        except PlacementError as error:
            form.refuse(error)
        else:
            flash(_("The outcome was taken back."), "success")
            return redirect(url_for("desk.show_student", student_id=outcome.student_id))
    status = 422 if form.is_submitted() else 200
    return render_template(
        "outcomes/reason_form.html", form=form, outcome=outcome, heading=_("Take the outcome back")
    ), status
