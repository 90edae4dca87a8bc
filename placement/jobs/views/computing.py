"""The lists of everybody: how old they are, and computing them anew."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.db import transaction
from placement.jobs import operations
from placement.jobs.queries import last_runs, years_looking
from placement.jobs.views.blueprint import ADMINISTRATORS, bp
from placement.web import say_done


@bp.get("/lists")
@requires(*ADMINISTRATORS)
def show_runs() -> ResponseReturnValue:
    """Show for each class year when its lists were computed and what came of it."""
    runs = {run.class_year: run for run in last_runs()}
    rows = [(year, runs.get(year), operations.open_run_work(year)) for year in years_looking()]
    return render_template("jobs/runs.html", rows=rows)


@bp.post("/lists/<int:class_year>/compute")
@requires(*ADMINISTRATORS)
def compute_lists(class_year: int) -> ResponseReturnValue:
    """Queue a run of a class year."""
    with transaction():
        operations.ask_for_run(class_year, actor=viewer())
    say_done(_("The lists of the class of %(year)d are being computed.", year=class_year))
    return redirect(url_for("jobs.show_runs"))
