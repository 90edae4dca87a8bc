"""A student's messages."""

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import transaction
from placement.notices.models import Delivery
from placement.notices.operations.reading import mark_read
from placement.notices.queries import inbox_of
from placement.notices.rendering import Rendered, render
from placement.notices.views.blueprint import bp
from placement.web import get_or_404, paginate


@bp.get("/inbox")
@requires(Role.STUDENT)
def inbox() -> ResponseReturnValue:
    """Show the messages of a student, the newest first."""
    page = paginate(inbox_of(viewer()))
    subjects = {delivery.id: _rendered(delivery).subject for delivery in page}
    return render_template("notices/inbox.html", page=page, subjects=subjects)


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


def _rendered(delivery: Delivery) -> Rendered:
    """The text of a message in the language of the page."""
    notice = delivery.notice
    base = current_app.config["SETTINGS"].base_url.rstrip("/")
    # What is for one alone is named behind the link, and is kept with the mail, not here.
    blank = {"unsubscribe_url": None, "items": None, "items_html": None}
    values = {**blank, **notice.values, "name": viewer().display_name}
    if "path" in values:
        values["url"] = base + values["path"]
    return render(notice.kind, str(get_locale()), values)
