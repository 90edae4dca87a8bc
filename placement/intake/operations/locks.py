"""One import of a kind and class at a time."""

from sqlalchemy import func, select

from placement.db import db
from placement.intake.models import ImportKind
from placement.locks import Lock


def lock_imports(kind: ImportKind, class_year: int | None) -> None:
    """Wait until no other import of the kind and class is under way, and keep others out.

    Held until the transaction ends.
    """
    name = func.hashtext(f"{kind.value} {class_year or ''}")
    db.session.execute(select(func.pg_advisory_xact_lock(Lock.IMPORT, name)))
