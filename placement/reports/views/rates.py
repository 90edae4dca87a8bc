"""The rates, as a page and as files."""

from flask import flash, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.exporting.guards import may_be_large
from placement.reports.answers import rates_answer
from placement.reports.exports import as_csv
from placement.reports.queries.readings import MomentNotClosedError
from placement.reports.queries.reports import (
    NoRegisterError,
    Report,
    class_years,
    report_rates,
    visible_university_names,
)
from placement.reports.sheets import rates_workbook
from placement.reports.tables import rates_table
from placement.reports.views.addresses import question_of_page
from placement.reports.views.blueprint import STAFF, bp, send_file
from placement.reports.views.figures_page import FiguresPage
from placement.reports.words import LABELS, page_locale, reason_word, standing_word


@bp.get("/rates")
@requires(*STAFF)
def rates() -> ResponseReturnValue:
    """Show the rate in one sentence, the switches that define it, and the tables under it."""
    years, universities = class_years(), visible_university_names(viewer())
    question = question_of_page(viewer(), years)
    try:
        report = report_rates(question, viewer(), locale=page_locale())
    except NoRegisterError:
        return render_template("reports/none.html", years=years, question=question)
    except MomentNotClosedError:
        flash(_("What is known at that moment may still change. Choose an earlier one."), "error")
        return render_template("reports/none.html", years=years, question=question), 409
    return render_template(
        "reports/rates.html",
        page=FiguresPage(report, universities, viewer()),
        report=report,
        question=question,
        years=years,
        reason=reason_word,
        standing=standing_word,
    )


def _count(form: str) -> int:
    g.report = _report()
    # What takes long is the laying out of a workbook; a program is answered at once.
    return 0 if form == "json" else sum(map(len, g.report.by.values()))


def _report() -> Report:
    return report_rates(question_of_page(viewer(), class_years()), viewer(), locale=page_locale())


@bp.get("/rates.<any(csv, xlsx, json):form>")
@requires(*STAFF)
@may_be_large(_count)
def export_rates(form: str) -> ResponseReturnValue:
    """Send exactly the figures of the page as a file."""
    report: Report = g.pop("report")
    question = report.question
    if form == "json":
        return rates_answer(report)
    name = f"rates-{question.class_year}-{question.as_of}"
    if form == "csv":
        return send_file(as_csv(rates_table(report, LABELS), LABELS), f"{name}.csv")
    return send_file(rates_workbook(report), f"{name}.xlsx")
