"""The stands of a fair: the list for everybody, and the acts of who holds it."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import SelectChoice

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import db, transaction
from placement.errors import NotVisibleError, PlacementError
from placement.fairs import operations
from placement.fairs.exports import stands_csv
from placement.fairs.fitting import fitting_stands
from placement.fairs.forms import PastedStandsForm, StandForm
from placement.fairs.models import Fair, Stand
from placement.fairs.operations import StandPlan
from placement.fairs.queries import (
    employers_named,
    live_postings_of,
    schedule_of,
    stands_of,
)
from placement.fairs.views.blueprint import HOSTS, bp, visible_fair
from placement.jobs import words as job_words
from placement.jobs.models import Employer, Posting
from placement.web import say_done


@bp.get("/<int:fair_id>/stands")
@requires(*Role)
def list_stands(fair_id: int) -> ResponseReturnValue:
    """Show the stands with what they offer, ready to be printed; for a student, those that fit."""
    fair, current = visible_fair(fair_id), viewer()
    stands = stands_of(fair)
    fits = fitting_stands(current.student_id or 0, stands, day=clock.today())
    return render_template(
        "fairs/stands.html",
        fair=fair,
        stands=stands,
        fits={fit.stand.id: fit for fit in fits},
        items=schedule_of(fair),
        hosts=operations.is_host(fair, current) and fair.cancelled_at is None,
        printed_at=clock.now(),
        words=job_words,
    )


@bp.get("/<int:fair_id>/stands.csv")
@requires(*Role)
def export_stands(fair_id: int) -> ResponseReturnValue:
    """Give the stands as a file."""
    fair = visible_fair(fair_id)
    name = f"fair-{fair.id}-stands.csv"
    return Response(
        b"".join(stands_csv(stands_of(fair))),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


@bp.route("/<int:fair_id>/stands/new", methods=["GET", "POST"])
@requires(*HOSTS)
def create_stand(fair_id: int) -> ResponseReturnValue:
    """Find an employer or name a new one, then give them a stand with their postings."""
    fair = visible_fair(fair_id)
    operations.require_host(fair, viewer())
    form, employer = _new_form()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.add_stand(fair, _plan(form), actor=viewer())
        except PlacementError as error:
            form.refuse(error)
        else:
            say_done(_("The stand is added."))
            return redirect(url_for("fairs.list_stands", fair_id=fair.id))
    text = request.args.get("q", "").strip()
    page = render_template(
        "fairs/stand_form.html",
        form=form,
        fair=fair,
        stand=None,
        employer=employer,
        text=text,
        found=employers_named(text, today=clock.today()),
        asks=employer is not None or form.is_submitted() or "new" in request.args,
    )
    return page, 422 if form.is_submitted() else 200


def _new_form() -> tuple[StandForm, Employer | None]:
    """The form for who was found by search, with their live postings all brought; or empty."""
    form = StandForm(employer_id=request.args.get("employer", ""))
    known = form.known_employer
    employer = None if known is None else db.session.get(Employer, known)
    live = live_postings_of(known, today=clock.today())
    _offer(form, live)
    if not form.is_submitted():
        form.employer_name.data = employer.name if employer else request.args.get("q", "")
        form.postings.data = [posting.id for posting in live]
        form.openings.data = sum(posting.openings for posting in live) or None
    return form, employer


def _offer(form: StandForm, postings: Any) -> None:
    form.postings.choices = [SelectChoice(p.id, _posting_words(p)) for p in postings]


def _posting_words(posting: Posting) -> str:
    return " · ".join(part for part in (posting.title, job_words.pay(posting)) if part)


def _plan(form: StandForm) -> StandPlan:
    return StandPlan(
        number=form.number.data or "",
        employer_id=form.known_employer,
        employer_name=form.employer_name.data or "",
        employer_code=form.employer_code.data or None,
        offers=form.offers.data or "",
        openings=form.openings.data,
        posting_ids=form.postings.data or (),
    )


@bp.route("/<int:fair_id>/stands/many", methods=["GET", "POST"])
@requires(*HOSTS)
def create_stands(fair_id: int) -> ResponseReturnValue:
    """Take many stands in at once, pasted from a spreadsheet; all or none."""
    fair = visible_fair(fair_id)
    operations.require_host(fair, viewer())
    form = PastedStandsForm()
    if form.validate_on_submit():
        try:
            with transaction():
                added = operations.add_stands(fair, form.plans, actor=viewer())
        except PlacementError as error:
            form.refuse(error)
        else:
            say_done(ngettext("%(num)d stand is added.", "%(num)d stands are added.", added))
            return redirect(url_for("fairs.list_stands", fair_id=fair.id))
    status = 422 if form.is_submitted() else 200
    return render_template("fairs/stands_form.html", form=form, fair=fair), status


@bp.route("/<int:fair_id>/stands/<int:stand_id>", methods=["GET", "POST"])
@requires(*HOSTS)
def edit_stand(fair_id: int, stand_id: int) -> ResponseReturnValue:
    """Change a stand and which postings it brings."""
    fair = visible_fair(fair_id)
    operations.require_host(fair, viewer())
    stand = _stand_of(fair, stand_id)
    form = StandForm(obj=stand)
    brought = [each.posting for each in stand.brought]
    live = live_postings_of(stand.employer_id, today=clock.today())
    _offer(form, dict.fromkeys([*brought, *live]))
    form.employer_id.data = stand.employer_id
    if form.validate_on_submit():
        try:
            with transaction():
                operations.change_stand(
                    stand, _plan(form), fair=fair, actor=viewer(), version=form.shown_version
                )
        except PlacementError as error:
            form.refuse(error)
        else:
            say_done(_("The stand is changed."))
            return redirect(url_for("fairs.list_stands", fair_id=fair.id))
    if not form.is_submitted():
        form.postings.data = [posting.id for posting in brought]
    page = render_template(
        "fairs/stand_form.html",
        form=form,
        fair=fair,
        stand=stand,
        employer=stand.employer,
        asks=True,
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/<int:fair_id>/stands/<int:stand_id>/remove")
@requires(*HOSTS)
def remove_stand(fair_id: int, stand_id: int) -> ResponseReturnValue:
    """Take a stand away; the news offer to put it back."""
    fair = visible_fair(fair_id)
    stand = _stand_of(fair, stand_id)
    with transaction():
        operations.remove_stand(stand, fair=fair, actor=viewer())
    undo = url_for("fairs.restore_stand", fair_id=fair.id, stand_id=stand.id)
    say_done(_("The stand is removed."), undo=undo)
    return redirect(url_for("fairs.list_stands", fair_id=fair.id))


@bp.post("/<int:fair_id>/stands/<int:stand_id>/restore")
@requires(*HOSTS)
def restore_stand(fair_id: int, stand_id: int) -> ResponseReturnValue:
    """Put a stand back."""
    fair = visible_fair(fair_id)
    stand = _stand_of(fair, stand_id)
    with transaction():
        operations.restore_stand(stand, fair=fair, actor=viewer())
    say_done(_("The stand is back."))
    return redirect(url_for("fairs.list_stands", fair_id=fair.id))


def _stand_of(fair: Fair, stand_id: int) -> Stand:
    stand = db.session.get(Stand, stand_id)
    if stand is None or stand.fair_id != fair.id:
        raise NotVisibleError("There is no such stand at this fair.")
    return stand
