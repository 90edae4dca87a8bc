"""The list of fairs, one fair, signing up."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import db, transaction
from placement.fairs import operations, words
from placement.fairs.fitting import fitting_stands
from placement.fairs.models import Fair, FairState, SignUpState
from placement.fairs.queries import (
    attendance,
    coming_fairs,
    count_attendance,
    count_results,
    count_stands,
    counts_coming,
    notices_of,
    past_fairs,
    results_by_student,
    schedule_of,
    sign_up_of,
    stands_of,
)
from placement.fairs.views.blueprint import HELPERS, STAFF, bp, visible_fair
from placement.jobs import words as job_words
from placement.students.operations.reading import record_listing
from placement.web import paginate, safe_next, say_done

SHOWN: dict[str, dict[str, Any]] = {
    "coming": {"state": SignUpState.COMING},
    "waiting": {"state": SignUpState.WAITING},
    "withdrawn": {"state": SignUpState.WITHDRAWN},
    "came": {"came": True},
}
MOST_FITS = 6
"""So many fitting stands stand on the student's page of a fair; all are in the list of stands."""


def wanted_show() -> str:
    """Whom the URL asks for at a fair: one of `SHOWN`, those who come if it is no such word."""
    show = request.args.get("show", "")
    return show if show in SHOWN else "coming"


@bp.get("")
@requires(*STAFF)
def list_fairs() -> ResponseReturnValue:
    """Show the coming fairs, or those that are over."""
    current, today = viewer(), clock.today()
    over = request.args.get("show") == "over"
    page = paginate((past_fairs if over else coming_fairs)(current, today=today))
    return render_template(
        "fairs/list.html",
        page=page,
        over=over,
        coming=counts_coming(current, [fair.id for fair in page]),
        may_hold=current.role in {Role.UNIVERSITY, Role.PROVINCE},
    )


@bp.get("/<int:fair_id>")
@requires(*Role)
def show_fair(fair_id: int) -> ResponseReturnValue:
    """Show a fair: what it is, what happens when, and who comes of those the viewer sees."""
    fair = visible_fair(fair_id)
    common = {
        "fair": fair,
        "items": schedule_of(fair),
        "standing": fair.state_on(clock.today()),
        "at_door": fair.on <= clock.today() and fair.cancelled_at is None and not fair.is_draft,
        "words": words,
    }
    if viewer().role is Role.STUDENT:
        return _show_to_student(fair, common)
    return _show_to_staff(fair, common)


def _show_to_student(fair: Fair, common: dict[str, Any]) -> ResponseReturnValue:
    current, today = viewer(), clock.today()
    stands = stands_of(fair)
    ahead = common["standing"] is FairState.OPEN
    fits = fitting_stands(current.student_id or 0, stands, day=today) if ahead else []
    return render_template(
        "fairs/fair_for_student.html",
        answer=sign_up_of(fair.id, current.student_id or 0),
        stands=stands,
        fits=fits[:MOST_FITS],
        more_fits=len(fits) - MOST_FITS,
        results=results_by_student(current, fair, [current.student_id or 0]),
        ahead=ahead,
        job_words=job_words,
        **common,
    )


def _show_to_staff(fair: Fair, common: dict[str, Any]) -> ResponseReturnValue:
    current, show = viewer(), wanted_show()
    with transaction():
        page = paginate(attendance(current, fair, **SHOWN[show]), scalars=False)
        shown = [student.id for student, _answer in page]
        record_listing(shown, actor=current, page="fair")
    return render_template(
        "fairs/fair.html",
        page=page,
        notices=notices_of(fair) if current.role is not Role.COUNSELOR else [],
        show=show,
        counts=count_attendance(current, fair),
        stands=count_stands(fair),
        results=results_by_student(current, fair, shown),
        came_of_it=count_results(current, fair) if common["at_door"] else {},
        hosts=operations.is_host(fair, current) and fair.cancelled_at is None,
        may_announce=current.role is not Role.COUNSELOR,
        may_note=current.role in HELPERS,
        ahead=common["standing"] is FairState.OPEN,
        **common,
    )


@bp.post("/<int:fair_id>/sign-up")
@requires(Role.STUDENT)
def sign_up(fair_id: int) -> ResponseReturnValue:
    """Say that I come."""
    fair = visible_fair(fair_id)
    with transaction():
        answer = operations.sign_up(fair, student_id=viewer().student_id or 0, actor=viewer())
        waits = answer.state is SignUpState.WAITING
        title = fair.title
    undo = url_for("fairs.withdraw", fair_id=fair_id)
    if waits:
        say_done(_("All places are taken. You are in line and hear as soon as one is free."))
    else:
        say_done(_("You are signed up: %(title)s", title=title), undo=undo)
    return redirect(
        safe_next(request.form.get("next"), url_for("fairs.show_fair", fair_id=fair_id))
    )


@bp.post("/<int:fair_id>/withdraw")
@requires(Role.STUDENT)
def withdraw(fair_id: int) -> ResponseReturnValue:
    """Say that I do not come after all."""
    fair = visible_fair(fair_id)
    with transaction():
        operations.withdraw(
            fair,
            student_id=viewer().student_id or 0,
            actor=viewer(),
            settings=current_app.config["SETTINGS"],
        )
    db.session.expire_all()
    flash(_("You are not signed up any more."), "success")
    return redirect(
        safe_next(request.form.get("next"), url_for("fairs.show_fair", fair_id=fair_id))
    )
