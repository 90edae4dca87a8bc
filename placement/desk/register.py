"""The list of students with their case and outcome, filtered, sorted, within the scope."""

import datetime as dt
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Row,
    Select,
    bindparam,
    exists,
    func,
    select,
    true,
)
from sqlalchemy.orm import aliased, joinedload

from placement.accounts.models import User
from placement.accounts.viewer import Viewer
from placement.cases.models import Case
from placement.db import db
from placement.outcomes.models import Decision, Outcome, Verification
from placement.outcomes.queries import last_outcome, last_outcome_id
from placement.reference import destinations
from placement.statements import Kept
from placement.students.models import Assignment, Category, Membership, Student
from placement.students.queries import (
    held_on,
    in_scope,
    membership_holds,
    to_be_assigned,
    visible_students,
)
from placement.students.search import is_enough, matches

SUGGESTED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFilter:
    """What a list of students is narrowed to; empty values narrow nothing."""

    text: str = ""
    class_year: int | None = None
    university_id: int | None = None
    college: str = ""
    category: str = ""
    state: str = ""
    """`open`, `overdue`, `silent`, `no_step`, `closed`, `placed`, `seeking` or `unknown`."""
    silent_after: dt.timedelta = dt.timedelta(days=30)
    """How long without a contact is `silent`: the interval of the province's standard."""
    counselor: int | None = None
    """The counselor responsible; 0 for those whom the university is still to assign."""
    sort: str = "next"


ON_A_LIST = (
    Student.id.label("student_id"),
    Student.name,
    Student.student_number,
    Student.college,
    Student.major,
    Case.id.label("case_id"),
    Case.opened_on,
    Case.closed_on,
    Case.last_contact_on,
    Case.next_contact_on,
)
"""What a list shows of a student and their case; fifty of the whole take longer to make."""


def listed_students(
    viewer: Viewer,
    wanted: RegisterFilter,
    *,
    today: dt.date,
    first: int,
    size: int,
    what: Sequence[Any] = ON_A_LIST,
) -> Select[*tuple[Any, ...]]:
    """Select students, and what stands beside them in a list.

    The columns: `what` of Student and Case, `counselor` (a name), of the last outcome `code`,
    `employer`, `effective_on` and whether it is `verified`, and the `total` of all. `size` rows at
    most, after leaving out `first`. Who they are is found before what is shown beside them, so
    that a page costs the same whatever the length of the list.
    """
    beside = _beside(today)
    order = _order(wanted.sort)
    shown = (
        counted_students(viewer, wanted, today=today)
        .add_columns(func.count().over().label("total"))
        .order_by(*order)
        .limit(size)
        .offset(first)
        .subquery("shown")
    )
    return (
        select(*what, *beside.columns, shown.c.total)
        .select_from(Student)
        .join(shown, shown.c.id == Student.id)
        .outerjoin(Case, beside.case)
        .outerjoin(Assignment, beside.assignment)
        .outerjoin(beside.counselor, beside.counselor.id == Assignment.counselor_id)
        .outerjoin(beside.last, true())
        .order_by(*order)
    )


def student_rows(
    viewer: Viewer, wanted: RegisterFilter, *, today: dt.date, first: int, size: int
) -> Sequence[Row[Any]]:
    """The rows of `listed_students`, by a statement that is kept where nothing rare is asked."""
    rare = wanted.text or wanted.university_id or wanted.college or wanted.counselor is not None
    if rare:
        found = listed_students(viewer, wanted, today=today, first=first, size=size)
        return db.session.execute(found).all()
    kept = _kept_list(viewer.kind, wanted, today, size)
    return kept.ask({**viewer.numbers, "first": first}).all()


