"""A student's messages."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import transaction
from placement.notices.channels import is_offered
from placement.notices.forms import PreferencesForm
from placement.notices.models import Channel, Delivery, NoticeKind
from placement.notices.operations.reading import choose_channels, mark_read
from placement.notices.queries import inbox_of, opted_out_channels
from placement.notices.rendering import Rendered, render
from placement.notices.views.blueprint import bp
from placement.web import get_or_404, paginate


@bp.get("/inbox")
@requires(Role.STUDENT)
def inbox() -> ResponseReturnValue:
    """Show the messages of a student, the newest first, and by which ways they come."""
    unwanted = opted_out_channels(viewer().student_id or 0, NoticeKind.FAIR)
    form = PreferencesForm(channels=[way.value for way in _ways() if way not in unwanted])
    return _inbox_page(form)


@bp.get("/inbox/<int:delivery_id>")
@requires(Role.STUDENT)
def show_message(delivery_id: int) -> ResponseReturnValue:
    """Show one message; that it was opened is noted by `open_message`, not by looking."""
    delivery = get_or_404(inbox_of(viewer()), delivery_id)
    return render_template(
        "notices/message.html",
        delivery=delivery,
        message=_rendered(delivery),
        path=delivery.notice.values.get("path"),
    )


@bp.post("/inbox/<int:delivery_id>/open")
@requires(Role.STUDENT)
def open_message(delivery_id: int) -> ResponseReturnValue:
    """Note that a message was opened, and show it."""
    delivery = get_or_404(inbox_of(viewer()), delivery_id)
    with transaction():
        mark_read(delivery)
    return redirect(url_for("notices.show_message", delivery_id=delivery_id))


@bp.post("/inbox/preferences")
@requires(Role.STUDENT)
def choose_ways() -> ResponseReturnValue:
    """Set by which ways a student hears of job fairs."""
    form = PreferencesForm()
    if not form.validate_on_submit():
        return _inbox_page(form), 422
    wanted = {Channel(value) for value in form.channels.data or ()}
    with transaction():
        choose_channels(viewer(), wanted, offered=_ways())
    flash(_("Saved. Messages are always here in your inbox, whatever you choose."), "success")
    return redirect(url_for("notices.inbox"))


def _ways() -> list[Channel]:
    """The channels beside the inbox that this installation has."""
    settings = current_app.config["SETTINGS"]
    return [way for way in (Channel.MAIL, Channel.SMS) if is_offered(way, settings)]


def _inbox_page(form: PreferencesForm) -> str:
    page = paginate(inbox_of(viewer()))
    subjects = {delivery.id: _rendered(delivery).subject for delivery in page}
    offered = {way.value for way in _ways()}
    form.channels.choices = [c for c in form.channels.choices if c.value in offered]
    return render_template("notices/inbox.html", page=page, subjects=subjects, form=form)


def _rendered(delivery: Delivery) -> Rendered:
    """The text of a message in the language of the page."""
    notice = delivery.notice
    base = current_app.config["SETTINGS"].base_url.rstrip("/")
    values = {"unsubscribe_url": None, **notice.values, "name": viewer().display_name}
    if "path" in values:
        values["url"] = base + values["path"]
    return render(notice.kind, str(get_locale()), values)
