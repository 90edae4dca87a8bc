"""What became of a referral."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.db import db, transaction
from placement.errors import PlacementError
from placement.jobs import operations, words
from placement.jobs.forms import SettlementForm, differences
from placement.jobs.models import ReferralState
from placement.jobs.queries import visible_referrals
from placement.jobs.views.blueprint import HELPERS, bp
from placement.jobs.warming import renew_list
from placement.web import get_or_404, safe_next, say_done


@bp.route("/referrals/<int:referral_id>", methods=["GET", "POST"])
@requires(*HELPERS)
def settle_referral(referral_id: int) -> ResponseReturnValue:
    """Say that a student was hired or refused, or withdraw the referral."""
    referral = get_or_404(visible_referrals(viewer()), referral_id)
    form = SettlementForm(data={"version": referral.version})
    here = url_for("jobs.show_posting", posting_id=referral.posting_id)
    back = safe_next(request.values.get("next"), here)
    if form.validate_on_submit():
        try:
            with transaction():
                operations.settle_referral(
                    referral,
                    actor=viewer(),
                    state=form.state.data,
                    version=form.shown_version,
                )
                renew_list(referral.student_id)
        except PlacementError as error:
            db.session.expire_all()
            differences(form, {"version": referral.version})
            form.refuse(error)
        else:
            return _go_on(referral.student_id, form.state.data, back)
    status = 422 if form.is_submitted() else 200
    return render_template(
        "jobs/settlement_form.html", form=form, referral=referral, back=back, words=words
    ), status


def _go_on(student_id: int, state: ReferralState, back: str) -> ResponseReturnValue:
    """Lead from a hiring to the outcome that follows from it, else back."""
    if state is ReferralState.HIRED:
        say_done(_("Hired: now record it as the outcome, so that it can be verified."))
        return redirect(url_for("outcomes.create_outcome", student_id=student_id))
    say_done(_("It is noted."))
    return redirect(back)
