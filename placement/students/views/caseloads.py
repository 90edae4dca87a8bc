"""Who is responsible for whom, at a glance; leave cover."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Row
from wtforms import SelectChoice

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role, User
from placement.db import db, system_scope, transaction, use_scope
from placement.errors import PlacementError
from placement.students.forms import CoverForm
from placement.students.operations.covering import end_cover, set_cover
from placement.students.operations.reading import record_listing
from placement.students.operations.reassigning import may_be_undone
from placement.students.responsible import (
    counselors_of,
    counselors_with_counts,
    defaults_in_force,
    offers_from,
    offers_to,
    visible_covers,
    visible_reassignments,
)
from placement.students.views.blueprint import HELPERS, responsibility
from placement.web import get_or_404, say_done

SHOWN = 20


@responsibility.get("")
@requires(*HELPERS)
def show() -> ResponseReturnValue:
    """Show the offers to answer and who is away; to a university all caseloads."""
    current, today = viewer(), clock.today()
    offered = _offers_to_me() if current.role is Role.COUNSELOR else []
    covers = list(db.session.execute(visible_covers(current, today=today)).scalars())
    if current.role is Role.UNIVERSITY:
        acts = db.session.execute(visible_reassignments(current).limit(SHOWN)).scalars().all()
        return render_template(
            "students/caseloads.html",
            counselors=db.session.execute(counselors_with_counts(current)).all(),
            covers=covers,
            defaults=db.session.execute(defaults_in_force(current)).scalars().all(),
            reassignments=acts,
            may_be_undone=may_be_undone,
        )
    sent = db.session.execute(offers_from(current).limit(SHOWN)).scalars().all()
    return render_template("students/my_caseload.html", offered=offered, sent=sent, covers=covers)


def _offers_to_me() -> Sequence[Row[*tuple[Any, ...]]]:
    with use_scope(system_scope("offers to the viewer")), transaction():
        offered = db.session.execute(offers_to(viewer().user_id)).all()
        record_listing([row.student_id for row in offered], actor=viewer(), page="hand_overs")
    return offered


@responsibility.route("/cover", methods=["GET", "POST"])
@requires(*HELPERS)
def create_cover() -> ResponseReturnValue:
    """Say who looks after whose students while they are away."""
    current, today = viewer(), clock.today()
    form = CoverForm(data={"first_on": today, "last_on": today + dt.timedelta(days=7)})
    people = db.session.execute(counselors_of(current.university_id)).scalars().all()
    own = current.role is Role.COUNSELOR
    form.absent_id.choices = [
        SelectChoice(user.id, user.display_name)
        for user in people
        if not own or user.id == current.user_id
    ]
    form.cover_id.choices = [
        SelectChoice(user.id, user.display_name)
        for user in people
        if not own or user.id != current.user_id
    ]
    if form.validate_on_submit():
        try:
            with transaction():
                set_cover(
                    db.session.get_one(User, form.absent_id.data),
                    db.session.get_one(User, form.cover_id.data),
                    actor=current,
                    first_on=form.first_on.data,
                    last_on=form.last_on.data,
                )
        except PlacementError as error:
            form.refuse(error)
        else:
            say_done(_("The cover is set."))
            return redirect(url_for("responsibility.show"))
    status = 422 if form.is_submitted() else 200
    return render_template(
        "students/act_form.html",
        form=form,
        heading=_("Set a leave cover"),
        intro=_("Both see and work the caseload on these days; responsibility stays where it is."),
        trail=[(_("Who is responsible"), url_for("responsibility.show"))],
        back=url_for("responsibility.show"),
    ), status


@responsibility.post("/covers/<int:cover_id>/end")
@requires(*HELPERS)
def cancel_cover(cover_id: int) -> ResponseReturnValue:
    """Call a cover off."""
    today = clock.today()
    row = get_or_404(visible_covers(viewer(), today=today), cover_id)
    with transaction():
        end_cover(row, actor=viewer())
    say_done(_("The cover has ended."))
    return redirect(url_for("responsibility.show"))
