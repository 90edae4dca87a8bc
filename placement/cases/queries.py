"""Reads of cases: every one starts from what the viewer may see."""

from sqlalchemy import Select, select

from placement.accounts.viewer import Viewer
from placement.cases.models import Case
from placement.students.models import Student
from placement.students.queries import in_scope


def visible_cases(viewer: Viewer) -> Select[Case]:
    """Select the cases of the students that the viewer may see."""
    return (
        select(Case)
        .join(Student, Student.id == Case.student_id)
        .where(in_scope(viewer), Case.voided_at.is_(None))
    )
