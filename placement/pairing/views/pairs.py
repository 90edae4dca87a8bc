"""Pairing a student with a helper, changing and ending it, and the helper's link."""

import datetime as dt

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import User
from placement.cases.acts import perform
from placement.cases.views.blueprint import visible_case
from placement.db import db, transaction
from placement.errors import PlacementError
from placement.notices.models import NoticeKind
from placement.notices.operations.telling import notify_user
from placement.pairing import operations
from placement.pairing.forms import EndForm, HelperEditForm, HelperForm
from placement.pairing.models import Pairing
from placement.pairing.operations.linking import LINK_DAYS
from placement.pairing.queries import (
    helpings_of,
    links_of,
    opened_word,
    running_pairings,
    state_of,
    students_by_helper,
)
from placement.pairing.views.blueprint import HELPERS, bp, helpers_url, visible_pairing
from placement.pairing.words import helper_word, state_word
from placement.students.operations.reading import record_listing, record_reading
from placement.web import paginate, refusal, say_done

HALF_A_YEAR = dt.timedelta(days=183)
_FIELDS = ("kind", "organisation", "email", "phone", "plan", "starts_on", "ends_on", "version")


@bp.get("/cases/<int:case_id>/helpers")
@requires(*HELPERS)
def list_helpers(case_id: int) -> ResponseReturnValue:
    """Show who helps a student, what they wrote, and their links."""
    case = visible_case(case_id)
    with transaction():
        record_reading(case.student, actor=viewer(), page="helpers")
    return render_template(
        "pairing/helpers.html",
        case=case,
        helpings=helpings_of(case.student_id),
        links=links_of(case.student_id),
        students_of_mine=students_by_helper(case.student_id, viewer(), today=clock.today()),
        today=clock.today(),
        now=clock.now(),
        helper_word=helper_word,
        state_word=state_word,
        opened_word=opened_word,
    )


@bp.get("/helpers")
@requires(*HELPERS)
def list_pairings() -> ResponseReturnValue:
    """Show who helps my students, those longest without a word first."""
    today = clock.today()
    with transaction():
        page = paginate(running_pairings(viewer(), today=today), scalars=False)
        record_listing([row[0].student_id for row in page], actor=viewer(), page="helpers")
    return render_template(
        "pairing/list.html",
        page=page,
        today=today,
        helper_word=helper_word,
        state_of=state_of,
        state_word=state_word,
    )


@bp.route("/cases/<int:case_id>/helpers/new", methods=["GET", "POST"])
@requires(*HELPERS)
def create_pairing(case_id: int) -> ResponseReturnValue:
    """Pair a student with somebody who helps."""
    case, today = visible_case(case_id), clock.today()
    form = HelperForm(data={"starts_on": today, "ends_on": today + HALF_A_YEAR})
    return perform(
        case,
        form,
        heading=_("Pair with a helper"),
        act=lambda: operations.pair_student(case, actor=viewer(), helper=form.helper),
        said=_("Paired. A link that the helper has shows this student too; else make one now."),
        back=url_for("pairing.list_helpers", case_id=case_id),
    )


@bp.route("/helpers/<int:pairing_id>/edit", methods=["GET", "POST"])
@requires(*HELPERS)
def edit_pairing(pairing_id: int) -> ResponseReturnValue:
    """Correct who helps, what they do or until when."""
    pairing = visible_pairing(pairing_id)

    def stored() -> dict[str, object]:
        return {name: getattr(pairing, name) for name in _FIELDS} | {"name": pairing.helper}

    form = HelperEditForm(data=stored())
    return perform(
        pairing.case,
        form,
        heading=_("Helper: %(name)s", name=pairing.helper),
        act=lambda: operations.change_pairing(
            pairing, actor=viewer(), helper=form.helper, version=form.shown_version
        ),
        said=_("The helper is changed."),
        stored=stored,
        back=helpers_url(pairing),
    )


@bp.route("/helpers/<int:pairing_id>/end", methods=["GET", "POST"])
@requires(*HELPERS)
def end_pairing(pairing_id: int) -> ResponseReturnValue:
    """End paired help."""
    pairing = visible_pairing(pairing_id)
    form = EndForm(data={"version": pairing.version})
    return perform(
        pairing.case,
        form,
        heading=_("End the help of %(name)s", name=pairing.helper),
        act=lambda: operations.end_pairing(
            pairing, actor=viewer(), reason=str(form.reason.data), version=form.shown_version
        ),
        said=_("The paired help has ended; the link opens nothing any more."),
        undo=lambda _done: url_for("pairing.take_end_back", pairing_id=pairing_id),
        stored=lambda: {"version": pairing.version},
        back=helpers_url(pairing),
    )


@bp.post("/helpers/<int:pairing_id>/end/undo")
@requires(*HELPERS)
def take_end_back(pairing_id: int) -> ResponseReturnValue:
    """Take the end back."""
    pairing = visible_pairing(pairing_id)
    with transaction():
        operations.take_end_back(pairing, actor=viewer())
    say_done(_("The paired help goes on. The helper needs a new link."))
    return redirect(helpers_url(pairing))


@bp.post("/helpers/<int:pairing_id>/link")
@requires(*HELPERS)
def make_link(pairing_id: int) -> ResponseReturnValue:
    """Make a link and show it once, or send it to the helper."""
    pairing = visible_pairing(pairing_id)
    mailed = "mail" in request.form
    try:
        with transaction():
            if mailed:
                mail_new_link(pairing)
            else:
                url = _address_of(operations.new_link(pairing, actor=viewer()))
    except PlacementError as error:
        flash(refusal(error), "error")
        return redirect(helpers_url(pairing))
    if mailed:
        say_done(_("The link is on its way to the helper."))
        return redirect(helpers_url(pairing))
    return render_template(
        "pairing/link.html", pairing=pairing, url=url, days=LINK_DAYS, back=helpers_url(pairing)
    )


@bp.post("/helpers/<int:pairing_id>/link/withdraw")
@requires(*HELPERS)
def withdraw_link(pairing_id: int) -> ResponseReturnValue:
    """Let the helper's link open this student no more."""
    pairing = visible_pairing(pairing_id)
    with transaction():
        operations.withdraw_link(pairing, actor=viewer())
    say_done(_("The link opens nothing of this student any more."))
    return redirect(helpers_url(pairing))


def _address_of(token: str) -> str:
    base: str = current_app.config["SETTINGS"].base_url
    return base.rstrip("/") + url_for("pairing.open_link", token=token)


def mail_new_link(pairing: Pairing) -> None:
    """Make a link to all whom a helper stands by and mail it, within the transaction under way."""
    url = _address_of(operations.new_link(pairing, actor=viewer(), mailed=True))
    sender = db.session.get_one(User, viewer().user_id)
    notify_user(
        NoticeKind.HELPER,
        sender,
        {"helper": pairing.helper, "counselor": sender.display_name, "url": url},
        expires_on=clock.today() + dt.timedelta(days=LINK_DAYS),
        settings=current_app.config["SETTINGS"],
        actor=viewer(),
        address=pairing.email,
    )
