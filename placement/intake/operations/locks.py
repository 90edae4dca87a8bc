"""One import of a kind and class at a time."""

from sqlalchemy import text

from placement.db import db
from placement.intake.models import ImportKind

_LOCK = text("SELECT pg_advisory_xact_lock(7203402, hashtext(:name))")


def lock_imports(kind: ImportKind, class_year: int | None) -> None:
    """Wait until no other import of the kind and class is under way, and keep others out.

    Held until the transaction ends. The two-part key keeps it apart from the writers of history,
    whose locks reports look at.
    """
    db.session.execute(_LOCK, {"name": f"{kind.value} {class_year or ''}"})
