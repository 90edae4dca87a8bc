"""The figures and the people behind them, as pages and as files."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import lazy_gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.db import transaction
from placement.reference import destinations, report_words, standings
from placement.reports.answers import people_answer, rates_answer
from placement.reports.asking import CATEGORY, asked, asked_status
from placement.reports.dimensions import CHINESE, crossing_name
from placement.reports.exports import as_csv, as_xlsx, people_table, rates_table
from placement.reports.masking import MASKED, NAMED
from placement.reports.operations import list_people
from placement.reports.queries.people import PeopleList
from placement.reports.queries.reports import NoRegisterError, Report, class_years, report_rates
from placement.reports.questions import Question, ask
from placement.reports.rates import percent
from placement.web import Page

bp = Blueprint("reports", __name__, url_prefix="/reports")
STAFF = (Role.COUNSELOR, Role.UNIVERSITY, Role.PROVINCE)
PAGE = 100
_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_GROUPS = {
    "university": _("University"),
    "college": _("College"),
    "level": _("Level"),
    "sex": _("Sex"),
    "ethnic": _("Ethnic group"),
    "origin": _("Rural or urban"),
    "county": _("Home county"),
    "part": _("Where they went"),
    "code": _("Destination code"),
    "category+level": _("Category and level"),
    "category+sex": _("Category and sex"),
    "category+university": _("Category and university"),
}


def _question() -> Question:
    years = class_years()
    today = clock.today()
    return asked(
        request.args,
        request.args.getlist("where"),
        newest=years[0] if years else today.year,
        today=today,
    )


def _locale() -> str:
    return str(get_locale() or CHINESE)


@bp.get("/rates")
@requires(*STAFF)
def rates() -> ResponseReturnValue:
    """Show the rate in one sentence, the switches that define it, and the tables under it."""
    question = _question()
    years = class_years()
    try:
        report = report_rates(question, viewer(), locale=_locale())
    except NoRegisterError:
        return render_template("reports/none.html", years=years, question=question)
    crossing = next((c for c in question.by if c != CATEGORY), CATEGORY)
    return render_template(
        "reports/rates.html",
        report=report,
        question=question,
        year_choices=[(str(year), str(year)) for year in years],
        groups={name: str(word) for name, word in _GROUPS.items()},
        group_choices=[(name, str(word)) for name, word in _GROUPS.items()],
        group=crossing_name(crossing),
        rows=report.by[crossing],
        categories=report.by[CATEGORY],
        people_url=_people_url,
        over_all=_over_all(report),
        standing=lambda code: standings.name(code, _locale()),
        part_name=lambda part: destinations.part_name(part, _locale()),
        baseline_rate=None if report.baseline is None else report.baseline.rate,
    )


def _over_all(report: Report) -> Any:
    """The rate over all registered, which the report explains when it differs."""
    excluded = sum(report.exclusions.values())
    everybody = report.total.denominator + report.total.excluded
    return percent(report.total.placed, everybody) if excluded else None


def _people_url(crossing: str = "", key: str = "", status: str = "") -> str:
    """The address of the people behind a figure of this page."""
    arguments: dict[str, Any] = {
        name: value
        for name, value in request.args.items(multi=False)
        if name in {"year", "as_of", "known_at", "scheme", "base", "basis"}
    }
    narrowed = [f"{crossing}={key}"] if crossing else []
    arguments["where"] = request.args.getlist("where") + narrowed
    if status:
        arguments["is"] = status
    return url_for("reports.people", **arguments)


@bp.get("/people")
@requires(*STAFF)
def people() -> ResponseReturnValue:
    """List the people behind a figure, each with the reason why counted so."""
    number = max(1, request.args.get("page", 1, type=int))
    with transaction():
        found = _listed(_question(), limit=PAGE, offset=(number - 1) * PAGE)
    page = Page(items=found.people, number=number, size=PAGE, total=found.count)
    return render_template(
        "reports/people.html",
        page=page,
        status=request.args.get("is", ""),
        known_at=found.reading.known_at,
        standing=lambda code: standings.name(code, _locale()),
        reason=_reason,
        destination=lambda code: destinations.name(code, _locale()),
    )


def _reason(code: str) -> str:
    known = report_words.codes
    return report_words.name(code, _locale()) if code in known else standings.name(code, _locale())


def _listed(question: Question, *, limit: int | None = None, offset: int = 0) -> PeopleList:
    current: Viewer = viewer()
    plain = ask(
        question.class_year,
        question.as_of,
        known_at=question.known_at,
        scheme=question.scheme,
        base=question.base,
        basis=question.basis,
        where=question.where,
    )
    return list_people(
        plain,
        asked_status(request.args.get("is", "")),
        viewer=current,
        shown=MASKED if current.role is Role.PROVINCE else NAMED,
        limit=limit,
        offset=offset,
    )


@bp.get("/rates.<any(csv, xlsx, json):form>")
@requires(*STAFF)
def export_rates(form: str) -> ResponseReturnValue:
    """Send exactly the figures of the page as a file."""
    report = report_rates(_question(), viewer(), locale=_locale())
    if form == "json":
        return rates_answer(report)
    return _file(rates_table(report), form, "rates")


@bp.get("/people.<any(csv, xlsx, json):form>")
@requires(*STAFF)
def export_people(form: str) -> ResponseReturnValue:
    """Send exactly the people of the page as a file; the audit trail keeps who was shown."""
    with transaction():
        found = _listed(_question())
    if form == "json":
        return people_answer(found)
    return _file(people_table(found), form, "people")


def _file(rows: list[list[Any]], form: str, name: str) -> Response:
    data = as_csv(rows) if form == "csv" else as_xlsx(rows, name)
    response = Response(data, mimetype=_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
