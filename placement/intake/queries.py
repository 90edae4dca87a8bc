"""Reads of imports: what was sent, what is wrong with it, what waits for the university."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.intake.models import Import, ImportRow, ImportState, ListMatch, MatchState
from placement.students.models import Student
from placement.students.queries import in_scope

REJECTED = "rejected"
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
    return kept_rows(import_, REJECTED)


def kept_rows(import_: Import, outcome: str) -> Select[ImportRow]:
    """Select the kept rows of an import with one outcome, as they stand in the file."""
    return (
        select(ImportRow)
        .where(ImportRow.import_id == import_.id, ImportRow.outcome == outcome)
        .order_by(ImportRow.row, ImportRow.id)
    )


@dataclass(frozen=True, slots=True)
class OpenedRow:
    """A row of a file in clear: headings and cells of one length, and what a preview says of it."""

    row: int
    headings: Sequence[str]
    cells: Sequence[str]
    said: Mapping[str, Any]
    problems: Sequence[Mapping[str, Any]]


def open_cells(import_: Import, row: ImportRow) -> tuple[Sequence[str], Sequence[str]]:
    """The headings of the file and the cells of a kept row, in clear; empty once erased."""
    opened = _opened(import_, row)
    return opened.headings, opened.cells


def open_rows(import_: Import, rows: Iterable[ImportRow]) -> list[OpenedRow]:
    """Open kept rows; their cells are empty once what the import kept is erased."""
    return [_opened(import_, row) for row in rows]


def _opened(import_: Import, row: ImportRow) -> OpenedRow:
    if row.cells_sealed is None or import_.data_key is None:
        return OpenedRow(row.row, [], [], {}, row.problems)
    place = f"import_rows.cells.{row.row}"
    headings, cells, *more = json.loads(import_.key().open(row.cells_sealed, place, import_.uid))
    return OpenedRow(row.row, headings, cells, more[0] if more else {}, row.problems)


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
