"""The blueprint of snapshots and publications."""

from typing import Any

from flask import Blueprint

from placement.accounts.models import Role
from placement.reports.snapshots.words import (
    day_words,
    hidden_words,
    seal_words,
    state_words,
)

bp = Blueprint("snapshots", __name__, url_prefix="/reports")
KEEPERS = (Role.UNIVERSITY, Role.PROVINCE)
EVERYBODY = tuple(Role)


@bp.context_processor
def words() -> dict[str, Any]:
    """What every page of snapshots says of them."""
    return {
        "day_words": day_words,
        "hidden_words": hidden_words,
        "seal_words": seal_words,
        "state_words": state_words,
    }
