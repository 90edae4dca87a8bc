"""The jobs picked for me: why, what I answered, what I wish."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import db, transaction
from placement.desk.views.blueprint import bp
from placement.desk.views.my_plan import own_student
from placement.jobs import operations, words
from placement.jobs.forms import DeclineForm
from placement.jobs.models import Posting, ResponseKind
from placement.jobs.queries import (
    answer_of,
    answers_of,
    open_referrals_of,
    recommendation_of,
    recommended_to,
    referral_of,
    visible_postings,
    wish_of,
)
from placement.jobs.warming import renew_list
from placement.web import get_or_404, say_done


@bp.get("/my/jobs")
@requires(Role.STUDENT)
def my_jobs() -> ResponseReturnValue:
    """Show what my counselor put forward, the list with its reasons, and my answers."""
    student = own_student()
    found = recommended_to(student.id)
    return render_template(
        "desk/my_jobs.html",
        student=student,
        referrals=open_referrals_of(student.id),
        recommendations=found,
        answers=answers_of(student.id),
        wish=wish_of(student.id),
        pay_to_ask=operations.pay_to_ask_about(student.id, today=clock.today()),
        words=words,
    )


@bp.get("/my/jobs/<int:posting_id>")
@requires(Role.STUDENT)
def my_job(posting_id: int) -> ResponseReturnValue:
    """Show one posting with its reasons, and what I answered."""
    student = own_student()
    posting = _posting_of_mine(student.id, posting_id)
    return render_template(
        "desk/my_job.html",
        student=student,
        posting=posting,
        found=recommendation_of(student.id, posting.id),
        answer=answer_of(student.id, posting.id),
        referral=referral_of(student.id, posting.id),
        is_late=posting.deadline is not None and posting.deadline < clock.today(),
        words=words,
    )


def _posting_of_mine(student_id: int, posting_id: int) -> Posting:
    """A live posting, or any that I answered or was referred to; else 404."""
    known = answer_of(student_id, posting_id) or referral_of(student_id, posting_id)
    if known is not None:
        return db.session.get_one(Posting, posting_id)
    return get_or_404(visible_postings(viewer()), posting_id)


@bp.post("/my/jobs/<int:posting_id>/applied")
@requires(Role.STUDENT)
def apply_to_job(posting_id: int) -> ResponseReturnValue:
    """Say that I have applied; the news offer to take it back."""
    student = own_student()
    posting = _posting_of_mine(student.id, posting_id)
    with transaction():
        operations.answer_posting(student.id, posting, actor=viewer(), kind=ResponseKind.APPLIED)
        renew_list(student.id)
    _say(_("Good luck! Your counselor sees that you have applied."), posting_id)
    return redirect(url_for("desk.my_jobs"))


@bp.route("/my/jobs/<int:posting_id>/not-for-me", methods=["GET", "POST"])
@requires(Role.STUDENT)
def decline_job(posting_id: int) -> ResponseReturnValue:
    """Say why a posting is not for me; it never comes back by itself."""
    student = own_student()
    posting = _posting_of_mine(student.id, posting_id)
    form = DeclineForm()
    if form.validate_on_submit():
        with transaction():
            operations.answer_posting(
                student.id,
                posting,
                actor=viewer(),
                kind=ResponseKind.DECLINED,
                reason=form.reason.data,
            )
            renew_list(student.id)
        _say(_("Thank you. It does not come again."), posting_id)
        return redirect(url_for("desk.my_jobs"))
    status = 422 if form.is_submitted() else 200
    return render_template("desk/my_job_decline.html", form=form, posting=posting), status


@bp.post("/my/jobs/<int:posting_id>/take-back")
@requires(Role.STUDENT)
def take_back_answer(posting_id: int) -> ResponseReturnValue:
    """Take my answer back, with all that it changed."""
    student = own_student()
    with transaction():
        answer = operations.answer_to_take_back(student.id, posting_id)
        operations.take_back_answer(answer, actor=viewer())
        renew_list(student.id)
    say_done(_("Your answer is taken back."))
    return redirect(url_for("desk.my_jobs"))


def _say(news: str, posting_id: int) -> None:
    say_done(news, undo=url_for("desk.take_back_answer", posting_id=posting_id))
