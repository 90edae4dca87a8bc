"""The blueprint of the postings, and who works with them."""

from flask import Blueprint

from placement.accounts.access import viewer
from placement.accounts.models import Role
from placement.jobs.models import Posting
from placement.jobs.queries import visible_postings
from placement.web import get_or_404

bp = Blueprint("jobs", __name__, url_prefix="/jobs")
STAFF = (Role.COUNSELOR, Role.UNIVERSITY, Role.PROVINCE)
HELPERS = (Role.COUNSELOR, Role.UNIVERSITY)
ADMINISTRATORS = (Role.UNIVERSITY, Role.PROVINCE)


def visible_posting(posting_id: int) -> Posting:
    """The posting of the address, if the viewer may see it; else 404."""
    return get_or_404(visible_postings(viewer()), posting_id)
