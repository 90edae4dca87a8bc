"""Many students to other counselors: chosen, seen, done, taken back."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import SelectChoice

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role, User
from placement.db import db, transaction
from placement.errors import PlacementError
from placement.students.forms import ReassignForm
from placement.students.operations.reading import record_listing
from placement.students.operations.reassigning import (
    Preview,
    may_be_undone,
    preview_reassignment,
)
from placement.students.operations.reassigning import (
    reassign as reassign_students,
)
from placement.students.operations.reassigning import (
    undo_reassignment as take_back,
)
from placement.students.responsible import counselors_with_counts, visible_reassignments
from placement.students.views.blueprint import responsibility
from placement.web import get_or_404, say_done

NOBODY = 0


@responsibility.route("/reassign", methods=["GET", "POST"])
@requires(Role.UNIVERSITY)
def reassign() -> ResponseReturnValue:
    """Choose whose students go to whom, look at who goes where, then do it."""
    form = _form()
    preview = None
    if form.is_submitted() and form.validate():
        try:
            preview = _preview(form)
            if request.form.get("act") == "do":
                with transaction():
                    row = reassign_students(
                        preview,
                        actor=viewer(),
                        from_id=form.giver.data or None,
                        reason=str(form.reason.data),
                        digest=str(form.digest.data),
                    )
                _tell(row.people, row.id if may_be_undone(row) else None)
                return redirect(url_for("responsibility.show"))
            form.digest.data = preview.digest
            with transaction():
                ids = [student.id for _user, students in preview.parts for student in students]
                record_listing(ids, actor=viewer(), page="reassignment")
        except PlacementError as error:
            db.session.rollback()
            preview = None
            form.refuse(error)
    status = 422 if form.errors else 200
    return render_template("students/reassign.html", form=form, preview=preview), status


def _form() -> ReassignForm:
    form = ReassignForm(
        data=None if request.method == "POST" else {"giver": request.args.get("giver", type=int)}
    )
    rows = db.session.execute(counselors_with_counts(viewer())).all()
    named = [
        SelectChoice(row[0], f"{row[1]} · {ngettext('%(num)d person', '%(num)d people', row[3])}")
        for row in rows
    ]
    form.giver.choices = [*named, SelectChoice(NOBODY, _("those who are to be assigned"))]
    form.receivers.choices = named
    return form


def _preview(form: ReassignForm) -> Preview:
    chosen = form.receivers.data or []
    receivers = [db.session.get_one(User, number) for number in chosen]
    return preview_reassignment(viewer(), from_id=form.giver.data or None, receivers=receivers)


def _tell(people: int, row_id: int | None) -> None:
    said = ngettext("%(num)d person was reassigned.", "%(num)d people were reassigned.", people)
    undo = (
        url_for("responsibility.undo_reassignment", reassignment_id=row_id)
        if row_id is not None
        else ""
    )
    say_done(said, undo=undo)


@responsibility.post("/reassignments/<int:reassignment_id>/undo")
@requires(Role.UNIVERSITY)
def undo_reassignment(reassignment_id: int) -> ResponseReturnValue:
    """Give the students back."""
    row = get_or_404(visible_reassignments(viewer()), reassignment_id)
    with transaction():
        people = take_back(row, actor=viewer())
    say_done(ngettext("%(num)d person went back.", "%(num)d people went back.", people))
    return redirect(url_for("responsibility.show"))
