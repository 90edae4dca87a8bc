"""Verifying, rejecting, disputes."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import transaction
from placement.errors import InvalidValueError, NotVisibleError, PlacementError
from placement.outcomes import operations
from placement.outcomes.forms import (
    DecisionForm,
    DisputeForm,
    ReasonForm,
    SettlementForm,
    VerifyForm,
)
from placement.outcomes.operations.verifying import RuleNotMetError
from placement.outcomes.queries import stories
from placement.outcomes.views.blueprint import HELPERS, bp, visible_outcome
from placement.web import refusal, safe_next, say_done


def _version(form: DecisionForm) -> int:
    text = str(form.version.data or "")
    if not text.isdecimal() or len(text) > 12:
        raise InvalidValueError("The page was tampered with.", remedy="Open it again.")
    return int(text)


@bp.post("/<int:outcome_id>/verify")
@requires(Role.UNIVERSITY)
def verify_outcome(outcome_id: int) -> ResponseReturnValue:
    """Confirm an outcome."""
    outcome = visible_outcome(outcome_id)
    form = VerifyForm()
    try:
        with transaction():
            operations.verify_outcome(
                outcome, actor=viewer(), version=_version(form), seen=form.seen.data or ""
            )
    except RuleNotMetError as error:
        flash(refusal(error), "error")
        return redirect(url_for("outcomes.show_outcome", outcome_id=outcome_id))
    flash(_("Verified: %(name)s", name=outcome.student.name), "success")
    return redirect(safe_next(request.form.get("next"), url_for("outcomes.list_outcomes")))


@bp.post("/<int:outcome_id>/endorse")
@requires(Role.UNIVERSITY)
def endorse_outcome(outcome_id: int) -> ResponseReturnValue:
    """Check an outcome for the college, before the university verifies it."""
    outcome = visible_outcome(outcome_id)
    with transaction():
        operations.endorse_outcome(outcome, actor=viewer(), version=_version(DecisionForm()))
    flash(_("Checked for the college: %(name)s", name=outcome.student.name), "success")
    return redirect(url_for("outcomes.show_outcome", outcome_id=outcome_id))


@bp.post("/<int:outcome_id>/confirm")
@requires(Role.STUDENT)
def confirm_outcome(outcome_id: int) -> ResponseReturnValue:
    """Say that what is recorded about me is right."""
    outcome = visible_outcome(outcome_id)
    with transaction():
        operations.confirm_outcome(outcome, actor=viewer())
    flash(_("Thank you. It is noted that you say this is right."), "success")
    return redirect(url_for("desk.my_outcome"))


@bp.route("/<int:outcome_id>/reject", methods=["GET", "POST"])
@requires(Role.UNIVERSITY)
def reject_outcome(outcome_id: int) -> ResponseReturnValue:
    """Refuse an outcome with a reason."""
    outcome = visible_outcome(outcome_id)
    form = ReasonForm(data={"version": outcome.version})
    if form.validate_on_submit():
        try:
            with transaction():
                operations.reject_outcome(
                    outcome,
                    actor=viewer(),
                    reason=str(form.reason.data),
                    version=_version(form),
                )
        except PlacementError as error:
            form.refuse(error)
        else:
            flash(_("Rejected: %(name)s", name=outcome.student.name), "success")
            return redirect(url_for("outcomes.list_outcomes"))
    status = 422 if form.is_submitted() else 200
    return render_template(
        "outcomes/reason_form.html", form=form, outcome=outcome, heading=_("Reject the outcome")
    ), status


@bp.route("/<int:outcome_id>/dispute", methods=["GET", "POST"])
@requires(Role.STUDENT, *HELPERS)
def open_dispute(outcome_id: int) -> ResponseReturnValue:
    """Say that an outcome is wrong."""
    outcome = visible_outcome(outcome_id)
    current = viewer()
    form = DisputeForm()
    if form.validate_on_submit():
        with transaction():
            operations.open_dispute(outcome, actor_id=current.user_id, reason=str(form.reason.data))
        said = _("It is noted and does not count until somebody has looked into it.")
        if current.role is Role.STUDENT:
            say_done(said, undo=url_for("outcomes.take_dispute_back", outcome_id=outcome.id))
            return redirect(url_for("desk.my_outcome"))
        flash(said, "success")
        return redirect(url_for("outcomes.show_outcome", outcome_id=outcome.id))
    status = 422 if form.is_submitted() else 200
    return render_template("outcomes/dispute_form.html", form=form, outcome=outcome), status


@bp.post("/<int:outcome_id>/dispute/undo")
@requires(Role.STUDENT)
def take_dispute_back(outcome_id: int) -> ResponseReturnValue:
    """Take my dispute back that was a mistake."""
    dispute = stories([visible_outcome(outcome_id)])[0].dispute
    if dispute is None:
        raise NotVisibleError("This outcome is not in dispute.")
    with transaction():
        operations.take_dispute_back(dispute, actor_id=viewer().user_id)
    say_done(_("Your dispute is taken back."))
    return redirect(url_for("desk.my_outcome"))


@bp.route("/<int:outcome_id>/dispute/settle", methods=["GET", "POST"])
@requires(*HELPERS)
def settle_dispute(outcome_id: int) -> ResponseReturnValue:
    """End a dispute with what was found."""
    outcome = visible_outcome(outcome_id)
    dispute = stories([outcome])[0].dispute
    if dispute is None:
        raise NotVisibleError("This outcome is not in dispute.")
    form = SettlementForm()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.settle_dispute(
                    dispute,
                    outcome=outcome,
                    actor_id=viewer().user_id,
                    settlement=str(form.settlement.data),
                )
        except PlacementError as error:
            form.refuse(error)
        else:
            flash(_("The dispute is settled."), "success")
            return redirect(url_for("outcomes.show_outcome", outcome_id=outcome.id))
    status = 422 if form.is_submitted() else 200
    return render_template("outcomes/settlement_form.html", form=form, outcome=outcome), status
