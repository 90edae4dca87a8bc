"""The subsidy helper, for the student and for the counselor."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms import SelectChoice

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.cases import operations
from placement.cases.acts import case_url
from placement.cases.forms import SubsidyForm
from placement.cases.models import Case
from placement.cases.queries import visible_cases
from placement.db import transaction
from placement.desk.subsidies import Offer, offers_to
from placement.desk.views.blueprint import HELPERS, bp
from placement.desk.views.my_plan import own_case
from placement.errors import NotVisibleError, PlacementError
from placement.reference.subsidies import paper_name
from placement.students.operations.reading import record_reading
from placement.web import get_or_404, refusal, say_done


@bp.get("/my/subsidies")
@requires(Role.STUDENT)
def my_subsidies() -> ResponseReturnValue:
    """Show what I am probably entitled to, what is missing and where to apply."""
    return _page(_own())


@bp.route("/my/subsidies/<subsidy>", methods=["GET", "POST"])
@requires(Role.STUDENT)
def my_subsidy(subsidy: str) -> ResponseReturnValue:
    """Tick off my steps of one subsidy."""
    return _steps(_own(), subsidy, url_for("desk.my_subsidies"))


@bp.get("/cases/<int:case_id>/subsidies")
@requires(*HELPERS)
def subsidies_of(case_id: int) -> ResponseReturnValue:
    """Show what a student is probably entitled to."""
    case = _case(case_id)
    with transaction():
        record_reading(case.student, actor=viewer(), page="subsidies")
    return _page(case)


@bp.route("/cases/<int:case_id>/subsidies/<subsidy>", methods=["GET", "POST"])
@requires(*HELPERS)
def subsidy_of(case_id: int, subsidy: str) -> ResponseReturnValue:
    """Tick off a student's steps of one subsidy."""
    return _steps(_case(case_id), subsidy, url_for("desk.subsidies_of", case_id=case_id))


@bp.post("/cases/<int:case_id>/subsidies/<subsidy>/next-step")
@requires(*HELPERS)
def remind_of_subsidy(case_id: int, subsidy: str) -> ResponseReturnValue:
    """Make a subsidy the next step of the case, in time before its window closes."""
    case = _case(case_id)
    offer, locale = _offer(case, subsidy), str(get_locale())
    step = _("Apply for: %(subsidy)s", subsidy=offer.subsidy.name(locale))
    missing = _(", ").join(paper_name(paper, locale) for paper in offer.missing)
    if missing:
        step = _("%(step)s; still missing: %(papers)s", step=step, papers=missing)
    try:
        with transaction():
            operations.remind_of_subsidy(
                case, offer.subsidy, actor=viewer(), text=step, version=case.version
            )
    except PlacementError as error:
        flash(refusal(error), "error")
        return redirect(url_for("desk.subsidies_of", case_id=case_id))
    say_done(_("The next step is set."))
    return redirect(case_url(case_id))


def _own() -> Case:
    case = own_case()
    if case is None:
        raise NotVisibleError("There is no case for you.")
    return case


def _case(case_id: int) -> Case:
    return get_or_404(visible_cases(viewer()), case_id)


def _offer(case: Case, code: str) -> Offer:
    for offer in offers_to(case, today=clock.today()):
        if offer.subsidy.code == code:
            return offer
    raise NotVisibleError("There is no such subsidy.")


def _page(case: Case) -> ResponseReturnValue:
    return render_template(
        "desk/subsidies.html",
        case=case,
        offers=offers_to(case, today=clock.today()),
        paper_name=paper_name,
        this_year=clock.today().year,
        language=str(get_locale()),
        mine=viewer().role is Role.STUDENT,
    )


def _steps(case: Case, code: str, back: str) -> ResponseReturnValue:
    offer, locale = _offer(case, code), str(get_locale())
    form = SubsidyForm.for_claim(offer.claim)
    form.papers.choices = [
        SelectChoice(paper, paper_name(paper, locale)) for paper in offer.subsidy.papers
    ]
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with transaction():
                operations.keep_steps(
                    case,
                    offer.subsidy,
                    actor=viewer(),
                    version=form.shown_version,
                    **form.steps,
                )
        except PlacementError as error:
            form.refuse(error)
            status = error.status
        else:
            say_done(_("Your steps are kept.") if viewer().student_id else _("The steps are kept."))
            return redirect(back)
    return render_template(
        "students/act_form.html",
        form=form,
        heading=offer.subsidy.name(locale),
        under=offer.subsidy.where(locale),
        act=_("Keep the steps"),
        trail=[(_("Subsidies"), back)],
        back=back,
    ), status
