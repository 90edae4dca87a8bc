"""The counselor's day: one list in order of need."""

import datetime as dt
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.cases.models import Case
from placement.cases.operations import put_off, take_up_again
from placement.cases.queries import visible_cases
from placement.db import transaction
from placement.desk.needs import needs_today, rule_words, tomorrow_count
from placement.desk.needs_rules import RULES
from placement.desk.today_lines import today_lines
from placement.desk.views.blueprint import bp
from placement.students.operations.reading import record_listing
from placement.students.responsible import count_offers_to
from placement.web import get_or_404, say_done
from placement.web.filters import day as shown_day


@bp.get("/today")
@requires(Role.COUNSELOR)
def today() -> ResponseReturnValue:
    """Show who needs something today, and the next act for each."""
    current, day = viewer(), clock.today()
    number = max(1, request.args.get("page", 1, type=int))
    with transaction():
        needs = needs_today(current, today=day, number=number, why=_why())
        tomorrow = 0 if needs.page.total else tomorrow_count(current, today=day)
        offers = count_offers_to(current.user_id)
        record_listing([need.student.id for need in needs.page], actor=current, page="today")
    return render_template(
        "desk/today.html",
        needs=needs.page,
        lines=today_lines(needs.page, day, page=needs.page.number, why=_why()),
        total=needs.page.total,
        late=needs.late,
        tomorrow=tomorrow,
        offers=offers,
        today=day,
        why=_why(),
        rules=rule_words(),
    )


@bp.post("/cases/<int:case_id>/put-off")
@requires(Role.COUNSELOR)
def put_off_case(case_id: int) -> ResponseReturnValue:
    """Put a person off until a day, else until tomorrow; the news offer to take that back."""
    shown = get_or_404(visible_cases(viewer()), case_id)
    until = _day(request.form.get("until", "")) or clock.today() + dt.timedelta(days=1)
    with transaction():
        before = shown.next_contact_on
        put_off(shown, actor=viewer(), until=until)
    say_done(
        _("%(name)s comes up again on %(day)s.", name=shown.student.name, day=shown_day(until)),
        undo=url_for(
            "desk.undo_put_off",
            case_id=shown.id,
            day="none" if before is None else str(before),
            **_shown(),
        ),
        swap="today-list",
    )
    return redirect(url_for("desk.today", **_shown()))


@bp.post("/cases/<int:case_id>/put-off/undo/<day>")
@requires(Role.COUNSELOR)
def undo_put_off(case_id: int, day: str) -> ResponseReturnValue:
    """Take a putting off back."""
    shown: Case = get_or_404(visible_cases(viewer()), case_id)
    with transaction():
        take_up_again(shown, actor=viewer(), next_contact_on=_day(day))
    say_done(_("%(name)s stands on the list of today again.", name=shown.student.name))
    return redirect(url_for("desk.today", **_shown()))


def _shown() -> dict[str, Any]:
    """The part of the list that is shown, for its addresses."""
    return {"page": request.args.get("page", type=int), "why": _why() or None}


def _why() -> str:
    asked = request.args.get("why", "")
    return asked if asked in RULES else ""


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
