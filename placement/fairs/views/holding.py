"""Planning a fair and its stands."""

from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.db import db, transaction
from placement.errors import NotVisibleError, PlacementError
from placement.fairs import operations
from placement.fairs.forms import FairForm, StandForm
from placement.fairs.models import Fair, Stand
from placement.fairs.operations import FairPlan
from placement.fairs.views.blueprint import HOSTS, bp, visible_fair
from placement.web import PlacementForm, refusal


def _plan(form: FairForm) -> FairPlan:
    entered = {name: value for name, value in form.entered.items() if name != "version"}
    entered["description"] = entered["description"] or ""
    return FairPlan(**entered)


@bp.route("/new", methods=["GET", "POST"])
@requires(*HOSTS)
def create_fair() -> ResponseReturnValue:
    """Plan a fair."""
    form = FairForm()
    if form.validate_on_submit():
        try:
            with transaction():
                fair = operations.add_fair(_plan(form), actor=viewer())
        except PlacementError as error:
            form.form_errors.append(refusal(error))
        else:
            flash(_("The fair is planned. Add its stands, then announce it."), "success")
            return redirect(url_for("fairs.show_fair", fair_id=fair.id))
    status = 422 if form.is_submitted() else 200
    return render_template("fairs/fair_form.html", form=form, fair=None), status


@bp.route("/<int:fair_id>/edit", methods=["GET", "POST"])
@requires(*HOSTS)
def edit_fair(fair_id: int) -> ResponseReturnValue:
    """Change what a fair is."""
    fair = visible_fair(fair_id)
    operations.require_host(fair, viewer())
    form = FairForm(obj=fair)
    if form.validate_on_submit():
        try:
            with transaction():
                operations.change_fair(
                    fair,
                    _plan(form),
                    actor=viewer(),
                    version=_shown(form),
                    settings=current_app.config["SETTINGS"],
                )
        except PlacementError as error:
            form.form_errors.append(refusal(error))
        else:
            flash(_("The fair is changed."), "success")
            return redirect(url_for("fairs.show_fair", fair_id=fair.id))
    status = 422 if form.is_submitted() else 200
    return render_template("fairs/fair_form.html", form=form, fair=fair), status


def _shown(form: FairForm) -> int:
    text = str(form.version.data or "")
    return int(text) if text.isdecimal() and len(text) < 12 else 0


@bp.route("/<int:fair_id>/cancel", methods=["GET", "POST"])
@requires(*HOSTS)
def cancel_fair(fair_id: int) -> ResponseReturnValue:
    """Ask, then cancel a fair."""
    fair = visible_fair(fair_id)
    operations.require_host(fair, viewer())
    form = PlacementForm()
    if form.validate_on_submit():
        with transaction():
            operations.cancel_fair(fair, actor=viewer())
        flash(_("The fair is cancelled."), "success")
        return redirect(url_for("fairs.show_fair", fair_id=fair.id))
    return render_template("fairs/cancel.html", form=form, fair=fair)


@bp.route("/<int:fair_id>/stands/new", methods=["GET", "POST"])
@requires(*HOSTS)
def create_stand(fair_id: int) -> ResponseReturnValue:
    """Give an employer a stand."""
    fair = visible_fair(fair_id)
    operations.require_host(fair, viewer())
    form = StandForm()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.add_stand(fair, actor=viewer(), **_stand_entered(form))
        except PlacementError as error:
            form.form_errors.append(refusal(error))
        else:
            flash(_("The stand is added."), "success")
            return redirect(url_for("fairs.show_fair", fair_id=fair.id))
    status = 422 if form.is_submitted() else 200
    return render_template("fairs/stand_form.html", form=form, fair=fair), status


def _stand_entered(form: StandForm) -> dict[str, Any]:
    return {**form.entered, "offers": form.offers.data or ""}


@bp.post("/<int:fair_id>/stands/<int:stand_id>/remove")
@requires(*HOSTS)
def remove_stand(fair_id: int, stand_id: int) -> ResponseReturnValue:
    """Take a stand away."""
    fair = visible_fair(fair_id)
    stand = _stand_of(fair, stand_id)
    with transaction():
        operations.remove_stand(stand, fair=fair, actor=viewer())
    flash(_("The stand is removed."), "success")
    return redirect(url_for("fairs.show_fair", fair_id=fair.id))


def _stand_of(fair: Fair, stand_id: int) -> Stand:
    stand = db.session.get(Stand, stand_id)
    if stand is None or stand.fair_id != fair.id:
        raise NotVisibleError("There is no such stand at this fair.")
    return stand