@functools.lru_cache(maxsize=128)
def _kept_list(kind: Viewer, wanted: RegisterFilter, today: dt.date, size: int) -> Kept:
    first: Any = bindparam("first", type_=Integer)
    return Kept(listed_students(kind, wanted, today=today, first=first, size=size))


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands beside a student in a list, and how it is joined."""

    case: ColumnElement[bool]
    assignment: ColumnElement[bool]
    counselor: type[User]
    last: FromClause
    columns: tuple[ColumnElement[Any], ...]


@functools.lru_cache(maxsize=8)
def _beside(day: dt.date) -> _Beside:
    # Made once a day: making these parts anew took longer than answering the whole question.
    counselor = aliased(User)
    last = (
        last_outcome(day=day)
        .with_only_columns(Outcome.id, Outcome.code, Outcome.employer, Outcome.effective_on)
        .lateral("last")
    )
    verified = exists().where(
        Verification.outcome_id == last.c.id,
        Verification.voided_at.is_(None),
        Verification.decision == Decision.VERIFIED,
    )
    return _Beside(
        case=(Case.student_id == Student.id) & Case.voided_at.is_(None),
        assignment=(Assignment.student_id == Student.id) & held_on(day),
        counselor=counselor,
        last=last,
        columns=(
            counselor.display_name.label("counselor"),
            last.c.code,
            last.c.employer,
            last.c.effective_on,
            verified.label("verified"),
        ),
    )


def counted_students(viewer: Viewer, wanted: RegisterFilter, *, today: dt.date) -> Select[int]:
    """Select the ids of the same students without what is shown beside them, to be counted."""
    return (
        select(Student.id)
        .outerjoin(Case, (Case.student_id == Student.id) & Case.voided_at.is_(None))
        .where(in_scope(viewer), *_conditions(wanted, today=today))
    )


def suggested_students(viewer: Viewer, text: str) -> list[Student]:
    """The few whom somebody may mean who has begun to type `text`, the newest class first."""
    if not is_enough(text):
        return []
    found = (
        visible_students(viewer)
        .where(matches(text))
        .options(joinedload(Student.university))
        .order_by(Student.class_year.desc(), Student.name_key, Student.id)
        .limit(SUGGESTED)
    )
    return list(db.session.execute(found).scalars())


def _conditions(wanted: RegisterFilter, *, today: dt.date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.text:
        conditions.append(matches(wanted.text))
    if wanted.class_year:
        conditions.append(Student.class_year == wanted.class_year)
    if wanted.university_id:
        conditions.append(Student.university_id == wanted.university_id)
    if wanted.college:
        conditions.append(Student.college == wanted.college)
    if wanted.counselor is not None:
        conditions.append(_held_by(wanted.counselor or None, today))
    if wanted.category in set(Category):
        conditions.append(_in_category(Category(wanted.category), today))
    if wanted.state:
        conditions += _in_state(wanted.state, today, wanted.silent_after)
    return conditions


def _held_by(counselor_id: int | None, today: dt.date) -> ColumnElement[bool]:
    return exists().where(
        Assignment.student_id == Student.id,
        held_on(today),
        to_be_assigned() if counselor_id is None else Assignment.counselor_id == counselor_id,
    )


def _in_category(category: Category, today: dt.date) -> ColumnElement[bool]:
    return exists().where(
        Membership.student_id == Student.id,
        Membership.category == category,
        membership_holds(today),
    )


def _in_state(state: str, today: dt.date, silent_after: dt.timedelta) -> list[ColumnElement[bool]]:
    still_open = Case.id.is_not(None) & Case.closed_on.is_(None)
    of_cases = {
        "open": (),
        "overdue": (Case.next_contact_on < today,),
        "silent": (func.coalesce(Case.last_contact_on, Case.opened_on) < today - silent_after,),
        "no_step": (Case.next_step.is_(None),),
    }
    if state in of_cases:
        return [still_open, *of_cases[state]]
    if state == "closed":
        return [Case.closed_on.is_not(None)]
    outcome = last_outcome_id(day=today)
    if state == "unknown":
        return [outcome.is_(None)]
    placed = [code for code in destinations.codes if destinations.is_placed(code)]
    found = exists().where(Outcome.id == outcome, Outcome.code.in_(placed))
    return [found] if state == "placed" else [outcome.is_not(None), ~found]


def _order(sort: str) -> tuple[Any, ...]:
    column = {
        "name": Student.name_key,
        "number": Student.student_number,
        "next": Case.next_contact_on,
        "last": Case.last_contact_on,
    }.get(sort.removeprefix("-"), Case.next_contact_on)
    order = column.desc() if sort.startswith("-") else column.asc()
    return order.nulls_last(), Student.id
