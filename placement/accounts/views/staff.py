"""Staff accounts: made, given a fresh code, closed by an administrator."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from placement.accounts import operations
from placement.accounts.access import requires, viewer
from placement.accounts.forms import StaffForm
from placement.accounts.models import Role, User
from placement.accounts.operations.addresses import BadAddressError, give_address
from placement.accounts.queries import count_open_cases, visible_universities, visible_users
from placement.accounts.views.blueprint import bp
from placement.db import db, system_scope, transaction, use_scope
from placement.errors import NotAllowedError, PlacementError
from placement.web import PlacementForm, get_or_404, refusal

ADMINISTRATORS = (Role.UNIVERSITY, Role.PROVINCE)
_MAY_MAKE = {
    Role.UNIVERSITY: (Role.COUNSELOR, Role.UNIVERSITY),
    Role.PROVINCE: (Role.COUNSELOR, Role.UNIVERSITY, Role.PROVINCE),
}


def _words() -> dict[Role, str]:
    return {
        Role.COUNSELOR: _("Counselor"),
        Role.UNIVERSITY: _("University"),
        Role.PROVINCE: _("Province"),
    }


@bp.route("/accounts/new", methods=["GET", "POST"])
@requires(*ADMINISTRATORS)
def create_user() -> ResponseReturnValue:
    """Make a staff account and show its activation code once."""
    current = viewer()
    form = StaffForm()
    form.role.choices = [SelectChoice(r.value, _words()[r]) for r in _MAY_MAKE[current.role]]
    universities = db.session.execute(visible_universities(current)).scalars().all()
    form.university_id.choices = [
        SelectChoice(university.id, university.name) for university in universities
    ]
    if form.validate_on_submit():
        try:
            with use_scope(system_scope("staff accounts")), transaction():
                user, code = _make(form)
        except BadAddressError as error:
            form.email.errors = [refusal(error)]
        except PlacementError as error:
            form.refuse(error)
        else:
            return render_template("accounts/code.html", user=user, code=code)
    status = 422 if form.is_submitted() else 200
    return render_template("accounts/staff_form.html", form=form), status


def _make(form: StaffForm) -> tuple[User, str]:
    role = Role(form.role.data)
    user, _password = operations.add_user(
        str(form.username.data),
        role=role,
        display_name=str(form.display_name.data),
        university_id=None if role is Role.PROVINCE else form.university_id.data,
        actor_id=viewer().user_id,
    )
    user.password_hash = None
    user.staff_number = form.staff_number.data or None
    user.phone = form.phone.data or None
    if form.email.data:
        give_address(user, form.email.data, actor_id=viewer().user_id)
    return user, operations.issue_activation(user, actor_id=viewer().user_id)


def _other_user(user_id: int) -> User:
    user = get_or_404(visible_users(viewer()), user_id)
    if user.id == viewer().user_id:
        raise NotAllowedError("Your own account is not changed here.")
    return user


@bp.post("/accounts/<int:user_id>/code")
@requires(*ADMINISTRATORS)
def new_code(user_id: int) -> ResponseReturnValue:
    """Issue a fresh activation code, for somebody who lost the password."""
    user = _other_user(user_id)
    with use_scope(system_scope("staff accounts")), transaction():
        code = operations.issue_activation(user, actor_id=viewer().user_id)
    return render_template("accounts/code.html", user=user, code=code)


@bp.route("/accounts/<int:user_id>/close", methods=["GET", "POST"])
@requires(*ADMINISTRATORS)
def disable_user(user_id: int) -> ResponseReturnValue:
    """Ask, then close an account and end its sessions."""
    user = _other_user(user_id)
    form = PlacementForm()
    status = 200
    if form.validate_on_submit():
        try:
            with use_scope(system_scope("staff accounts")), transaction():
                operations.disable_user(user, actor_id=viewer().user_id)
        except operations.StillResponsibleError as error:
            status, form.form_errors = error.status, [refusal(error)]
        else:
            flash(_("The account of %(name)s is closed.", name=user.display_name), "success")
            return redirect(url_for("desk.settings"))
    cases = count_open_cases(user.id)
    return render_template("accounts/disable.html", user=user, form=form, cases=cases), status
