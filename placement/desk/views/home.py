"""The first page of each role."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.desk.places import places_of
from placement.desk.views.blueprint import bp


@bp.get("/")
@requires(*Role)
def home() -> ResponseReturnValue:
    """Lead everybody to the first of their places."""
    places = places_of(viewer())
    return redirect(places[0].url if places else url_for("accounts.set_password"))
