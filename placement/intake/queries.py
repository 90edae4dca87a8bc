"""Reads of imports: what was sent, what is wrong with it, what waits for the university."""

import json

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.intake.models import Import, ImportRow, ImportState, ListMatch, MatchState
from placement.keys import keyring
from placement.students.models import Student
from placement.students.queries import in_scope

_OPEN = (MatchState.MATCHED, MatchState.POSSIBLE)


def visible_imports(viewer: Viewer) -> Select[Import]:
    """Select the imports of a viewer, newest first: the province sees all, a university its own.

    Others, and accounts of single colleges, see what they sent themselves.
    """
    imports = select(Import)
    own = Import.actor_id == viewer.user_id
    if viewer.role is Role.UNIVERSITY and not viewer.colleges:
        own = or_(own, Import.university_id == viewer.university_id)
    if viewer.role is not Role.PROVINCE:
        imports = imports.where(own)
    return imports.order_by(Import.id.desc())


def problem_rows(import_: Import) -> Select[ImportRow]:
    """Select the rejected rows of an import as they stand in the file."""
    return (
        select(ImportRow)
        .where(ImportRow.import_id == import_.id)
        .order_by(ImportRow.row, ImportRow.id)
    )


def open_cells(import_: Import, row: ImportRow) -> tuple[list[str], list[str]]:
    """The headings of the file and the cells of a rejected row, in clear.

    Both are empty once what the import kept is erased.
    """
    if row.cells_sealed is None or import_.data_key is None:
        return [], []
    key = keyring().data_key(import_.uid, import_.data_key)
    headings, cells = json.loads(
        key.open(row.cells_sealed, f"import_rows.cells.{row.row}", import_.uid)
    )
    return headings, cells


def visible_matches(viewer: Viewer) -> Select[ListMatch]:
    """Select the rows of partner lists that mean students whom the viewer may see."""
    return (
        select(ListMatch)
        .join(Import, Import.id == ListMatch.import_id)
        .join(Student, Student.id == ListMatch.student_id)
        .where(in_scope(viewer), Import.state == ImportState.APPLIED)
    )


def waiting_matches(viewer: Viewer) -> Select[ListMatch]:
    """Select the rows that wait for a decision, the surest first.

    Of several lists of one kind and class that ask about a student only the newest asks.
    """
    newer, later = aliased(ListMatch), aliased(Import)
    overtaken = exists().where(
        newer.import_id == later.id,
        newer.student_id == ListMatch.student_id,
        newer.decision.is_(None),
        newer.id > ListMatch.id,
        newer.state.in_(_OPEN),
        and_(
            later.list_kind == Import.list_kind,
            later.class_year == Import.class_year,
            later.state == ImportState.APPLIED,
        ),
    )
    return (
        visible_matches(viewer)
        .where(ListMatch.decision.is_(None), ListMatch.state.in_(_OPEN), ~overtaken)
        .order_by(ListMatch.score.desc(), ListMatch.import_id, ListMatch.row, ListMatch.id)
    )
