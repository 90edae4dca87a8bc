"""The reminder of those who have not answered, on the page of a notice of a fair."""

import datetime as dt
from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.db import db, transaction
from placement.errors import InvalidValueError
from placement.fairs.forms import ReminderForm
from placement.fairs.models import Fair
from placement.fairs.operations.reminding import reminder_moment, set_reminder
from placement.fairs.views.blueprint import HOSTS, bp
from placement.notices.models import Notice, NoticeKind, NoticeState
from placement.notices.queries import visible_notices
from placement.web import get_or_404, say_done
from placement.web.filters import moment as shown_moment


@dataclass(frozen=True, slots=True)
class Reminder:
    """How it stands with the reminder: due when, done when, the form while it can be set."""

    due_at: dt.datetime | None
    done_at: dt.datetime | None
    form: ReminderForm | None


@bp.app_template_global("reminder_of")
def reminder_of(notice: Notice) -> Reminder | None:
    """Give what the page of a notice says of its reminder; none where it can have none."""
    if notice.kind is not NoticeKind.FAIR or notice.subject_id is None:
        return None
    fair = db.session.get(Fair, notice.subject_id)
    if fair is None:
        return None
    open_to_change = (
        notice.reminded_at is None
        and notice.state is not NoticeState.CANCELLED
        and fair.cancelled_at is None
        and fair.on >= clock.today()
    )
    form = ReminderForm(formdata=None, after_days=notice.remind_after_days)
    return Reminder(reminder_moment(notice), notice.reminded_at, form if open_to_change else None)


@bp.post("/notices/<int:notice_id>/reminder")
@requires(*HOSTS)
def set_notice_reminder(notice_id: int) -> ResponseReturnValue:
    """Set after how many days those without an answer are reminded; empty: not at all."""
    notice = get_or_404(visible_notices(viewer()), notice_id)
    before = notice.remind_after_days
    # The undoing of a change names the days before it in its address.
    form = ReminderForm(request.args) if "after_days" in request.args else ReminderForm()
    if not form.validate_on_submit():
        raise InvalidValueError(
            "A reminder comes after 1 to 30 days.", remedy="Choose another number of days."
        )
    with transaction():
        set_reminder(notice, after_days=form.after_days.data, actor=viewer())
    due = reminder_moment(notice)
    said = (
        _("Those who have not answered are reminded at %(moment)s.", moment=shown_moment(due))
        if due
        else _("Nobody is reminded.")
    )
    undo = url_for("fairs.set_notice_reminder", notice_id=notice.id, after_days=before or "")
    say_done(said, undo="" if "after_days" in request.args else undo)
    return redirect(url_for("notices.show_notice", notice_id=notice.id))
