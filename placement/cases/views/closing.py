"""Closing: asked for by one, decided by another."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.cases import operations
from placement.cases.acts import case_url, perform
from placement.cases.forms import CloseForm, RefusalForm
from placement.cases.models import Closing
from placement.cases.queries import open_closing_of, visible_closings
from placement.cases.views.blueprint import HELPERS, bp, visible_case
from placement.cases.words import word
from placement.db import transaction
from placement.errors import InvalidValueError, PlacementError
from placement.students.operations.reading import record_listing
from placement.web import paginate, refusal, safe_next, say_done


@bp.route("/<int:case_id>/close", methods=["GET", "POST"])
@requires(*HELPERS)
def close_case(case_id: int) -> ResponseReturnValue:
    """Ask that the case be closed, with a reason."""
    case = visible_case(case_id)
    form = CloseForm(data={"version": case.version, "closed_on": clock.today()})
    return perform(
        case,
        form,
        heading=_("Ask to close the case"),
        act=lambda: operations.ask_to_close(
            case,
            actor=viewer(),
            reason=form.reason.data,
            closed_on=form.closed_on.data,
            note=form.note.data or "",
            version=form.shown_version,
        ),
        said=_("Asked for. The case stays open until somebody else approves."),
        stored=lambda: {"version": case.version},
    )


@bp.get("/closings")
@requires(Role.UNIVERSITY)
def list_closings() -> ResponseReturnValue:
    """Show the cases that somebody asked to close."""
    with transaction():
        page = paginate(visible_closings(viewer()))
        record_listing([c.student_id for c in page], actor=viewer(), page="closings")
    return render_template("cases/closings.html", page=page, word=word)


@bp.post("/<int:case_id>/close/approve")
@requires(Role.UNIVERSITY)
def approve_closing(case_id: int) -> ResponseReturnValue:
    """Close the case as it was asked for."""
    case = visible_case(case_id)
    try:
        with transaction():
            operations.approve_closing(_asked(case_id), case=case, actor=viewer())
    except PlacementError as error:
        flash(refusal(error), "error")
    else:
        said = _("The case of %(name)s is closed.", name=case.student.name)
        say_done(said, undo=url_for("cases.reopen_case", case_id=case_id))
    return redirect(safe_next(request.form.get("next"), case_url(case_id)))


@bp.route("/<int:case_id>/close/refuse", methods=["GET", "POST"])
@requires(Role.UNIVERSITY)
def refuse_closing(case_id: int) -> ResponseReturnValue:
    """Leave the case open and say what is still to be done."""
    closing = _asked(case_id)
    form = RefusalForm()
    return perform(
        visible_case(case_id),
        form,
        heading=_("Leave the case open"),
        act=lambda: operations.refuse_closing(
            closing, actor=viewer(), answer=str(form.answer.data)
        ),
        said=_("The case stays open."),
    )


@bp.post("/<int:case_id>/close/withdraw")
@requires(*HELPERS)
def withdraw_closing(case_id: int) -> ResponseReturnValue:
    """Take the request back."""
    closing = _asked(case_id)
    with transaction():
        operations.withdraw_closing(closing, actor=viewer())
    say_done(_("The request to close is withdrawn."))
    return redirect(case_url(case_id))


def _asked(case_id: int) -> Closing:
    closing = open_closing_of(visible_case(case_id))
    if closing is None:
        raise InvalidValueError("Nobody has asked to close this case.")
    return closing
