"""What exists in the demo only: the mailbox that its mails arrive in, for this machine alone."""

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from placement.accounts.access import public
from placement.demo.mailbox import Mailbox
from placement.web import PAGE_SIZE, Page

bp = Blueprint("demo", __name__, url_prefix="/demo")
_THIS_MACHINE = {"127.0.0.1", "::1"}


@bp.before_request
def refuse_other_machines() -> None:
    """Codes for passwords stand in these mails, so that nobody else on a network reads them."""
    if request.remote_addr not in _THIS_MACHINE:
        abort(404)


@bp.get("/mail")
@public
def list_mails() -> ResponseReturnValue:
    """Show the mails that the demo has sent, the newest first, or those to an address."""
    box, words = _mailbox(), request.args.get("q", "").strip()
    number = max(1, request.args.get("page", 1, type=int))
    if words:
        found = box.to(words)
        total = len(found)
        number = _within(number, total)
        shown = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    else:
        total = len(box)
        number = _within(number, total)
        shown = box.newest(skip=(number - 1) * PAGE_SIZE, size=PAGE_SIZE)
    page = Page(items=shown, number=number, size=PAGE_SIZE, total=total)
    return render_template("demo/mails.html", page=page, words=words)


@bp.get("/mail/<int:number>")
@public
def show_mail(number: int) -> ResponseReturnValue:
    """Show one mail: its text, and how it looked on the wire."""
    mail = _mailbox().read(number)
    if mail is None:
        abort(404)
    return render_template("demo/mail.html", mail=mail)


def _mailbox() -> Mailbox:
    return Mailbox(current_app.config["SETTINGS"].instance / "demo" / "mail")


def _within(number: int, total: int) -> int:
    return min(number, max(1, -(-total // PAGE_SIZE)))
