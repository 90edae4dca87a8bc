"""Codes for staff by mail, to the address that an administrator wrote down or they confirmed."""

import datetime as dt

from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role, User
from placement.accounts.operations.addresses import index_of
from placement.accounts.operations.users import ACTIVATION_DAYS, issue_activation
from placement.accounts.queries import visible_users
from placement.db import system_scope, transaction, use_scope
from placement.desk.views.blueprint import bp
from placement.notices.models import NoticeKind
from placement.notices.operations.telling import NoMailAddressError, notify_user
from placement.web import get_or_404, say_done
from placement.web.masks import mask_email


@bp.post("/accounts/<int:user_id>/mail-code")
@requires(Role.UNIVERSITY, Role.PROVINCE)
def mail_code(user_id: int) -> ResponseReturnValue:
    """Mail a fresh activation code to a member of staff; using it confirms the address."""
    user = get_or_404(visible_users(viewer()), user_id)
    address = user.email
    if address is None or user.disabled_at is not None:
        raise NoMailAddressError(
            "There is no mail address for this person.", remedy="Enter one, or hand over a code."
        )
    with use_scope(system_scope("staff accounts")), transaction():
        _mail(user, address)
    say_done(_("A code is on its way to %(address)s.", address=mask_email(address)))
    return redirect(url_for("desk.settings"))


def _mail(user: User, address: str) -> None:
    code = issue_activation(user, actor_id=viewer().user_id, email_index=index_of(address))
    notify_user(
        NoticeKind.ACTIVATION,
        user,
        {
            "username": user.username,
            "code": code,
            "url": url_for("accounts.activate", _external=True),
        },
        expires_on=clock.today() + dt.timedelta(days=ACTIVATION_DAYS),
        settings=current_app.config["SETTINGS"],
        actor=viewer(),
        address=address,
    )
