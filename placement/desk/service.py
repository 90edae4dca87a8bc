"""Service given against the standard: per person, per caseload, per university.

What is counted is what was done for people. There is no rate and no order by result: the
ministry forbids judging counselors by placement rates (三不得).
"""

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    any_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from placement.accounts.models import Role, University, User
from placement.accounts.viewer import Viewer
from placement.cases.models import Action, ActionKind, ActionState, Case
from placement.cases.queries import visible_cases
from placement.cases.standard import CONTACT, Mark, marks_of, met_of
from placement.jobs.models import Referral
from placement.reference.service_standards import Requirement, Standard
from placement.statements import Kept
from placement.students.models import Assignment, Student
from placement.students.queries import held_on, in_scope


class Served(Protocol):
    """What the standard asks of a case: a `Case`, or a row that has as much of it."""

    @property
    def student_id(self) -> int:
        """Whose case it is."""

    @property
    def opened_on(self) -> dt.date:
        """From when the terms run."""

    @property
    def last_contact_on(self) -> dt.date | None:
        """The last contact, if there was one."""


def service_marks(
    cases: Sequence[Served], *, standard: Standard, today: dt.date
) -> dict[int, tuple[Mark, ...]]:
    """The marks of some cases by student, in one statement for all."""
    given = _given_to(cases)
    return {
        case.student_id: marks_for(case, given.get(case.student_id, {}), standard, today)
        for case in cases
    }


def service_met(
    cases: Sequence[Served], *, standard: Standard, today: dt.date
) -> dict[int, tuple[int, int]]:
    """How many marks of some cases are met, and of how many, by student: as in a list."""
    given = _given_to(cases)
    return {
        case.student_id: met_of(
            given.get(case.student_id, {}),
            standard=standard,
            last_contact_on=case.last_contact_on,
            today=today,
        )
        for case in cases
    }


def _given_to(cases: Sequence[Served]) -> dict[int, dict[str, int]]:
    given: dict[int, dict[str, int]] = {}
    students = [case.student_id for case in cases]
    if students:
        rows = _acts_counted().ask({"students": students})
        for row in rows.mappings():
            given.setdefault(row["student_id"], {})[row["kind"]] = row["count"]
    return given


def marks_for(
    case: Served, given: Mapping[str, int], standard: Standard, today: dt.date
) -> tuple[Mark, ...]:
    """The marks of one case; `given` counts the acts done by kind."""
    return marks_of(
        given,
        standard=standard,
        opened_on=case.opened_on,
        last_contact_on=case.last_contact_on,
        today=today,
    )


def acts_given(actions: Sequence[Action], referrals: int) -> dict[str, int]:
    """What was done for one person by kind: the actions done, and postings put forward."""
    given = {ActionKind.JOB_REFERRAL.value: referrals}
    for action in actions:
        if action.state is ActionState.DONE:
            given[action.kind.value] = given.get(action.kind.value, 0) + 1
    return given


def service_board(
    viewer: Viewer, *, class_year: int, standard: Standard, today: dt.date
) -> Select[*tuple[Any, ...]]:
    """Select by counselor, for the province by university, the open cases and who got what.

    Columns: id, name, people, one count of people for each requirement, in touch, all of it.
    """
    given = given_by(standard)
    met = met_by(given, standard, today)
    counts = [_count(condition).label(code) for code, condition in met.items()]
    whole = _count(and_(*met.values())).label("all_of_it")
    by_university = viewer.role is Role.PROVINCE
    name: Any = University.name if by_university else User.display_name
    key: Any = University.id if by_university else User.id
    query = (
        select(key.label("id"), name.label("name"), func.count().label("people"), *counts, whole)
        .select_from(Student)
        .join(Case, Case.student_id == Student.id)
        .outerjoin(given, given.c.student_id == Student.id)
        .where(
            in_scope(viewer),
            Student.class_year == class_year,
            Case.voided_at.is_(None),
            Case.closed_on.is_(None),
        )
    )
    if by_university:
        query = query.join(University, University.id == Student.university_id)
        return query.group_by(key, name, University.name_key).order_by(University.name_key, key)
    query = query.join(Assignment, and_(Assignment.student_id == Student.id, held_on(today)))
    query = query.join(User, User.id == Assignment.counselor_id)
    return query.group_by(key, name).order_by(name, key)


def still_owed(
    viewer: Viewer, *, class_year: int, missing: str, standard: Standard, today: dt.date
) -> Select[Case]:
    """Select the visible open cases to which the service named `missing` is still owed.

    `missing` is a code of the standard or `contact`; anything else gives all that miss something.
    The one opened longest ago first.
    """
    given = given_by(standard)
    met = met_by(given, standard, today)
    wanted = ~met[missing] if missing in met else ~and_(*met.values())
    return (
        visible_cases(viewer)
        .outerjoin(given, given.c.student_id == Case.student_id)
        .where(Student.class_year == class_year, Case.closed_on.is_(None), wanted)
        .order_by(Case.opened_on, Case.id)
    )


def met_by(given: Subquery, standard: Standard, today: dt.date) -> dict[str, ColumnElement[bool]]:
    """By code the condition on `Case`, joined with `given`, that each part of it is met."""
    met: dict[str, ColumnElement[bool]] = {
        owed.code: func.coalesce(given.c[owed.code], 0) >= owed.needed
        for owed in standard.requirements
    }
    last = today - standard.interval
    met[CONTACT] = and_(Case.last_contact_on.is_not(None), Case.last_contact_on >= last)
    return met


def given_by(standard: Standard, name: str = "given") -> Subquery:
    """How often each student was given what each requirement asks for; `name` as in SQL."""
    acts = _acts(None)
    counts = [_count(_fits(acts, owed)).label(owed.code) for owed in standard.requirements]
    return select(acts.c.student_id, *counts).group_by(acts.c.student_id).subquery(name)


def _fits(acts: Subquery, owed: Requirement) -> ColumnElement[bool]:
    return or_(*(acts.c.kind == kind for kind in owed.kinds))


@functools.cache
def _acts_counted() -> Kept:
    """How often some students, the parameter `students`, were given each kind of act."""
    acts = _acts(any_(bindparam("students", type_=ARRAY(BigInteger))))
    kinds = acts.c.student_id, acts.c.kind
    return Kept(select(*kinds, func.count().label("count")).group_by(*kinds))


def _acts(students: ColumnElement[Any] | None) -> Subquery:
    """All that was done: the actions done, and each posting put forward as a job referral."""
    done = select(Action.student_id, Action.kind.label("kind")).where(
        Action.state == ActionState.DONE
    )
    referral = literal(ActionKind.JOB_REFERRAL, Action.kind.type).label("kind")
    put = select(Referral.student_id, referral)
    if students is not None:
        done = done.where(Action.student_id == students)
        put = put.where(Referral.student_id == students)
    return union_all(done, put).subquery("acts")


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(cast(condition, Integer)), 0)
