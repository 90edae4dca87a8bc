"""Reads of files that were asked for: each person's own, as long as they are kept."""

from typing import Any

from sqlalchemy import Select, func, select, text

from placement.accounts.viewer import Viewer
from placement.audit.models import AuditEvent
from placement.db import db
from placement.students.models import Student
from placement.students.queries import visible_students
from placement.work.models import Work, WorkKind

_A_DAY_AGO = text("placement_now() - interval '1 day'")


def own_files(viewer: Viewer) -> Select[Work]:
    """Select the files that a person asked for within a day, the newest first."""
    return (
        select(Work)
        .where(
            Work.kind == WorkKind.EXPORT,
            Work.actor_id == viewer.user_id,
            Work.created_at > _A_DAY_AGO,
        )
        .order_by(Work.id.desc())
    )


def under_way(viewer: Viewer) -> Select[Work]:
    """Select those of them that are not made yet."""
    return own_files(viewer).where(Work.finished_at.is_(None))


def scope_mark(viewer: Viewer) -> dict[str, Any]:
    """What decides whom somebody may see, to be compared later; a caseload apart."""
    return {
        "role": viewer.role.value,
        "university_id": viewer.university_id,
        "colleges": sorted(viewer.colleges),
    }


def may_still_see(viewer: Viewer, made: dict[str, Any]) -> bool:
    """Whether somebody may see today all whom a file shows; `made` is what came of the work."""
    if made["scope"] != scope_mark(viewer):
        return False
    events = select(func.unnest(AuditEvent.student_ids)).where(AuditEvent.id.in_(made["events"]))
    shown = set(db.session.execute(events).scalars())
    seen = visible_students(viewer).where(Student.id.in_(events)).with_only_columns(Student.id)
    return shown <= set(db.session.execute(seen).scalars())
