"""A notice on its way: the list, the bar of states that moves, and the acts on it."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import transaction
from placement.errors import NotVisibleError
from placement.notices.forms import ResolveForm
from placement.notices.models import Channel, Notice, NoticeState
from placement.notices.operations.steering import (
    Resolution,
    cancel_notice,
    pause_notice,
    resolve_doubt,
    restart_channel,
    resume_notice,
    retry_failed,
)
from placement.notices.queries import (
    count_states,
    progress_of,
    troubled_channels,
    visible_notices,
)
from placement.notices.views.blueprint import SENDERS, bp
from placement.notices.words import STATES
from placement.web import get_or_404, paginate


@bp.get("/notices")
@requires(*SENDERS)
def list_notices() -> ResponseReturnValue:
    """Show the notices of the viewer's house, the newest first."""
    page = paginate(visible_notices(viewer()))
    counts = count_states([notice.id for notice in page])
    return render_template("notices/list.html", page=page, counts=counts)


@bp.get("/notices/<int:notice_id>")
@requires(*SENDERS)
def show_notice(notice_id: int) -> ResponseReturnValue:
    """Show how a notice goes; the moving part is asked for again while it moves."""
    notice = _notice(notice_id)
    return render_template("notices/running.html", **_progress(notice), form=ResolveForm())


@bp.post("/notices/<int:notice_id>/pause")
@requires(*SENDERS)
def pause(notice_id: int) -> ResponseReturnValue:
    """Hold back what has not gone out."""
    with transaction():
        pause_notice(_notice(notice_id), actor=viewer())
    flash(_("The notice is paused; nothing more goes out."), "success")
    return redirect(url_for("notices.show_notice", notice_id=notice_id))


@bp.post("/notices/<int:notice_id>/resume")
@requires(*SENDERS)
def resume(notice_id: int) -> ResponseReturnValue:
    """Go on with a paused notice."""
    with transaction():
        resume_notice(_notice(notice_id), actor=viewer(), settings=current_app.config["SETTINGS"])
    flash(_("The notice goes on."), "success")
    return redirect(url_for("notices.show_notice", notice_id=notice_id))


@bp.get("/notices/<int:notice_id>/cancel")
@requires(*SENDERS)
def confirm_cancel(notice_id: int) -> ResponseReturnValue:
    """Ask before a notice is cancelled."""
    notice = _notice(notice_id)
    counts = count_states([notice.id])[notice.id]
    return render_template("notices/cancel.html", notice=notice, counts=counts)


@bp.post("/notices/<int:notice_id>/cancel")
@requires(*SENDERS)
def cancel(notice_id: int) -> ResponseReturnValue:
    """Send nothing more of a notice, ever."""
    with transaction():
        cancel_notice(_notice(notice_id), actor=viewer())
    flash(_("The notice is cancelled; what has gone out stays out."), "success")
    return redirect(url_for("notices.show_notice", notice_id=notice_id))


@bp.post("/notices/<int:notice_id>/resolve")
@requires(*SENDERS)
def resolve(notice_id: int) -> ResponseReturnValue:
    """Decide about the messages in doubt."""
    notice = _notice(notice_id)
    form = ResolveForm()
    if not form.validate_on_submit():
        return render_template("notices/running.html", **_progress(notice), form=form), 422
    with transaction():
        changed = resolve_doubt(
            notice,
            Resolution(form.resolution.data),
            actor=viewer(),
            settings=current_app.config["SETTINGS"],
        )
    flash(
        ngettext("%(num)d message decided.", "%(num)d messages decided.", changed),
        "success",
    )
    return redirect(url_for("notices.show_notice", notice_id=notice_id))


@bp.post("/notices/<int:notice_id>/retry")
@requires(*SENDERS)
def retry(notice_id: int) -> ResponseReturnValue:
    """Try again what was refused."""
    with transaction():
        changed = retry_failed(
            _notice(notice_id), actor=viewer(), settings=current_app.config["SETTINGS"]
        )
    flash(
        ngettext("%(num)d message is tried again.", "%(num)d messages are tried again.", changed),
        "success",
    )
    return redirect(url_for("notices.show_notice", notice_id=notice_id))


@bp.post("/notices/channels/<channel>/restart")
@requires(Role.PROVINCE)
def restart(channel: str) -> ResponseReturnValue:
    """Try a channel again that stopped until a person acts."""
    if channel not in {Channel.MAIL, Channel.SMS}:
        raise NotVisibleError("There is no such channel.")
    with transaction():
        restart_channel(Channel(channel), actor=viewer(), settings=current_app.config["SETTINGS"])
    flash(_("The channel is tried again."), "success")
    return redirect(url_for("notices.list_notices"))


def _notice(notice_id: int) -> Notice:
    return get_or_404(visible_notices(viewer()), notice_id)


def _progress(notice: Notice) -> dict[str, object]:
    progress = progress_of(notice)
    return {
        "notice": notice,
        "counts": progress.counts,
        "reasons": progress.reasons,
        "moving": progress.moving and notice.state is not NoticeState.CANCELLED,
        "next_due": progress.next_due,
        "per_minute": progress.per_minute,
        "troubles": [c for c in troubled_channels() if c.channel in progress.counts],
        "states": STATES,
    }
