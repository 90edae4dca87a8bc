"""Contacts, the next step, closing and reopening."""

import datetime as dt

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import SelectChoice

from placement import clock
from placement.accounts.access import requires, viewer
from placement.cases import operations
from placement.cases.acts import case_url, perform
from placement.cases.forms import FollowUpForm, NextStepForm, QuickForm, ReopenForm
from placement.cases.models import FollowUp, FollowUpResult
from placement.cases.queries import follow_up_of
from placement.cases.views.blueprint import HELPERS, bp, visible_case
from placement.db import transaction
from placement.reference import contact_results
from placement.reference.tables import Entry
from placement.web import safe_next
from placement.web.filters import near_words

NEXT_CONTACT = dt.timedelta(days=14)
_OTHERS = {"version", "next_step"}


@bp.route("/<int:case_id>/follow-ups/new", methods=["GET", "POST"])
@requires(*HELPERS)
def create_follow_up(case_id: int) -> ResponseReturnValue:
    """Record a contact; the news offer to take it back."""
    case = visible_case(case_id)
    today = clock.today()
    form = FollowUpForm(
        data={
            "version": case.version,
            "contacted_on": today,
            "next_contact_on": today + NEXT_CONTACT,
        }
    )

    def act() -> FollowUp:
        return operations.record_follow_up(
            case,
            counselor=viewer(),
            version=form.shown_version,
            submission_id=form.submission,
            **{name: value for name, value in form.entered.items() if name not in _OTHERS},
        )

    return perform(
        case,
        form,
        heading=_("Record follow-up"),
        act=act,
        said=_("Follow-up recorded."),
        undo=_take_back,
        swap="today-list" if _from_today() else "",
        stored=lambda: {"next_contact_on": case.next_contact_on, "version": case.version},
    )


@bp.route("/<int:case_id>/quick", methods=["GET", "POST"])
@requires(*HELPERS)
def note_quickly(case_id: int) -> ResponseReturnValue:
    """Record a contact by its way and one of the common results; opens in place."""
    case, today, locale = visible_case(case_id), clock.today(), str(get_locale())
    form = QuickForm(data={"version": case.version})
    form.came_of_it.choices = [
        SelectChoice(entry.code, _with_next_day(entry, today, locale))
        for entry in contact_results.on(today)
    ]

    def act() -> FollowUp:
        code = form.came_of_it.data
        follow_up = operations.record_follow_up(
            case,
            counselor=viewer(),
            version=form.shown_version,
            submission_id=form.submission,
            contacted_on=today,
            method=form.method.data,
            result=FollowUpResult(contact_results.result(code)),
            summary=form.summary.data or contact_results.entry(code).label(locale),
            next_contact_on=form.next_contact_on.data or contact_results.next_day(code, today),
        )
        if not case.next_step and not form.promised:
            proposed = contact_results.step(code, locale)
            operations.promise_next_step(case, actor=viewer(), text=proposed)
        return follow_up

    return perform(
        case,
        form,
        heading=_("Quick follow-up"),
        act=act,
        said=_("%(name)s: follow-up recorded.", name=case.student.name),
        undo=_take_back,
        swap="today-list" if _from_today() else "",
        stored=lambda: {"next_contact_on": case.next_contact_on, "version": case.version},
        template="cases/quick_form.html",
    )


@bp.post("/<int:case_id>/follow-ups/<int:follow_up_id>/undo")
@requires(*HELPERS)
def undo_follow_up(case_id: int, follow_up_id: int) -> ResponseReturnValue:
    """Take back a contact noted by mistake."""
    case = visible_case(case_id)
    follow_up = follow_up_of(case, follow_up_id)
    with transaction():
        operations.undo_follow_up(follow_up, case=case, actor=viewer())
    flash(_("The follow-up was taken back."), "success")
    return redirect(safe_next(request.values.get("next"), case_url(case_id)))


def _take_back(follow_up: FollowUp) -> str:
    # Leads back to where it was noted: the list of today goes on in place.
    return url_for(
        "cases.undo_follow_up",
        case_id=follow_up.case_id,
        follow_up_id=follow_up.id,
        next=request.values.get("next"),
    )


def _from_today() -> bool:
    return request.values.get("next", "").partition("?")[0] == url_for("desk.today")


@bp.route("/<int:case_id>/next-step", methods=["GET", "POST"])
@requires(*HELPERS)
def set_next_step(case_id: int) -> ResponseReturnValue:
    """Say what happens next."""
    case = visible_case(case_id)
    form = NextStepForm(obj=case)
    return perform(
        case,
        form,
        heading=_("Next step"),
        act=lambda: operations.set_next_step(
            case,
            actor=viewer(),
            next_step=str(form.next_step.data),
            next_contact_on=form.next_contact_on.data,
            version=form.shown_version,
        ),
        said=_("The next step is set."),
        stored=lambda: {
            "next_step": case.next_step,
            "next_contact_on": case.next_contact_on,
            "version": case.version,
        },
    )


@bp.route("/<int:case_id>/reopen", methods=["GET", "POST"])
@requires(*HELPERS)
def reopen_case(case_id: int) -> ResponseReturnValue:
    """Open a closed case again, with what happens next; taking a closing back asks less."""
    case, today = visible_case(case_id), clock.today()
    if case.closed_on is None:
        return redirect(case_url(case_id))
    if request.method == "POST" and "next_step" not in request.form:
        with transaction():
            operations.reopen_case(
                case, actor_id=viewer().user_id, today=today, version=case.version
            )
        flash(_("The case is open again."), "success")
        return redirect(case_url(case_id))
    form = ReopenForm(
        data={"next_step": case.next_step, "next_contact_on": today, "version": case.version}
    )

    def act() -> None:
        operations.reopen_case(
            case, actor_id=viewer().user_id, today=today, version=form.shown_version
        )
        operations.set_next_step(
            case,
            actor=viewer(),
            next_step=str(form.next_step.data),
            next_contact_on=form.next_contact_on.data or today,
            version=case.version,
        )

    return perform(
        case,
        form,
        heading=_("Open the case again"),
        act=act,
        said=_("The case is open again."),
    )


def _with_next_day(entry: Entry, today: dt.date, locale: str) -> Markup:
    """A common result with the day of the next contact that it proposes."""
    next_day = contact_results.next_day(entry.code, today)
    words = near_words(next_day, today=today) or next_day.isoformat()
    return Markup('{} <span class="small quiet">{}</span>').format(entry.label(locale), words)
