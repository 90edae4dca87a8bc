"""Service given: a board without ranks, and who is still owed what."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from placement import clock
from placement.accounts.access import requires, viewer
from placement.cases.standard import CONTACT
from placement.db import db, transaction
from placement.desk.register import class_years
from placement.desk.service import service_board, service_marks, still_owed
from placement.desk.views.blueprint import STAFF, bp
from placement.desk.words import mark_rows, requirement_word
from placement.reference.service_standards import contact_interval_on, requirements_on
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
    board = db.session.execute(service_board(current, class_year=year, today=today)).all()
    with transaction():
        page = paginate(still_owed(current, class_year=year, missing=missing, today=today))
        record_listing([case.student_id for case in page], actor=current, page="service")
    codes = (*(owed.code for owed in requirements_on(today)), CONTACT)
    return render_template(
        "desk/service.html",
        board=board,
        columns=[(code, requirement_word(code)) for code in codes],
        heads=[{"label": requirement_word(code), "num": True} for code in codes],
        requirement_word=requirement_word,
        owed=requirements_on(today),
        interval=contact_interval_on(today).days,
        page=page,
        marks={
            student_id: mark_rows(marks, today)
            for student_id, marks in service_marks(list(page), today=today).items()
        },
        missing=missing,
        year=year,
        years=[(str(known), str(known)) for known in years],
    )
