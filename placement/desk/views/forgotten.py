"""A lost password: the answer is the same whether the account exists or not."""

import datetime as dt
import logging

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from placement import clock
from placement.accounts.access import public
from placement.accounts.models import User
from placement.accounts.operations.users import ACTIVATION_DAYS, issue_activation
from placement.accounts.queries import user_by_sign_in_name
from placement.db import db, system_scope, transaction, use_scope
from placement.desk.views.blueprint import bp
from placement.errors import PlacementError
from placement.notices.models import NoticeKind
from placement.notices.operations.telling import notify_user
from placement.students.models import Student
from placement.web import PlacementForm

log = logging.getLogger(__name__)


class ForgottenForm(PlacementForm):
    """The name of an account whose password is lost."""

    username = StringField(_("User name"), [InputRequired(), Length(max=200)])


@bp.route("/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """Send a code to the address in a student's file, to staff at the one that they confirmed."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("desk/forgotten_form.html", form=form), status
    try:
        with use_scope(system_scope("forgotten password")), transaction():
            user = user_by_sign_in_name(str(form.username.data))
            if user is not None and user.disabled_at is None:
                _send_code(user)
    except PlacementError as error:
        # Without an address the counselor helps; a stranger must not learn of it.
        log.info("no code was sent for a forgotten password: %s", error.code)
    return render_template("desk/forgotten_sent.html")


def _send_code(user: User) -> None:
    recipient: User | Student = user
    if user.student_id is not None:
        recipient = db.session.get_one(Student, user.student_id)
    code = issue_activation(user, actor_id=None, email_index=recipient.email_index)
    notify_user(
        NoticeKind.PASSWORD,
        recipient,
        {
            "username": user.username,
            "code": code,
            "url": url_for("accounts.activate", _external=True),
        },
        expires_on=clock.today() + dt.timedelta(days=ACTIVATION_DAYS),
        settings=current_app.config["SETTINGS"],
    )
