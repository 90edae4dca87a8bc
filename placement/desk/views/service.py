"""Service given: a board without ranks, and who is still owed what."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from placement import clock
from placement.accounts.access import requires, viewer
from placement.cases.standard import CONTACT
from placement.db import db, transaction
from placement.desk.choices import class_years
from placement.desk.service import service_board, service_marks, still_owed
from placement.desk.views.blueprint import STAFF, bp
from placement.desk.words import mark_rows, requirement_word
from placement.rulebook.queries import standard_on
from placement.students.operations.reading import record_listing
from placement.web import paginate


@bp.get("/service")
@requires(*STAFF)
def service() -> ResponseReturnValue:
    """Show what was given of the standard, and the people to whom something is still owed."""
    current, today = viewer(), clock.today()
    years = class_years(current)
    year = request.args.get("year", type=int) or (years[0] if years else today.year)
    missing = request.args.get("missing", "")
    standard = standard_on(today)
    asked: dict[str, Any] = {"class_year": year, "standard": standard, "today": today}
    board = db.session.execute(service_board(current, **asked)).all()
    with transaction():
        page = paginate(still_owed(current, missing=missing, **asked))
        record_listing([case.student_id for case in page], actor=current, page="service")
    columns = [(owed.code, requirement_word(owed)) for owed in standard.requirements]
    columns.append((CONTACT, requirement_word(None)))
    return render_template(
        "desk/service.html",
        board=board,
        columns=columns,
        heads=[{"label": label, "num": True} for _code, label in columns],
        requirement_word=requirement_word,
        owed=standard.requirements,
        interval=standard.interval.days,
        page=page,
        marks={
            student_id: mark_rows(marks, today)
            for student_id, marks in service_marks(
                list(page), standard=standard, today=today
            ).items()
        },
        missing=missing,
        year=year,
        years=[(str(known), str(known)) for known in years],
    )
