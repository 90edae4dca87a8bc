"""The counselor's day: one list in order of need."""

import datetime as dt

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.cases.operations import put_off
from placement.cases.queries import visible_cases
from placement.db import transaction
from placement.desk.needs import needs_today, tomorrow_count
from placement.desk.views.blueprint import bp
from placement.students.operations.reading import record_listing
from placement.web import get_or_404, say_done


@bp.get("/today")
@requires(Role.COUNSELOR)
def today() -> ResponseReturnValue:
    """Show who needs something today, and the next act for each."""
    current, day = viewer(), clock.today()
    with transaction():
        needs, total = needs_today(current, today=day)
        record_listing([need.student.id for need in needs], actor=current, page="today")
    return render_template(
        "desk/today.html",
        needs=needs,
        total=total,
        late=sum(1 for need in needs if need.due_on is not None and need.due_on < day),
        tomorrow=tomorrow_count(current, today=day),
        today=day,
    )


@bp.post("/cases/<int:case_id>/put-off")
@requires(Role.COUNSELOR)
def put_off_case(case_id: int) -> ResponseReturnValue:
    """Put a contact off until tomorrow; the news offer to take that back."""
    case = get_or_404(visible_cases(viewer()), case_id)
    before = case.next_contact_on or clock.today()
    with transaction():
        put_off(case, actor=viewer(), until=clock.today() + dt.timedelta(days=1))
    say_done(
        _("%(name)s comes up again tomorrow.", name=case.student.name),
        undo=url_for("desk.undo_put_off", case_id=case.id, day=before.isoformat()),
        swap="today-list",
    )
    return redirect(url_for("desk.today"))


@bp.post("/cases/<int:case_id>/put-off/undo/<day>")
@requires(Role.COUNSELOR)
def undo_put_off(case_id: int, day: str) -> ResponseReturnValue:
    """Take a putting off back."""
    case = get_or_404(visible_cases(viewer()), case_id)
    try:
        until = dt.date.fromisoformat(day)
    except ValueError:
        until = clock.today()
    with transaction():
        put_off(case, actor=viewer(), until=until)
    return redirect(url_for("desk.today"))
