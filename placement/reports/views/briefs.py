"""The figures on one page of paper, and the annual report's tables as one workbook."""

from dataclasses import replace

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.reports.asking import CATEGORY, COMBINATION
from placement.reports.briefs import brief_pdf
from placement.reports.dimensions import Crossing, Dimension, label
from placement.reports.pictures.scales import month_ends
from placement.reports.queries.courses import report_with_course
from placement.reports.queries.reports import (
    class_years,
    report_rates,
    visible_university_names,
)
from placement.reports.questions import Question
from placement.reports.sheets import rates_workbook
from placement.reports.views.addresses import question_of_page
from placement.reports.views.blueprint import bp, send_file
from placement.reports.words import page_locale

_ADMINISTRATORS = (Role.UNIVERSITY, Role.PROVINCE)
_ALWAYS: tuple[Crossing, ...] = (
    CATEGORY,
    COMBINATION,
    (Dimension.LEVEL,),
    (Dimension.SEX,),
    (Dimension.ETHNIC,),
    (Dimension.ORIGIN,),
    (Dimension.COUNTY,),
    (Dimension.CATEGORY, Dimension.LEVEL),
    (Dimension.CATEGORY, Dimension.SEX),
)


@bp.get("/brief.pdf")
@requires(*_ADMINISTRATORS)
def brief() -> ResponseReturnValue:
    """Send the brief of a university, or of the province."""
    question = replace(question_of_page(viewer(), class_years()), by=(CATEGORY,))
    report, course = report_with_course(
        question, month_ends(question.as_of), viewer(), locale=page_locale()
    )
    response = Response(brief_pdf(report, course, _whose(question)), mimetype="application/pdf")
    name = f"brief-{question.class_year}-{question.as_of}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/annual.xlsx")
@requires(*_ADMINISTRATORS)
def annual() -> ResponseReturnValue:
    """Send all tables of the annual report as one workbook, a sheet each."""
    asked = question_of_page(viewer(), class_years())
    one = viewer().university_id is not None or asked.keys_of(Dimension.UNIVERSITY)
    unit = Dimension.COLLEGE if one else Dimension.UNIVERSITY
    question = replace(asked, by=((unit,), *_ALWAYS, (unit, Dimension.CATEGORY)))
    report = report_rates(question, viewer(), locale=page_locale())
    name = f"annual-{question.class_year}-{question.as_of}.xlsx"
    return send_file(rates_workbook(report), name)


def _whose(question: Question) -> str:
    names = visible_university_names(viewer())
    whole = str(viewer().university_name or _province())
    narrowed = [
        label(
            item.dimension,
            item.key,
            universities=names,
            scheme=question.scheme,
            locale=page_locale(),
        )
        for item in question.where
    ]
    return " · ".join([*([] if question.keys_of(Dimension.UNIVERSITY) else [whole]), *narrowed])


def _province() -> str:
    return str(_("Fujian Province"))
