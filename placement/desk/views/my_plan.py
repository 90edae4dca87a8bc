"""The student's own plan and fairs, on a phone."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.cases import operations
from placement.cases.forms import ConsentForm
from placement.cases.models import Case
from placement.cases.queries import (
    Plan,
    case_of_student,
    consent_of,
    opened_answers,
    plan_of,
)
from placement.cases.words import tone, word
from placement.db import db, transaction
from placement.desk.views.blueprint import bp
from placement.errors import InvalidValueError
from placement.fairs.models import SignUp, SignUpState
from placement.fairs.queries import coming_fairs, past_fairs
from placement.jobs.queries import recommended_to
from placement.notices.queries import count_unread
from placement.pairing.queries import helpings_of
from placement.pairing.words import helper_word
from placement.students.models import Student
from placement.students.queries import counselor_of
from placement.web import paginate, say_done


def own_student() -> Student:
    """The student who is signed in."""
    return db.session.get_one(Student, viewer().student_id)


def own_case() -> Case | None:
    """The case of the student who is signed in; none for one in no category."""
    return case_of_student(viewer(), viewer().student_id or 0)


@bp.get("/my/plan")
@requires(Role.STUDENT)
def my_plan() -> ResponseReturnValue:
    """Show the plan in plain words: the next step first, then goals, jobs and what was said."""
    student, case = own_student(), own_case()
    plan = plan_of(case) if case else Plan()
    today = clock.today()
    fairs = db.session.execute(coming_fairs(viewer(), today=today).limit(1)).scalars().first()
    return render_template(
        "desk/my_plan.html",
        student=student,
        case=case,
        counselor=counselor_of(student.id, today=today),
        goals=plan.goals,
        actions=plan.actions,
        answers=opened_answers(student, plan),
        helpings=[h for h in helpings_of(student.id) if h.pairing.ended_at is None] if case else [],
        helper_kind=helper_word,
        contacts=plan.contacts[:5],
        jobs=len(recommended_to(student.id)),
        unread=count_unread(student.id),
        next_fair=fairs,
        consent=consent_of(student.id) if case else None,
        word=word,
        tone=tone,
    )


@bp.route("/my/consent", methods=["GET", "POST"])
@requires(Role.STUDENT)
def give_consent() -> ResponseReturnValue:
    """Agree that my file goes to the employment service that helps me on."""
    form = ConsentForm()
    if form.validate_on_submit():
        with transaction():
            operations.give_consent(
                viewer().student_id or 0, actor=viewer(), recipient=str(form.recipient.data)
            )
        say_done(_("Noted. You can take it back at any time."))
        return redirect(url_for("desk.my_plan"))
    return render_template(
        "students/act_form.html",
        form=form,
        heading=_("Let help go on after leaving"),
        intro=_(
            "If you agree, your counselor may hand your plan, what was done and how to reach you"
            " to this office. No category is in it. You can take it back at any time."
        ),
        act=_("I agree"),
        back=url_for("desk.my_plan"),
    ), 422 if form.is_submitted() else 200


@bp.post("/my/help")
@requires(Role.STUDENT)
def ask_for_help() -> ResponseReturnValue:
    """Tell my counselor that I need help; I stand on the list of today."""
    case = own_case()
    if case is None:
        raise InvalidValueError("There is no case for you.", remedy="Ask at your college.")
    with transaction():
        operations.ask_for_help(case, actor=viewer(), today=clock.today())
    say_done(_("Your counselor sees it today."))
    return redirect(url_for("desk.my_plan"))


@bp.post("/my/consent/withdraw")
@requires(Role.STUDENT)
def take_consent_back() -> ResponseReturnValue:
    """Take my agreement back."""
    with transaction():
        operations.take_consent_back(viewer().student_id or 0, actor=viewer())
    say_done(_("Your agreement is taken back. Nothing more is handed over."))
    return redirect(url_for("desk.my_plan"))


@bp.get("/my/fairs")
@requires(Role.STUDENT)
def my_fairs() -> ResponseReturnValue:
    """Show the coming fairs with my answer to each, then those that are over."""
    current, today = viewer(), clock.today()
    answers = db.session.query(SignUp).filter_by(student_id=current.student_id).all()
    by_state = {state: {a.fair_id for a in answers if a.state is state} for state in SignUpState}
    return render_template(
        "desk/my_fairs.html",
        page=paginate(coming_fairs(current, today=today), size=20),
        past=db.session.execute(past_fairs(current, today=today).limit(5)).scalars().all(),
        coming=by_state[SignUpState.COMING],
        waiting=by_state[SignUpState.WAITING],
    )
