"""Who takes the students for whom no file names a counselor."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role, User
from placement.db import db, transaction
from placement.errors import PlacementError
from placement.students.forms import DefaultForm
from placement.students.models import DefaultCounselor
from placement.students.operations.defaulting import set_default, take_back_default
from placement.students.responsible import colleges_of, counselors_of, visible_defaults
from placement.students.views.blueprint import responsibility
from placement.web import get_or_404, say_done


@responsibility.route("/defaults", methods=["GET", "POST"])
@requires(Role.UNIVERSITY)
def name_default() -> ResponseReturnValue:
    """Name who takes the students of a college or of the whole university."""
    form = _form()
    if form.validate_on_submit():
        counselor = db.session.get_one(User, form.counselor_id.data)
        try:
            with transaction():
                row = set_default(_own(), str(form.college.data), counselor, actor=viewer())
        except PlacementError as error:
            form.refuse(error)
        else:
            return _told(row, _("Who comes without a counselor goes there from now on."))
    return render_template(
        "students/act_form.html",
        form=form,
        heading=_("Name a default counselor"),
        intro=_(
            "Whoever comes into the register while no counselor is named is given to them at once."
            " A college's own goes before that of the university."
        ),
        trail=[(_("Who is responsible"), url_for("responsibility.show"))],
        back=url_for("responsibility.show"),
    ), 422 if form.is_submitted() else 200


@responsibility.post("/defaults/<int:default_id>/end")
@requires(Role.UNIVERSITY)
def end_default(default_id: int) -> ResponseReturnValue:
    """Let the university take them itself again."""
    held = get_or_404(visible_defaults(viewer()), default_id)
    with transaction():
        row = set_default(held.university_id, held.college, None, actor=viewer())
    return _told(row, _("Who comes without a counselor is to be assigned from now on."))


@responsibility.post("/defaults/<int:default_id>/undo")
@requires(Role.UNIVERSITY)
def undo_default(default_id: int) -> ResponseReturnValue:
    """Let hold again what held before."""
    held = get_or_404(visible_defaults(viewer()), default_id)
    with transaction():
        take_back_default(held, actor=viewer())
    say_done(_("Taken back."))
    return redirect(url_for("responsibility.show"))


def _form() -> DefaultForm:
    current = viewer()
    form = DefaultForm()
    whole = [] if current.colleges else [SelectChoice("", _("the whole university"))]
    colleges = current.colleges or colleges_of(current)
    form.college.choices = [*whole, *(SelectChoice(name, name) for name in colleges)]
    people = db.session.execute(counselors_of(current.university_id)).scalars()
    form.counselor_id.choices = [SelectChoice(user.id, user.display_name) for user in people]
    return form


def _own() -> int:
    return viewer().university_id or 0


def _told(row: DefaultCounselor, said: str) -> ResponseReturnValue:
    say_done(said, undo=url_for("responsibility.undo_default", default_id=row.id))
    return redirect(url_for("responsibility.show"))
