"""Bringing postings and keeping them true."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.db import db, transaction
from placement.errors import EditConflictError, PlacementError
from placement.jobs import operations
from placement.jobs.forms import PostingForm, differences, posting_data
from placement.jobs.views.blueprint import ADMINISTRATORS, STAFF, bp, visible_posting
from placement.web import say_done


@bp.route("/new", methods=["GET", "POST"])
@requires(*STAFF)
def create_posting() -> ResponseReturnValue:
    """Bring a posting; the lists take it up at once."""
    form = PostingForm.for_posting(None)
    if form.validate_on_submit():
        try:
            with transaction():
                posting = operations.add_posting(
                    form.plan,
                    employer_name=str(form.employer_name.data),
                    employer_code=form.employer_code.data or None,
                    actor=viewer(),
                    submission_id=form.submission,
                )
        except PlacementError as error:
            form.refuse(error)
        else:
            say_done(_("The posting is there. It is being taken into the lists that it fits."))
            return redirect(url_for("jobs.show_posting", posting_id=posting.id))
    status = 422 if form.is_submitted() else 200
    return render_template("jobs/posting_form.html", form=form, posting=None, differs=[]), status


@bp.route("/<int:posting_id>/edit", methods=["GET", "POST"])
@requires(*STAFF)
def edit_posting(posting_id: int) -> ResponseReturnValue:
    """Change what a posting says."""
    posting = visible_posting(posting_id)
    operations.require_own(posting, viewer())
    form = PostingForm.for_posting(posting)
    differs: list[tuple[str, str, str]] = []
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with transaction():
                operations.change_posting(
                    posting, form.plan, actor=viewer(), version=form.shown_version
                )
        except EditConflictError as error:
            db.session.expire_all()
            differs, status = differences(form, posting_data(posting)), error.status
        except PlacementError as error:
            form.refuse(error)
        else:
            say_done(_("The posting is changed."))
            return redirect(url_for("jobs.show_posting", posting_id=posting.id))
    return render_template(
        "jobs/posting_form.html", form=form, posting=posting, differs=differs
    ), status


@bp.post("/<int:posting_id>/close")
@requires(*STAFF)
def close_posting(posting_id: int) -> ResponseReturnValue:
    """Take a posting off; the news offer to open it again."""
    posting = visible_posting(posting_id)
    with transaction():
        operations.close_posting(posting, actor=viewer())
    undo = url_for("jobs.reopen_posting", posting_id=posting_id)
    say_done(_("The posting is closed and shown to no student any more."), undo=undo)
    return redirect(url_for("jobs.show_posting", posting_id=posting_id))


@bp.post("/<int:posting_id>/reopen")
@requires(*STAFF)
def reopen_posting(posting_id: int) -> ResponseReturnValue:
    """Offer a posting again."""
    posting = visible_posting(posting_id)
    with transaction():
        operations.reopen_posting(posting, actor=viewer())
    say_done(_("The posting is open again."))
    return redirect(url_for("jobs.show_posting", posting_id=posting_id))


@bp.post("/<int:posting_id>/verify-employer")
@requires(*ADMINISTRATORS)
def verify_employer(posting_id: int) -> ResponseReturnValue:
    """Answer for the employer, so that the postings are proposed."""
    posting = visible_posting(posting_id)
    with transaction():
        operations.verify_employer(posting, actor=viewer())
    say_done(_("The employer is verified; the postings are proposed from now on."))
    return redirect(url_for("jobs.show_posting", posting_id=posting_id))
