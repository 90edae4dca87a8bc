"""A talk with several students: choose them, look at it once more, one note for each."""

import datetime as dt
import uuid
from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import SelectChoice

from placement import clock
from placement.accounts.access import requires, viewer
from placement.cases import operations
from placement.cases.forms import GroupTalkForm
from placement.cases.models import Case
from placement.cases.queries import visible_cases
from placement.cases.views.blueprint import HELPERS, bp
from placement.db import db, transaction
from placement.errors import PlacementError
from placement.students.models import Student
from placement.students.operations.reading import record_listing
from placement.web import say_done

MOST = 300
NEXT_CONTACT = dt.timedelta(days=14)


@bp.route("/group-talk", methods=["GET", "POST"])
@requires(*HELPERS)
def note_group_talk() -> ResponseReturnValue:
    """Choose people of the own caseload, show what will be noted, then note it for each."""
    current, today = viewer(), clock.today()
    cases = _open_cases()
    form = GroupTalkForm(data={"contacted_on": today, "next_contact_on": today + NEXT_CONTACT})
    form.people.choices = [SelectChoice(case.id, case.student.name) for case in cases]
    chosen: list[Case] = []
    if form.validate_on_submit():
        chosen = [case for case in cases if case.id in set(form.people.data or ())]
        if "confirmed" in request.form:
            answer = _record(form, chosen)
            if answer is not None:
                return answer
            chosen = []
        if "again" in request.form:
            chosen = []
    with transaction():
        record_listing([case.student_id for case in cases], actor=current, page="group_talk")
    return render_template(
        "cases/group_talk.html", form=form, chosen=chosen, classes=_by_class(cases)
    ), 422 if form.errors else 200


def _open_cases() -> list[Case]:
    wanted = (
        visible_cases(viewer())
        .where(Case.closed_on.is_(None))
        .order_by(Student.class_name, Student.name_key, Case.id)
        .limit(MOST)
    )
    return list(db.session.execute(wanted).scalars())


def _by_class(cases: list[Case]) -> list[tuple[str, list[Case]]]:
    by_class = groupby(cases, key=lambda case: case.student.class_name or "")
    return [(name, list(members)) for name, members in by_class]


def _record(form: GroupTalkForm, chosen: list[Case]) -> ResponseReturnValue | None:
    group_id = form.submission
    try:
        with transaction():
            operations.record_group_talk(
                chosen,
                counselor=viewer(),
                group_id=group_id,
                contacted_on=form.contacted_on.data,
                next_contact_on=form.next_contact_on.data,
                summary=str(form.summary.data),
                next_step=form.next_step.data or "",
            )
    except PlacementError as error:
        form.refuse(error)
        return None
    say_done(
        ngettext("Noted for %(num)d person.", "Noted for %(num)d people.", len(chosen)),
        undo=url_for("cases.undo_group_talk", group_id=group_id),
    )
    return redirect("/")


@bp.post("/group-talks/<uuid:group_id>/undo")
@requires(*HELPERS)
def undo_group_talk(group_id: uuid.UUID) -> ResponseReturnValue:
    """Take the notes of a group talk back."""
    with transaction():
        operations.undo_group_talk(group_id, actor=viewer())
    flash(_("The notes of the group talk were taken back."), "success")
    return redirect("/")
