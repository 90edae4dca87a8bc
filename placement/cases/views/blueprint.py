"""The blueprint of the cases, and who acts on them."""

from flask import Blueprint

from placement.accounts.access import viewer
from placement.accounts.models import Role
from placement.cases.models import Case
from placement.cases.queries import visible_cases
from placement.web import get_or_404

bp = Blueprint("cases", __name__, url_prefix="/cases")
HELPERS = (Role.COUNSELOR, Role.UNIVERSITY)


def visible_case(case_id: int) -> Case:
    """The case of the address, if the viewer may see it; else 404."""
    return get_or_404(visible_cases(viewer()), case_id)
