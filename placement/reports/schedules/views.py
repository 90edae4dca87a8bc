"""The pages of the reports by mail: the own list, asking, changing, and the link in a mail."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import User
from placement.db import db, transaction
from placement.errors import PlacementError
from placement.notices.channels import is_offered
from placement.notices.models import Channel, NoticeKind
from placement.notices.operations.suppressing import opt_in
from placement.notices.queries import opted_out_channels
from placement.reports.models import ReportPage, Schedule, ScheduleState
from placement.reports.queries.reports import class_years
from placement.reports.schedules.forms import TimingForm, form_of
from placement.reports.schedules.operations import (
    add_schedule,
    change_timing,
    set_state,
    timing_of,
)
from placement.reports.schedules.queries import kept_schedules, last_states, visible_schedules
from placement.reports.schedules.words import STATES, report_words, timing_words
from placement.reports.views.addresses import question_of_page
from placement.reports.views.blueprint import STAFF
from placement.web import get_or_404, paginate, refusal, say_done

bp = Blueprint("schedules", __name__, url_prefix="/reports/schedules")
_KEPT = ("base", "basis", "scheme", "university", "show")
_LISTS = ("by", "where")


@bp.context_processor
def words() -> dict[str, Any]:
    """What every page here says of schedules."""
    return {
        "report_words": report_words,
        "timing_words": lambda schedule: timing_words(timing_of(schedule)),
        "schedule_states": STATES,
    }


@bp.get("")
@requires(*STAFF)
def list_schedules() -> ResponseReturnValue:
    """Show the viewer's reports by mail, each with its next and its last mail."""
    page = paginate(kept_schedules(viewer()))
    unwanted = opted_out_channels(None, NoticeKind.REPORT, user_id=viewer().user_id)
    user = db.session.get_one(User, viewer().user_id)
    return render_template(
        "reports/schedules/list.html",
        page=page,
        states=last_states(list(page)),
        stopped=Channel.MAIL in unwanted,
        has_address=user.has_confirmed_email,
        may_mail=is_offered(Channel.MAIL, current_app.config["SETTINGS"]),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(*STAFF)
def create_schedule() -> ResponseReturnValue:
    """Ask for the report of the page that the viewer came from, at times of theirs."""
    page = _page()
    address = _address()
    form = TimingForm(data={"rhythm": "weekly", "weekday": 1, "month_day": 1, "hour": 8})
    if form.validate_on_submit():
        try:
            with transaction():
                schedule = add_schedule(page, address, form.timing, actor=viewer())
        except PlacementError as error:
            form.form_errors = [refusal(error)]
        else:
            when = timing_words(form.timing)
            say_done(
                _("It will be mailed %(when)s.", when=when)
                if db.session.get_one(User, viewer().user_id).has_confirmed_email
                else _("It is kept, and mailed %(when)s once you have an address.", when=when),
                undo=url_for("schedules.delete_schedule", schedule_id=schedule.id),
            )
            return redirect(url_for("schedules.list_schedules"))
    shown = Schedule(page=page, address=address)
    return _form_page(form, shown), 422 if form.is_submitted() else 200


@bp.route("/<int:schedule_id>/edit", methods=["GET", "POST"])
@requires(*STAFF)
def edit_schedule(schedule_id: int) -> ResponseReturnValue:
    """Change when a report is mailed."""
    schedule = get_or_404(kept_schedules(viewer()), schedule_id)
    form = TimingForm() if request.method == "POST" else form_of(schedule)
    if form.validate_on_submit():
        try:
            with transaction():
                change_timing(schedule, form.timing, version=form.version.data or 0, actor=viewer())
        except PlacementError as error:
            form.form_errors = [refusal(error)]
        else:
            say_done(_("It will be mailed %(when)s.", when=timing_words(form.timing)))
            return redirect(url_for("schedules.list_schedules"))
    return _form_page(form, schedule), 422 if form.is_submitted() else 200


@bp.post("/<int:schedule_id>/pause")
@requires(*STAFF)
def pause_schedule(schedule_id: int) -> ResponseReturnValue:
    """Mail nothing until it is resumed."""
    return _steer(schedule_id, ScheduleState.PAUSED, _("Paused; nothing is mailed until then."))


@bp.post("/<int:schedule_id>/resume")
@requires(*STAFF)
def resume_schedule(schedule_id: int) -> ResponseReturnValue:
    """Mail again from the next time on, also what was deleted."""
    return _steer(schedule_id, ScheduleState.RUNNING, _("It is mailed again from the next time."))


@bp.post("/<int:schedule_id>/delete")
@requires(*STAFF)
def delete_schedule(schedule_id: int) -> ResponseReturnValue:
    """Delete a report by mail; the news offer to take that back."""
    return _steer(schedule_id, ScheduleState.ENDED, _("Deleted; nothing of it is mailed any more."))


@bp.post("/want-again")
@requires(*STAFF)
def want_again() -> ResponseReturnValue:
    """Take back that reports by mail were stopped by the link in one of them."""
    with transaction():
        opt_in(None, NoticeKind.REPORT, Channel.MAIL, user_id=viewer().user_id)
    say_done(_("Reports are mailed to you again."))
    return redirect(url_for("schedules.list_schedules"))


@bp.get("/<int:schedule_id>/<day>")
@requires(*STAFF)
def open_report(schedule_id: int, day: str) -> ResponseReturnValue:
    """Lead from a mail to its report, which shows what the viewer may see today."""
    schedule = get_or_404(visible_schedules(viewer()), schedule_id)
    try:
        as_of = dt.date.fromisoformat(day)
    except ValueError:
        abort(404)
    return redirect(
        url_for(f"reports.{schedule.page.value}", **schedule.address, as_of=as_of.isoformat())
    )


def _steer(schedule_id: int, state: ScheduleState, told: str) -> ResponseReturnValue:
    schedule = get_or_404(visible_schedules(viewer()), schedule_id)
    with transaction():
        set_state(schedule, state, actor=viewer())
    running = state is ScheduleState.RUNNING
    back = "schedules.pause_schedule" if running else "schedules.resume_schedule"
    say_done(told, undo=url_for(back, schedule_id=schedule.id))
    return redirect(url_for("schedules.list_schedules"))


def _page() -> ReportPage:
    name = request.args.get("report", "")
    return ReportPage(name) if name in set(ReportPage) else ReportPage.RATES


def _address() -> Mapping[str, Any]:
    """The words of the address that say which report it is; the day comes with each mail."""
    years = class_years()
    question = question_of_page(viewer(), years)
    kept: dict[str, Any] = {"year": str(question.class_year)}
    kept |= {name: request.args[name] for name in _KEPT if request.args.get(name)}
    kept |= {name: request.args.getlist(name) for name in _LISTS if request.args.getlist(name)}
    return kept


def _form_page(form: TimingForm, schedule: Schedule) -> str:
    return render_template(
        "reports/schedules/form.html", form=form, schedule=schedule, today=clock.today()
    )
