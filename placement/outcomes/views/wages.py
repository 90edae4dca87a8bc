"""The minimum wages that outcomes are held to; entered by the province with their source."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import transaction
from placement.errors import PlacementError
from placement.outcomes import operations
from placement.outcomes.forms import MinimumWageForm
from placement.outcomes.models import MinimumWage
from placement.outcomes.views.blueprint import bp
from placement.students.words import division
from placement.web import paginate, say_done


@bp.get("/minimum-wages")
@requires(Role.UNIVERSITY, Role.PROVINCE)
def list_minimum_wages() -> ResponseReturnValue:
    """Show the minimum wages, the newest first."""
    return _page(MinimumWageForm())


@bp.post("/minimum-wages")
@requires(Role.PROVINCE)
def set_minimum_wage() -> ResponseReturnValue:
    """Enter the minimum wage of a place from a day on."""
    form = MinimumWageForm()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.set_minimum_wage(actor=viewer(), **form.entered)
        except PlacementError as error:
            form.refuse(error)
        else:
            say_done(_("The minimum wage is entered."))
            return redirect(url_for("outcomes.list_minimum_wages"))
    return _page(form), 422


def _page(form: MinimumWageForm) -> str:
    wages = select(MinimumWage).order_by(
        MinimumWage.holds_from.desc(), MinimumWage.division, MinimumWage.id
    )
    return render_template(
        "outcomes/minimum_wages.html", page=paginate(wages), form=form, division=division
    )
