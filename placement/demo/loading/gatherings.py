"""Fairs with their stands and first sign-ups, and the disputes, through their operations."""

from sqlalchemy import select

from placement.accounts.models import University, User
from placement.accounts.queries import viewer_of
from placement.db import db
from placement.demo.province.fairs import StandPlan
from placement.demo.province.plan import Plan
from placement.fairs.models import Fair
from placement.fairs.operations import FairPlan, add_fair, add_stands
from placement.fairs.operations import StandPlan as StandToAdd
from placement.jobs.models import Employer
from placement.outcomes.models import Outcome
from placement.outcomes.operations import open_dispute
from placement.students.models import Student


def hold_fairs(plan: Plan) -> int:
    """Plan the fairs of the coming weeks with their stands; how many."""
    hosts = {
        user.university.code: viewer_of(user)
        for user in db.session.execute(select(User).where(User.username == "university")).scalars()
        if user.university is not None
    }
    codes = {stand.employer_code for planned in plan.fairs for stand in planned.stands}
    found = db.session.execute(select(Employer).where(Employer.code.in_(codes))).scalars()
    known = {str(employer.code): employer for employer in found}
    for planned in plan.fairs:
        fair = add_fair(
            FairPlan(
                title=planned.title,
                on=planned.on,
                place=planned.place,
                starts_at=planned.starts_at,
                ends_at=planned.ends_at,
                class_year=planned.class_year,
                description=planned.description,
            ),
            actor=hosts.get(planned.university) if planned.university else None,
        )
        _set_up(fair, planned.stands, known)
    return len(plan.fairs)


def _set_up(fair: Fair, stands: tuple[StandPlan, ...], known: dict[str, Employer]) -> None:
    db.session.flush()
    plans = [
        StandToAdd(
            number=stand.number,
            employer_id=known[stand.employer_code].id if stand.employer_code in known else None,
            employer_name=stand.employer,
            offers=stand.offers,
            openings=stand.openings,
        )
        for stand in stands
    ]
    add_stands(fair, plans, actor=None, with_postings=False)


def open_disputes(plan: Plan) -> int:
    """Open the disputes of the class under way; how many found their outcome."""
    opened = 0
    for planned in plan.disputes:
        outcome = db.session.execute(
            select(Outcome)
            .join(Student, Student.id == Outcome.student_id)
            .join(University, University.id == Student.university_id)
            .where(
                University.code == planned.university,
                Student.student_number == planned.student_number,
                Student.class_year == plan.class_year,
                Outcome.voided_at.is_(None),
            )
            .order_by(Outcome.effective_on.desc(), Outcome.id.desc())
            .limit(1)
        ).scalar_one_or_none()
        if outcome is not None:
            open_dispute(outcome, actor_id=None, reason=planned.reason)
            opened += 1
    return opened
