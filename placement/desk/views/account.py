"""The account of a member of staff: their mail address, and which mails they want."""

import datetime as dt

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.forms import AddressForm
from placement.accounts.models import User
from placement.accounts.operations import TooManyAttemptsError, confirm_password
from placement.accounts.operations.addresses import (
    ask_to_confirm,
    confirm_address,
    remove_address,
    waiting_address,
)
from placement.db import db, system_scope, transaction, use_scope
from placement.desk.mails_form import MailsForm, mails_form
from placement.desk.views.blueprint import STAFF, bp
from placement.errors import PlacementError
from placement.notices.channels import is_offered
from placement.notices.models import Channel, NoticeKind
from placement.notices.operations.staff import choose_mails
from placement.notices.operations.telling import notify_user
from placement.notices.queries import mails_to
from placement.web import PlacementForm, paginate, refusal, say_done
from placement.web.masks import mask_email

OWN_ACCOUNT = "own account"


@bp.get("/account")
@requires(*STAFF)
def account() -> ResponseReturnValue:
    """Show one's own account."""
    return _page(AddressForm())


@bp.post("/account/address")
@requires(*STAFF)
def ask_address() -> ResponseReturnValue:
    """Mail a link to a new address, for who knows the password; the old one stays until then."""
    form = AddressForm()
    if not form.validate_on_submit() or not _knows_password(form):
        return _page(form), 422
    try:
        with use_scope(system_scope(OWN_ACCOUNT)), transaction():
            address = _mail_link(_own_user(), str(form.email.data))
    except PlacementError as error:
        form.email.errors = [refusal(error)]
        return _page(form), 422
    say_done(
        _(
            "We have written to %(address)s. Open the link in that mail within a day.",
            address=mask_email(address),
        )
    )
    return _back()


@bp.post("/account/mails")
@requires(*STAFF)
def choose_own_mails() -> ResponseReturnValue:
    """Set of what the viewer is told by mail."""
    form = mails_form(viewer())
    if not form.validate_on_submit():
        return _page(AddressForm(), mails=form), 422
    with transaction():
        choose_mails(
            viewer(),
            {NoticeKind(value) for value in form.kinds.data or ()},
            digest_hour=form.hour,
        )
    say_done(_("Saved."))
    return _back()


@bp.route("/account/address/confirm", methods=["GET", "POST"])
@requires(*STAFF)
def confirm_own_address() -> ResponseReturnValue:
    """Ask, then take the address over to which the link was mailed."""
    form = PlacementForm()
    status = 200
    if form.validate_on_submit():
        try:
            with use_scope(system_scope(OWN_ACCOUNT)), transaction():
                confirm_address(_own_user(), request.form.get("code", ""))
        except PlacementError as error:
            status, form.form_errors = 422, [refusal(error)]
        else:
            say_done(_("Your address is confirmed. You may also sign in with it."))
            return _back()
    code = request.values.get("code", "")
    return render_template("desk/address_confirm.html", form=form, code=code), status


@bp.post("/account/address/remove")
@requires(*STAFF)
def remove_own_address() -> ResponseReturnValue:
    """Write no more to the viewer."""
    with use_scope(system_scope(OWN_ACCOUNT)), transaction():
        remove_address(_own_user())
    say_done(_("Your address is taken away; nothing is mailed to you any more."))
    return _back()


def _page(form: AddressForm, *, mails: MailsForm | None = None) -> str:
    with use_scope(system_scope(OWN_ACCOUNT)):
        user = _own_user()
        waiting = waiting_address(user)
    return render_template(
        "desk/account.html",
        form=form,
        mails=mails or mails_form(viewer(), user),
        user=user,
        waiting=waiting,
        page=paginate(mails_to(viewer())),
        may_mail=is_offered(Channel.MAIL, current_app.config["SETTINGS"]),
    )


def _mail_link(user: User, text: str) -> str:
    address, code = ask_to_confirm(user, text)
    notify_user(
        NoticeKind.ADDRESS,
        user,
        {"url": url_for("desk.confirm_own_address", code=code, _external=True)},
        expires_on=clock.today() + dt.timedelta(days=1),
        settings=current_app.config["SETTINGS"],
        address=address,
    )
    return address


def _knows_password(form: AddressForm) -> bool:
    try:
        with use_scope(system_scope("confirm the password")), transaction():
            known = confirm_password(
                viewer().user_id, str(form.password.data), address=request.remote_addr or ""
            )
    except TooManyAttemptsError as error:
        form.password.errors = [refusal(error)]
        return False
    if known is None:
        form.password.errors = [_("This is not your password.")]
    return known is not None


def _own_user() -> User:
    return db.session.get_one(User, viewer().user_id)


def _back() -> ResponseReturnValue:
    return redirect(url_for("desk.account"))
