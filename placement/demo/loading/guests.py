"""Who signs up for the fairs, who comes and what comes of it; the stands with their postings."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from placement import clock
from placement.accounts.models import University, User
from placement.audit.operations import record_event
from placement.cases.operations.contacts import seal_text
from placement.db import db
from placement.demo.province.gatherings import Guest
from placement.demo.province.plan import Plan
from placement.demo.province.programme import programme_of
from placement.fairs.models import (
    Fair,
    FairResult,
    ItemKind,
    ResultKind,
    SignUp,
    SignUpState,
    Stand,
)
from placement.fairs.operations import ItemPlan, add_item, bring_postings
from placement.fairs.queries import stands_of
from placement.students.models import Assignment, Student

MOST_POSTINGS = 6
"""So many postings of an employer are brought to a fair."""


def gather(plan: Plan, place: int) -> None:
    """Fill the fair at `place` in the plan; a second time does nothing more."""
    planned = plan.fairs[place]
    fair = db.session.execute(
        select(Fair).where(Fair.title == planned.title, Fair.on == planned.on).limit(1)
    ).scalar_one_or_none()
    if fair is None or _has_guests(fair):
        return
    stands = stands_of(fair)
    bring_postings(stands, today=clock.today(), most=MOST_POSTINGS)
    for hour in programme_of(planned):
        add_item(
            fair,
            ItemPlan(
                kind=ItemKind(hour.kind),
                title=hour.title,
                place=hour.place,
                starts_at=hour.starts_at,
                ends_at=hour.ends_at,
            ),
            actor=None,
        )
    _seat(fair, stands, plan.guests[place], plan.class_year)


def _has_guests(fair: Fair) -> bool:
    return (
        db.session.execute(select(SignUp.id).filter_by(fair_id=fair.id).limit(1)).first()
        is not None
    )


def _seat(fair: Fair, stands: Sequence[Stand], guests: tuple[Guest, ...], class_year: int) -> None:
    """Write the sign-ups of the guests who are there, and what came of the fair for them."""
    students = _students(guests, class_year)
    counselors = dict(
        db.session.execute(
            select(Assignment.student_id, Assignment.counselor_id).where(
                Assignment.student_id.in_([student.id for student in students.values()]),
                Assignment.holds_to.is_(None),
            )
        ).all()
    )
    accounts = dict(
        db.session.execute(
            select(User.student_id, User.id).where(User.student_id.is_not(None))
        ).all()
    )
    answers = []
    for guest in guests:
        student = students.get((guest.university, guest.student_number))
        if student is None:
            continue
        answers.append(
            SignUp(
                fair_id=fair.id,
                student_id=student.id,
                state=SignUpState.WITHDRAWN if guest.withdrew else SignUpState.COMING,
                signed_up_at=guest.signed_up_at,
                changed_at=guest.signed_up_at,
                came_at=guest.came_at,
            )
        )
        if guest.kind is not None:
            noter = accounts.get(student.id) if guest.by_student else counselors.get(student.id)
            _note(fair, stands[guest.stand], student, guest, noter)
    db.session.add_all(answers)
    db.session.flush()
    for answer in answers:
        record_event(f"sign_up.{answer.state.value}", actor_id=None, subject=answer)


def _students(guests: tuple[Guest, ...], class_year: int) -> dict[tuple[str, str], Student]:
    found = db.session.execute(
        select(University.code, Student)
        .join(University, University.id == Student.university_id)
        .where(
            Student.class_year == class_year,
            Student.voided_at.is_(None),
            Student.student_number.in_([guest.student_number for guest in guests]),
        )
    )
    return {(code, student.student_number): student for code, student in found}


def _note(fair: Fair, stand: Stand, student: Student, guest: Guest, noter: int | None) -> None:
    uid = uuid.uuid4()
    result = FairResult(
        uid=uid,
        fair_id=fair.id,
        student_id=student.id,
        stand_id=stand.id,
        kind=ResultKind(guest.kind or ""),
        next_on=guest.next_on,
        note_sealed=seal_text(student, guest.note, "fair_results.note", uid),
        noted_by=noter,
        by_student=guest.by_student,
        noted_at=guest.noted_at,
    )
    db.session.add(result)
    db.session.flush()
    record_event("fair_result.noted", actor_id=noter, subject=result)
