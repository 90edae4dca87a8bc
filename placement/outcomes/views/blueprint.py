"""The blueprint of the outcomes."""

from flask import Blueprint

from placement.accounts.access import viewer
from placement.accounts.models import Role
from placement.outcomes.models import Outcome
from placement.outcomes.queries import visible_outcomes
from placement.web import get_or_404

bp = Blueprint("outcomes", __name__, url_prefix="/outcomes")
STAFF = (Role.COUNSELOR, Role.UNIVERSITY, Role.PROVINCE)
HELPERS = (Role.COUNSELOR, Role.UNIVERSITY)


def visible_outcome(outcome_id: int) -> Outcome:
    """The outcome of the address, if the viewer may see it; else 404."""
    return get_or_404(visible_outcomes(viewer()), outcome_id)
