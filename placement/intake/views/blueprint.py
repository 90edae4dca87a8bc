"""The blueprint of the imports."""

from flask import Blueprint, current_app

from placement.accounts.access import viewer
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.config import Settings
from placement.intake.models import Import, ImportKind
from placement.intake.queries import visible_imports, visible_lists
from placement.web import get_or_404

bp = Blueprint("intake", __name__, url_prefix="/imports")
SENDERS = (Role.UNIVERSITY, Role.PROVINCE)

_KINDS = {
    Role.UNIVERSITY: (
        ImportKind.STUDENTS,
        ImportKind.OUTCOMES,
        ImportKind.WISHES,
        ImportKind.POSTINGS,
    ),
    Role.PROVINCE: tuple(ImportKind),
}


def kinds_of(sender: Viewer) -> tuple[ImportKind, ...]:
    """The kinds of files that somebody may send; none for an account of single colleges."""
    return () if sender.colleges else _KINDS.get(sender.role, ())


def visible_import(import_id: int) -> Import:
    """The import of the address, if the viewer may see it; else 404."""
    return get_or_404(visible_imports(viewer()), import_id)


def visible_list(import_id: int) -> Import:
    """The applied partner list of the address, if it found any of the viewer's own; else 404."""
    return get_or_404(visible_lists(viewer()), import_id)


def settings() -> Settings:
    """The settings of this process."""
    found: Settings = current_app.config["SETTINGS"]
    return found
