"""One click in a mail, and no more of its kind: without sign-in, by the signed link alone.

Looking at the link changes nothing, because mail scanners follow links; the POST acts. It needs
no token against forgery: whoever has the link may do this one thing, and mail programs that do
it for the recipient (RFC 8058) have no other.
"""

from flask import abort, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from placement.accounts.access import public
from placement.db import system_scope, transaction, use_scope
from placement.notices.models import ACCOUNT_KINDS, Delivery
from placement.notices.operations.suppressing import opt_in, opt_out
from placement.notices.queries import delivery_by_uid, opted_out_channels
from placement.notices.topics import kinds_with
from placement.notices.unsubscribe import read_token
from placement.notices.views.blueprint import bp


@bp.get("/notices/unsubscribe/<token>")
@public
def ask_to_unsubscribe(token: str) -> ResponseReturnValue:
    """Show what the link is for, and the button that does it."""
    with use_scope(system_scope("unsubscribe by a signed link")):
        delivery = _delivery(token)
        return _page(delivery, token)


@bp.post("/notices/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """Send this recipient no more of the kind by this channel, or again (`again=1`)."""
    with use_scope(system_scope("unsubscribe by a signed link")):
        delivery = _delivery(token)
        change = opt_in if request.form.get("again") else opt_out
        with transaction():
            for kind in kinds_with(delivery.notice.kind):
                change(delivery.student_id, kind, delivery.channel, user_id=delivery.user_id)
        return _page(delivery, token)


def _delivery(token: str) -> Delivery:
    uid = read_token(token)
    delivery = None if uid is None else delivery_by_uid(uid)
    if delivery is None or delivery.notice.kind in ACCOUNT_KINDS:
        abort(404)
    return delivery


def _page(delivery: Delivery, token: str) -> str:
    kind = kinds_with(delivery.notice.kind)[0]
    unwanted = opted_out_channels(delivery.student_id, kind, user_id=delivery.user_id)
    return render_template(
        "notices/unsubscribe.html",
        token=token,
        kind=delivery.notice.kind,
        stopped=delivery.channel in unwanted,
    )


def _let_mail_programs_act(state: BlueprintSetupState) -> None:
    state.app.extensions["csrf"].exempt(unsubscribe)


bp.record_once(_let_mail_programs_act)
