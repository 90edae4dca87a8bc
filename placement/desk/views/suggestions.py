"""The jobs of a case: what is suggested and why, what else there is, what was put forward."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from placement import clock
from placement.accounts.access import requires, viewer
from placement.cases.queries import visible_cases
from placement.db import db, transaction
from placement.desk.hopes import Search, limits_of, search_for
from placement.desk.views.blueprint import HELPERS, STAFF, bp
from placement.errors import PlacementError
from placement.jobs import operations, words
from placement.jobs.forms import ReferralForm, ReferralsForm
from placement.jobs.models import ReferralState
from placement.jobs.queries import (
    answers_of,
    recommendation_of,
    recommended_to,
    referral_of,
    referrals_of,
    visible_postings,
    wish_of,
)
from placement.jobs.warming import renew_list
from placement.students.operations.reading import record_reading
from placement.web import get_or_404, refusal, say_done


@bp.get("/cases/<int:case_id>/jobs")
@requires(*STAFF)
def suggest_jobs(case_id: int) -> ResponseReturnValue:
    """Show a student's list as they see it, with what it rests on, and any other posting."""
    current, today = viewer(), clock.today()
    case = get_or_404(visible_cases(current), case_id)
    with transaction():
        record_reading(case.student, actor=current, page="jobs")
    found = recommended_to(case.student_id)
    text = request.args.get("q", "").strip()
    return render_template(
        "desk/suggestions.html",
        case=case,
        student=case.student,
        recommendations=found,
        limits=limits_of(case.student_id, today=today) if len(found) < 3 else None,
        referrals=referrals_of(case.student_id),
        answers=answers_of(case.student_id),
        wish=wish_of(case.student_id),
        search=search_for(current, case.student_id, text, today=today) if text else Search(),
        text=text,
        may_refer=current.role in HELPERS and case.closed_on is None,
        words=words,
        form=ReferralsForm(formdata=None),
    )


@bp.post("/cases/<int:case_id>/jobs/refer")
@requires(*HELPERS)
def refer_jobs(case_id: int) -> ResponseReturnValue:
    """Put those forward that were ticked on the list, with one word to the student."""
    case = get_or_404(visible_cases(viewer()), case_id)
    form = ReferralsForm()
    offered = {found.posting_id: found.posting for found in recommended_to(case.student_id)}
    form.postings.choices = [(posting.id, posting.title) for posting in offered.values()]
    back = redirect(url_for("desk.suggest_jobs", case_id=case.id))
    if not form.validate():
        flash(_("Tick the jobs to refer to; a word to the student has up to 500 signs."), "error")
        return back
    chosen = list(form.postings.data)
    try:
        with transaction():
            for posting_id in chosen:
                operations.refer(
                    case, offered[posting_id], actor=viewer(), note=form.note.data or ""
                )
            renew_list(case.student_id)
    except PlacementError as error:
        flash(refusal(error), "error")
        return back
    name, undo = case.student.name, url_for("desk.withdraw_referrals", case_id=case.id, of=chosen)
    said = ngettext(
        "%(name)s was referred to %(num)d job.",
        "%(name)s was referred to %(num)d jobs.",
        len(chosen),
        name=name,
    )
    say_done(said, undo=undo)
    return back


@bp.post("/cases/<int:case_id>/jobs/withdraw")
@requires(*HELPERS)
def withdraw_referrals(case_id: int) -> ResponseReturnValue:
    """Take back what was just put forward, as far as nobody has answered it."""
    case = get_or_404(visible_cases(viewer()), case_id)
    withdrawn = 0
    with transaction():
        for posting_id in request.args.getlist("of", type=int):
            referral = referral_of(case.student_id, posting_id)
            if referral is not None and referral.state is ReferralState.OPEN:
                operations.settle_referral(
                    referral,
                    actor=viewer(),
                    state=ReferralState.WITHDRAWN,
                    version=referral.version,
                )
                withdrawn += 1
        renew_list(case.student_id)
    text = "%(num)d referral is taken back.", "%(num)d referrals are taken back."
    flash(ngettext(*text, withdrawn), "success")
    return redirect(url_for("desk.suggest_jobs", case_id=case.id))


@bp.route("/cases/<int:case_id>/jobs/<int:posting_id>/refer", methods=["GET", "POST"])
@requires(*HELPERS)
def refer_job(case_id: int, posting_id: int) -> ResponseReturnValue:
    """Put a posting forward for the student, on the list or not."""
    case = get_or_404(visible_cases(viewer()), case_id)
    posting = get_or_404(visible_postings(viewer()), posting_id)
    form = ReferralForm()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.refer(case, posting, actor=viewer(), note=form.note.data or "")
                renew_list(case.student_id)
        except PlacementError as error:
            db.session.expire_all()
            form.refuse(error)
        else:
            say_done(_("%(name)s was referred to it.", name=case.student.name))
            return redirect(url_for("desk.suggest_jobs", case_id=case.id))
    status = 422 if form.is_submitted() else 200
    return render_template(
        "desk/referral_form.html",
        form=form,
        case=case,
        posting=posting,
        found=recommendation_of(case.student_id, posting.id),
        words=words,
    ), status
