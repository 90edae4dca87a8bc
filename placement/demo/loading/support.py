"""Helpers, approvals and subsidies of the class under way, through their operations."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import exists, or_, select

from placement import clock
from placement.accounts.models import Role, University, User
from placement.accounts.queries import viewer_of
from placement.accounts.viewer import Viewer
from placement.cases.entitlement import Likelihood
from placement.cases.models import Case, PlanApproval, SubsidyClaim
from placement.cases.operations import (
    approve_plan,
    ask_for_approval,
    keep_steps,
    return_plan,
    want_approval,
)
from placement.db import db
from placement.demo.loading.casework import actors_of, cases_of
from placement.demo.province.casework import CaseWork
from placement.demo.province.plan import Plan
from placement.demo.province.support import HelperPlan, support_of
from placement.desk.subsidies import offers_to
from placement.pairing.models import HelperKind, Pairing
from placement.pairing.operations import new_link, note_word, object_to_pairing, pair_student
from placement.pairing.operations.pairing import Helper
from placement.reference.subsidies import Subsidy
from placement.rulebook.queries import subsidies_on
from placement.students.models import Membership, Student
from placement.students.queries import membership_holds

BEFORE_THE_END = dt.timedelta(days=24)


def let_plans_be_approved(plan: Plan) -> None:
    """The university of the demo's accounts wants plans to be approved."""
    office = _office(plan)
    university = db.session.execute(
        select(University).where(University.code == plan.logins.university)
    ).scalar_one()
    want_approval(university, actor=office, wanted=True)


def stand_by(works: Iterable[CaseWork], plan: Plan) -> int:
    """Write what stands beside some cases; how many have a helper. A second time adds nothing."""
    chosen = list(works)
    cases, actors = cases_of(chosen, plan.class_year), actors_of(chosen)
    entitled = _entitled([case.student_id for case in cases.values()])
    known = _stood_by([case.student_id for case in cases.values()])
    office, logins = _office(plan), plan.logins
    done = 0
    for work in chosen:
        case = cases.get((work.university, work.student_number))
        if case is None or case.closed_on is not None or case.student_id in known:
            continue
        own = work.university == logins.university
        always = own and work.student_number == logins.student_number
        support = support_of(work, seed=plan.seed, today=plan.today, always=always)
        actor = actors[work.counselor]
        if support.helper is not None:
            _pair(case, support.helper, actor)
            done += 1
        if support.approval and own:
            _put_forward(case, support.approval, actor, office)
        if support.subsidy and case.student_id in entitled:
            _claim(case, support.subsidy, actor, plan.today)
    return done


def _pair(case: Case, planned: HelperPlan, actor: Viewer) -> None:
    pairing = pair_student(
        case,
        actor=actor,
        helper=Helper(
            kind=HelperKind(planned.kind),
            name=planned.name,
            organisation=planned.organisation,
            email=planned.email,
            plan=planned.plan,
            starts_on=planned.starts_on,
            ends_on=planned.ends_on,
        ),
    )
    db.session.flush()
    for day, text in planned.words:
        note_word(pairing, actor=actor, text=text, helped_on=day)
    if planned.linked:
        new_link(pairing, actor=actor)
    if planned.objection:
        object_to_pairing(pairing, actor=_account_of(case.student), reason=planned.objection)


def _account_of(student: Student) -> Viewer:
    """Whoever objects has an account; where there is none yet, one that nobody else can enter."""
    user = db.session.execute(
        select(User).where(User.student_id == student.id)
    ).scalar_one_or_none()
    if user is None:
        user = User(
            username=f"{student.university.code}/{student.student_number}",
            display_name=student.name,
            role=Role.STUDENT,
            student_id=student.id,
            university_id=student.university_id,
        )
        db.session.add(user)
        db.session.flush()
    return viewer_of(user)


def _put_forward(case: Case, state: str, actor: Viewer, office: Viewer) -> None:
    approval = ask_for_approval(case, actor=actor, note="目标和措施已和学生商量过。")
    db.session.flush()
    if state == "approved":
        approve_plan(approval, actor=office, version=approval.version)
    elif state == "returned":
        answer = "请补充每项措施的完成时间。"
        return_plan(approval, actor=office, answer=answer, version=approval.version)


def _claim(case: Case, state: str, actor: Viewer, today: dt.date) -> None:
    """Keep how far the student is with what fits; with the one for the search where it is over."""
    subsidy = _fitting(case, today)
    closes = subsidy.window(case.student.class_year)[1]
    applied_on = max(case.opened_on, min(today, closes) - BEFORE_THE_END)
    if (state == "papers" and closes >= today) or applied_on > today:
        papers, applied, settled = subsidy.papers[: len(subsidy.papers) // 2], None, None
    else:
        papers, applied = subsidy.papers, applied_on
        settled = min(today, applied_on + BEFORE_THE_END) if state == "paid" else None
    keep_steps(
        case,
        subsidy,
        actor=actor,
        papers=papers,
        applied_on=applied,
        settled_on=settled,
        paid=True if settled else None,
        set_aside=False,
        version=0,
    )


def _fitting(case: Case, today: dt.date) -> Subsidy:
    for offer in offers_to(case, today=today):
        if offer.likelihood is Likelihood.PROBABLY:
            return offer.subsidy
    return next(subsidy for subsidy in subsidies_on(today) if subsidy.seeking)


def _entitled(student_ids: list[int]) -> set[int]:
    """Those of some students who are in a class for which there is a subsidy."""
    today = clock.today()
    classes = {name for subsidy in subsidies_on(today) for name in subsidy.classes}
    rows = select(Membership.student_id).where(
        Membership.student_id.in_(student_ids),
        membership_holds(today),
        or_(Membership.hardship_class.in_(classes), Membership.category.in_(classes)),
    )
    return set(db.session.execute(rows).scalars())


def _stood_by(student_ids: list[int]) -> set[int]:
    """Those of some students beside whom something stands already."""
    beside = or_(
        *(
            exists().where(kind.student_id == Student.id)
            for kind in (Pairing, PlanApproval, SubsidyClaim)
        )
    )
    rows = select(Student.id).where(Student.id.in_(student_ids), beside)
    return set(db.session.execute(rows).scalars())


def _office(plan: Plan) -> Viewer:
    user = db.session.execute(
        select(User)
        .join(University, University.id == User.university_id)
        .where(University.code == plan.logins.university, User.role == Role.UNIVERSITY)
        .order_by(User.id)
        .limit(1)
    ).scalar_one()
    return viewer_of(user)
