"""The figures as pictures, each with the table behind it."""

from dataclasses import replace

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.reports.asking import CATEGORY
from placement.reports.dimensions import Crossing, Dimension
from placement.reports.drawn import (
    against_shown,
    course_shown,
    parts_shown,
    spread_shown,
)
from placement.reports.drawn_counties import counties_shown
from placement.reports.pictures.scales import month_ends, week_ends
from placement.reports.queries.courses import report_with_course
from placement.reports.queries.readings import MomentNotClosedError
from placement.reports.queries.reports import (
    NoRegisterError,
    class_years,
    visible_university_names,
)
from placement.reports.questions import Question
from placement.reports.views.addresses import question_of_page
from placement.reports.views.blueprint import STAFF, bp
from placement.reports.views.figures_page import FiguresPage
from placement.reports.words import page_locale

_COUNTY: Crossing = (Dimension.COUNTY,)


@bp.get("/pictures")
@requires(*STAFF)
def pictures() -> ResponseReturnValue:
    """Show the rate over the year, and where people are, came from and went, as pictures."""
    years, universities = class_years(), visible_university_names(viewer())
    asked = question_of_page(viewer(), years)
    units = _units(asked)
    question = replace(asked, by=(CATEGORY, _COUNTY, *((units,) if units else ())))
    by_week = request.args.get("step") == "week"
    days = (week_ends if by_week else month_ends)(question.as_of)
    try:
        report, course = report_with_course(question, days, viewer(), locale=page_locale())
    except NoRegisterError:
        return render_template("reports/none.html", years=years, question=question)
    except MomentNotClosedError:
        flash(_("What is known at that moment may still change. Choose an earlier one."), "error")
        return render_template("reports/none.html", years=years, question=question), 409
    shown = [course_shown(report, course), against_shown(report), parts_shown(report)]
    if units:
        shown.append(spread_shown(report, units))
    return render_template(
        "reports/pictures.html",
        page=FiguresPage(report, universities, viewer()),
        report=report,
        question=question,
        years=years,
        step="week" if by_week else "month",
        shown=[*shown, counties_shown(report)],
    )


def _units(question: Question) -> Crossing | None:
    """What the distribution is of: universities, or the colleges of one; none for a caseload."""
    if viewer().role is Role.COUNSELOR:
        return None
    one = viewer().university_id is not None or question.keys_of(Dimension.UNIVERSITY)
    return (Dimension.COLLEGE if one else Dimension.UNIVERSITY,)
