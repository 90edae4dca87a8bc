"""The blueprint of the fairs."""

from flask import Blueprint

from placement.accounts.access import viewer
from placement.accounts.models import Role
from placement.fairs.models import Fair
from placement.fairs.queries import visible_fairs
from placement.web import get_or_404

bp = Blueprint("fairs", __name__, url_prefix="/fairs")
STAFF = (Role.COUNSELOR, Role.UNIVERSITY, Role.PROVINCE)
HELPERS = (Role.COUNSELOR, Role.UNIVERSITY)
HOSTS = (Role.UNIVERSITY, Role.PROVINCE)


def visible_fair(fair_id: int) -> Fair:
    """The fair of the address, if it concerns the viewer; else 404."""
    return get_or_404(visible_fairs(viewer()), fair_id)
