"""The case on one page: the person, the plan, the history, jobs, fairs and outcome."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import contains_eager

from placement import clock
from placement.accounts.access import requires, viewer
from placement.cases.models import Case
from placement.cases.queries import opened_answers, opened_note, plan_of, visible_cases
from placement.cases.words import kind_word, tone, word
from placement.db import db, transaction
from placement.desk.service import acts_given, marks_for
from placement.desk.timeline import KINDS, steps_of, timeline_of
from placement.desk.views.blueprint import STAFF, bp
from placement.desk.words import mark_rows
from placement.jobs.queries import recommended_to
from placement.outcomes.queries import outcomes_of
from placement.outcomes.words import destination, story_tone, story_word
from placement.pairing.words import helper_word, state_word
from placement.rulebook.queries import standard_in
from placement.students import words
from placement.students.models import Student
from placement.students.operations.reading import record_reading
from placement.students.queries import counselor_of, memberships_on
from placement.web import get_or_404


@bp.get("/cases/<int:case_id>")
@requires(*STAFF)
def show_case(case_id: int) -> ResponseReturnValue:
    """Show the whole case; that it was read stands in the audit trail."""
    current, today = viewer(), clock.today()
    whole = contains_eager(Case.student).joinedload(Student.university)
    case = get_or_404(visible_cases(current).options(whole), case_id)
    with transaction():
        record_reading(case.student, actor=current, page="case")
    kind = request.args.get("show", "")
    plan, steps = plan_of(case), steps_of(case.student_id)
    stories = outcomes_of(case.student_id)
    return render_template(
        "desk/case.html",
        case=case,
        student=case.student,
        today=today,
        may_write=current.role.value in {"counselor", "university"},
        counselor=counselor_of(case.student_id, today=today),
        memberships=db.session.execute(memberships_on(case.student_id, day=today)).scalars().all(),
        barriers=plan.barriers,
        notes={barrier.id: opened_note(case.student, barrier) for barrier in plan.barriers},
        goals=plan.goals,
        actions=plan.actions,
        answers=opened_answers(case.student, plan),
        approval=plan.approval,
        expectations=plan.expectations,
        outcomes=stories,
        closing=plan.closing,
        marks=mark_rows(
            marks_for(
                case,
                acts_given(plan.actions, len(steps.referrals)),
                standard_in(plan.rules, today),
                today,
            ),
            today,
        ),
        entries=timeline_of(case, plan, stories, steps, kind=kind if kind in KINDS else ""),
        shown_kind=kind,
        recommendations=recommended_to(case.student_id, limit=3),
        sign_ups=steps.sign_ups[:-4:-1],
        helpings=steps.helpings,
        helper_kind=helper_word,
        helper_state=state_word,
        word=word,
        kind_word=kind_word,
        tone=tone,
        words=words,
        destination=destination,
        story_word=story_word,
        story_tone=story_tone,
    )
