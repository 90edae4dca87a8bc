"""Papers: added from a phone, shown so that they cannot act."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import transaction
from placement.errors import PlacementError
from placement.files import read_file
from placement.outcomes import operations
from placement.outcomes.forms import EvidenceForm
from placement.outcomes.queries import visible_evidence
from placement.outcomes.views.blueprint import HELPERS, STAFF, bp, visible_outcome
from placement.outcomes.words import paper_choices
from placement.students.operations.reading import record_reading
from placement.web import get_or_404, refusal


@bp.route("/<int:outcome_id>/evidence/new", methods=["GET", "POST"])
@requires(Role.STUDENT, *HELPERS)
def add_evidence(outcome_id: int) -> ResponseReturnValue:
    """Add a photograph or PDF to an outcome."""
    outcome = visible_outcome(outcome_id)
    current = viewer()
    form = EvidenceForm()
    form.kind.choices = paper_choices(outcome)
    if form.validate_on_submit():
        try:
            with transaction():
                operations.add_evidence(
                    outcome, actor=current, data=form.read(), kind=form.kind.data
                )
        except PlacementError as error:
            form.file.errors = [refusal(error)]
        else:
            flash(_("The paper is kept."), "success")
            if current.role is Role.STUDENT:
                return redirect(url_for("desk.my_outcome"))
            return redirect(url_for("outcomes.show_outcome", outcome_id=outcome.id))
    status = 422 if form.is_submitted() else 200
    return render_template("outcomes/evidence_form.html", form=form, outcome=outcome), status


@bp.get("/evidence/<int:evidence_id>")
@requires(Role.STUDENT, *STAFF)
def show_evidence(evidence_id: int) -> ResponseReturnValue:
    """Send a paper: of a fixed type, sandboxed, never kept in a cache."""
    current = viewer()
    evidence = get_or_404(visible_evidence(current), evidence_id)
    file = evidence.file
    data = read_file(file)
    if current.role is not Role.STUDENT:
        with transaction():
            record_reading(
                visible_outcome(evidence.outcome_id).student, actor=current, page="evidence"
            )
    response = Response(data, mimetype=file.content_type)
    inline = file.content_type == "image/jpeg"
    response.headers["Content-Disposition"] = (
        f'{"inline" if inline else "attachment"}; filename="{file.name}"'
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@bp.post("/evidence/<int:evidence_id>/remove")
@requires(Role.STUDENT, *HELPERS)
def remove_evidence(evidence_id: int) -> ResponseReturnValue:
    """Remove a paper that was added by mistake."""
    current = viewer()
    evidence = get_or_404(visible_evidence(current), evidence_id)
    with transaction():
        operations.remove_evidence(evidence, actor=current)
    flash(_("The paper is removed."), "success")
    if current.role is Role.STUDENT:
        return redirect(url_for("desk.my_outcome"))
    return redirect(url_for("outcomes.show_outcome", outcome_id=evidence.outcome_id))
