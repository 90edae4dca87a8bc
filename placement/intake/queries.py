"""Reads of imports: what was sent, what is wrong with it, what waits for the university."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from placement.accounts.models import Role, User
from placement.accounts.viewer import Viewer
from placement.db import db
from placement.intake.models import (
    Import,
    ImportKind,
    ImportRow,
    ImportState,
    ListMatch,
    MatchState,
)
from placement.students.models import Assignment, Student
from placement.students.queries import in_scope

REJECTED = "rejected"
_OPEN = (MatchState.MATCHED, MatchState.POSSIBLE)
_ASKING = (*_OPEN, MatchState.LEFT)


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


def count_to_assign(viewer: Viewer, import_: Import) -> int:
    """How many people of an import the university is still to give to a counselor."""
    waiting = (
        select(func.count())
        .select_from(Assignment)
        .join(Student, Student.id == Assignment.student_id)
        .where(
            in_scope(viewer),
            Assignment.import_id == import_.id,
            Assignment.counselor_id.is_(None),
            Assignment.holds_to.is_(None),
        )
    )
    return int(db.session.execute(waiting).scalar_one())


def given_by_default(viewer: Viewer, import_: Import) -> list[tuple[str, int]]:
    """To which counselors people of an import went because none was named, with how many."""
    given = (
        select(User.display_name, func.count())
        .select_from(Assignment)
        .join(Student, Student.id == Assignment.student_id)
        .join(User, User.id == Assignment.counselor_id)
        .where(in_scope(viewer), Assignment.import_id == import_.id, Assignment.by_default)
        .group_by(User.id, User.display_name)
        .order_by(User.display_name, User.id)
    )
    return [(name, people) for name, people in db.session.execute(given)]


def visible_lists(viewer: Viewer) -> Select[Import]:
    """Select the applied partner lists, newest first: all, or those that found a viewer's own."""
    lists = select(Import).where(
        Import.kind == ImportKind.LIST, Import.state == ImportState.APPLIED
    )
    if viewer.role is not Role.PROVINCE:
        found = select(ListMatch.import_id).join(Student, Student.id == ListMatch.student_id)
        lists = lists.where(Import.id.in_(found.where(in_scope(viewer))))
    return lists.order_by(Import.id.desc())


def rows_of_list(viewer: Viewer, import_: Import) -> Select[ListMatch]:
    """Select the rows of a list that the viewer may see; a university those about its own."""
    rows = select(ListMatch).where(ListMatch.import_id == import_.id)
    if viewer.role is Role.PROVINCE:
        return rows
    return rows.join(Student, Student.id == ListMatch.student_id).where(in_scope(viewer))


def in_order(rows: Select[ListMatch], state: MatchState) -> Select[ListMatch]:
    """Select the rows of a list in one state: what waits first, the surest first."""
    return rows.where(ListMatch.state == state).order_by(
        ListMatch.decision.is_not(None), ListMatch.score.desc(), ListMatch.row, ListMatch.id
    )


def count_rows_of_list(viewer: Viewer, import_: Import) -> dict[MatchState, int]:
    """How many rows of a list the viewer may see in each state."""
    rows = rows_of_list(viewer, import_).subquery()
    counted = db.session.execute(select(rows.c.state, func.count()).group_by(rows.c.state))
    found = {MatchState(state): count for state, count in counted}
    return {state: found.get(state, 0) for state in MatchState}


def count_waiting(viewer: Viewer, imports: Iterable[Import]) -> dict[int, int]:
    """How many rows of each of these lists wait for a decision, by the number of the import."""
    waiting = (
        select(ListMatch.import_id, func.count())
        .where(
            ListMatch.import_id.in_([import_.id for import_ in imports]),
            ListMatch.decision.is_(None),
            ListMatch.state.in_(_ASKING),
        )
        .group_by(ListMatch.import_id)
    )
    if viewer.role is not Role.PROVINCE:
        waiting = waiting.join(Student, Student.id == ListMatch.student_id).where(in_scope(viewer))
    return dict(db.session.execute(waiting).all())


def students_by_number(viewer: Viewer, ids: Iterable[int | None]) -> dict[int, Student]:
    """The students of these numbers whom the viewer may see."""
    wanted = {number for number in ids if number is not None}
    found = select(Student).where(in_scope(viewer), Student.id.in_(wanted))
    return {student.id: student for student in db.session.execute(found).scalars()}


def names_of_users(ids: Iterable[int | None]) -> dict[int, str]:
    """What these users are called."""
    wanted = {number for number in ids if number is not None}
    found = db.session.execute(select(User.id, User.display_name).where(User.id.in_(wanted)))
    return dict(found.all())
