"""Offering a student to a colleague, and the colleague's answer."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role, User
from placement.db import db, system_scope, transaction, use_scope
from placement.errors import PlacementError
from placement.students.forms import AnswerForm, HandOverForm
from placement.students.models import HandOver
from placement.students.operations.handing_over import (
    accept_hand_over,
    offer_hand_over,
    refuse_hand_over,
    withdraw_hand_over,
)
from placement.students.queries import visible_students
from placement.students.responsible import counselors_of, visible_offers
from placement.students.views.blueprint import HELPERS, responsibility
from placement.web import get_or_404, safe_next, say_done


@responsibility.route("/hand-over/<int:student_id>", methods=["GET", "POST"])
@requires(Role.COUNSELOR)
def offer(student_id: int) -> ResponseReturnValue:
    """Offer a student to a colleague."""
    current = viewer()
    student = get_or_404(visible_students(current), student_id)
    form = HandOverForm()
    colleagues = db.session.execute(counselors_of(current.university_id)).scalars().all()
    form.receiver_id.choices = [
        SelectChoice(user.id, user.display_name)
        for user in colleagues
        if user.id != current.user_id
    ]
    if form.validate_on_submit():
        try:
            with transaction():
                receiver = db.session.get_one(User, form.receiver_id.data)
                offer_hand_over(
                    student, actor=current, receiver=receiver, reason=str(form.reason.data)
                )
        except PlacementError as error:
            form.refuse(error)
        else:
            say_done(_("The offer is made. The student stays yours until it is accepted."))
            return redirect(url_for("responsibility.show"))
    status = 422 if form.is_submitted() else 200
    return render_template(
        "students/act_form.html",
        form=form,
        heading=_("Hand over"),
        under=student.name,
        intro=_("Your colleague sees the name and these words, and the case once it is accepted."),
        trail=[(_("Who is responsible"), url_for("responsibility.show"))],
        back=safe_next(request.args.get("next"), url_for("responsibility.show")),
    ), status


@responsibility.post("/hand-overs/<int:hand_over_id>/accept")
@requires(Role.COUNSELOR)
def accept(hand_over_id: int) -> ResponseReturnValue:
    """Take a student over."""
    found = _offer_to_me(hand_over_id)
    # The receiver is in no scope of the student until this act is done.
    with use_scope(system_scope("accept a hand-over")), transaction():
        row = db.session.get_one(HandOver, found)
        accept_hand_over(row, actor=viewer())
        student_id = row.student_id
    say_done(_("The student is yours from today on."))
    return redirect(f"/students/{student_id}")


@responsibility.route("/hand-overs/<int:hand_over_id>/refuse", methods=["GET", "POST"])
@requires(Role.COUNSELOR)
def refuse(hand_over_id: int) -> ResponseReturnValue:
    """Leave a student with the sender, with the reason."""
    found = _offer_to_me(hand_over_id)
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            with transaction():
                row = db.session.get_one(HandOver, found)
                refuse_hand_over(row, actor=viewer(), answer=str(form.answer.data))
        except PlacementError as error:
            form.refuse(error)
        else:
            say_done(_("The student stays with your colleague, who reads why."))
            return redirect(url_for("responsibility.show"))
    status = 422 if form.is_submitted() else 200
    return render_template(
        "students/act_form.html",
        form=form,
        heading=_("Refuse the hand-over"),
        trail=[(_("Who is responsible"), url_for("responsibility.show"))],
        back=url_for("responsibility.show"),
    ), status


@responsibility.post("/hand-overs/<int:hand_over_id>/withdraw")
@requires(*HELPERS)
def withdraw(hand_over_id: int) -> ResponseReturnValue:
    """Take an offer back."""
    row = get_or_404(visible_offers(viewer()), hand_over_id)
    with transaction():
        withdraw_hand_over(row, actor=viewer())
    say_done(_("The offer is withdrawn."))
    return redirect(url_for("responsibility.show"))


def _offer_to_me(hand_over_id: int) -> int:
    current = viewer()
    mine = visible_offers(current).where(HandOver.to_id == current.user_id)
    return get_or_404(mine, hand_over_id).id
