"""The blueprint of paired help, and what its pages share."""

from flask import Blueprint, url_for

from placement.accounts.access import viewer
from placement.accounts.models import Role
from placement.pairing.models import Pairing
from placement.pairing.queries import visible_pairings
from placement.web import get_or_404

bp = Blueprint("pairing", __name__)
HELPERS = (Role.COUNSELOR, Role.UNIVERSITY)


def visible_pairing(pairing_id: int) -> Pairing:
    """The pairing of the address, if the viewer may see its student; else 404."""
    return get_or_404(visible_pairings(viewer()), pairing_id)


def helpers_url(pairing: Pairing) -> str:
    """The page of a student's helpers."""
    return url_for("pairing.list_helpers", case_id=pairing.case_id)
