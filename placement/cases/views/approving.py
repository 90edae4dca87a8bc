"""Approval of plans: whether the university wants it, who asks, who decides."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role, University
from placement.cases import operations
from placement.cases.acts import case_url, perform
from placement.cases.forms import AskApprovalForm, ReturnForm, VersionedForm
from placement.cases.models import ApprovalState, Case, PlanApproval
from placement.cases.queries import newest_approval, visible_approvals
from placement.cases.views.blueprint import HELPERS, bp, visible_case
from placement.db import db, transaction
from placement.errors import InvalidValueError, PlacementError
from placement.students.operations.reading import record_listing
from placement.web import paginate, refusal, say_done


@bp.get("/approvals")
@requires(Role.UNIVERSITY)
def list_approvals() -> ResponseReturnValue:
    """Show the plans that wait to be approved, and whether this university wants that at all."""
    current = viewer()
    with transaction():
        page = paginate(visible_approvals(current))
        record_listing([each.student_id for each in page], actor=current, page="approvals")
    return render_template(
        "cases/approvals.html",
        page=page,
        wanted=_university().approves_plans,
        may_set=not current.colleges,
    )


@bp.post("/approvals/<any(on, off):choice>")
@requires(Role.UNIVERSITY)
def want_approval(choice: str) -> ResponseReturnValue:
    """Say whether plans of my university are approved by somebody else."""
    wanted = choice == "on"
    with transaction():
        operations.want_approval(_university(), actor=viewer(), wanted=wanted)
    say_done(
        _("From now on a plan is ready once somebody else has approved it.")
        if wanted
        else _("Plans need no approval any more."),
        undo=url_for("cases.want_approval", choice="off" if wanted else "on"),
    )
    return redirect(url_for("cases.list_approvals"))


@bp.route("/<int:case_id>/approval/ask", methods=["GET", "POST"])
@requires(*HELPERS)
def ask_for_approval(case_id: int) -> ResponseReturnValue:
    """Put the plan before somebody else."""
    case, form = visible_case(case_id), AskApprovalForm()
    return perform(
        case,
        form,
        heading=_("The plan is ready: ask for approval"),
        act=lambda: operations.ask_for_approval(case, actor=viewer(), note=form.note.data or ""),
        said=_("Asked for. Somebody else looks at the plan."),
        undo=lambda _approval: url_for("cases.withdraw_approval", case_id=case_id),
    )


@bp.post("/<int:case_id>/approval/approve")
@requires(Role.UNIVERSITY)
def approve_plan(case_id: int) -> ResponseReturnValue:
    """Approve the plan as it was shown."""
    case, form = visible_case(case_id), VersionedForm()
    approval = _asked(case)
    try:
        with transaction():
            operations.approve_plan(approval, actor=viewer(), version=form.shown_version)
    except PlacementError as error:
        flash(refusal(error), "error")
    else:
        say_done(_("The plan of %(name)s is approved.", name=case.student.name))
        return redirect(url_for("cases.list_approvals"))
    return redirect(case_url(case_id))


@bp.route("/<int:case_id>/approval/return", methods=["GET", "POST"])
@requires(Role.UNIVERSITY)
def return_plan(case_id: int) -> ResponseReturnValue:
    """Send the plan back and say what is still to be done."""
    case = visible_case(case_id)
    approval = _asked(case)
    form = ReturnForm(data={"version": approval.version})
    return perform(
        case,
        form,
        heading=_("Send the plan back"),
        act=lambda: operations.return_plan(
            approval, actor=viewer(), answer=str(form.answer.data), version=form.shown_version
        ),
        said=_("The plan is sent back."),
        stored=lambda: {"version": approval.version},
    )


@bp.post("/<int:case_id>/approval/withdraw")
@requires(*HELPERS)
def withdraw_approval(case_id: int) -> ResponseReturnValue:
    """Take the request back."""
    approval = _asked(visible_case(case_id))
    with transaction():
        operations.withdraw_approval(approval, actor=viewer())
    say_done(_("The plan is no longer put forward."))
    return redirect(case_url(case_id))


def _university() -> University:
    return db.session.get_one(University, viewer().university_id)


def _asked(case: Case) -> PlanApproval:
    approval = newest_approval(case)
    if approval is None or approval.state is not ApprovalState.ASKED:
        raise InvalidValueError("Nobody has asked to approve this plan.")
    return approval
