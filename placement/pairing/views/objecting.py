"""The student's word against a helper."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import transaction
from placement.errors import PlacementError
from placement.pairing import operations
from placement.pairing.forms import ObjectionForm
from placement.pairing.views.blueprint import bp, visible_pairing
from placement.web import say_done

_MY_PLAN = "/my/plan"


@bp.route("/my/helpers/<int:pairing_id>/object", methods=["GET", "POST"])
@requires(Role.STUDENT)
def object_to_pairing(pairing_id: int) -> ResponseReturnValue:
    """Say that I do not want this helper; their link stops at once."""
    pairing, form = visible_pairing(pairing_id), ObjectionForm()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.object_to_pairing(pairing, actor=viewer(), reason=str(form.reason.data))
        except PlacementError as error:
            form.refuse(error)
        else:
            say_done(
                _("The helper sees nothing any more until your counselor has talked with you."),
                undo=url_for("pairing.take_objection_back", pairing_id=pairing_id),
            )
            return redirect(_MY_PLAN)
    return render_template(
        "students/act_form.html",
        form=form,
        heading=_("I do not want this helper"),
        under=pairing.helper,
        act=_("Tell my counselor"),
        back=_MY_PLAN,
    ), 422 if form.is_submitted() else 200


@bp.post("/my/helpers/<int:pairing_id>/object/undo")
@requires(Role.STUDENT)
def take_objection_back(pairing_id: int) -> ResponseReturnValue:
    """Take my objection back."""
    pairing = visible_pairing(pairing_id)
    with transaction():
        operations.take_objection_back(pairing, actor=viewer())
    say_done(_("The helper may go on."))
    return redirect(_MY_PLAN)
