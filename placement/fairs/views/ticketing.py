"""What a student takes along: the ticket for the door and the entry for their calendar."""

from flask import Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.config import Settings
from placement.errors import PlacementError
from placement.fairs.calendars import fair_calendar, sign_up_calendar
from placement.fairs.models import Fair, FairState, SignUp, SignUpState
from placement.fairs.operations import end_of
from placement.fairs.queries import sign_up_of
from placement.fairs.tickets import Ticket, picture_of
from placement.fairs.views.blueprint import bp, visible_fair


class NoTicketError(PlacementError):
    """The student has no place at a fair that takes place."""

    code = "no_ticket"


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


@bp.get("/<int:fair_id>/calendar.ics")
@requires(*Role)
def download_calendar(fair_id: int) -> ResponseReturnValue:
    """Give the fair for a calendar; to a student who answered, their own entry."""
    fair, current = visible_fair(fair_id), viewer()
    url = f"{_settings().base_url.rstrip('/')}{url_for('fairs.show_fair', fair_id=fair.id)}"
    sender = _settings().mail_from
    answer = sign_up_of(fair.id, current.student_id or 0)
    if answer is not None:
        written = sign_up_calendar(answer, url=url, sender=sender, translate=gettext)
    else:
        written = fair_calendar(fair, url=url, sender=sender, translate=gettext)
    return Response(
        written,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename=fair-{fair.id}.ics"},
    )


@bp.get("/<int:fair_id>/ticket")
@requires(Role.STUDENT)
def show_ticket(fair_id: int) -> ResponseReturnValue:
    """Show my ticket for the door: the picture, and its code in letters."""
    fair = visible_fair(fair_id)
    return render_template("fairs/ticket.html", fair=fair, answer=_place(fair))


@bp.get("/<int:fair_id>/ticket.svg")
@requires(Role.STUDENT)
def draw_ticket(fair_id: int) -> ResponseReturnValue:
    """Draw the picture of my ticket: a signed address, good until the fair is over."""
    fair = visible_fair(fair_id)
    ticket = Ticket(fair.id, _place(fair).uid, end_of(fair))
    path = url_for("fairs.scan_ticket", token=ticket.signed())
    picture = picture_of(f"{_settings().base_url.rstrip('/')}{path}")
    return Response(picture, content_type="image/svg+xml; charset=utf-8")


def _place(fair: Fair) -> SignUp:
    """My sign-up, if it gives me a place at a fair that takes place."""
    answer = sign_up_of(fair.id, viewer().student_id or 0)
    ahead = fair.state_on(clock.today()) is FairState.OPEN
    if answer is None or answer.state is not SignUpState.COMING or not ahead:
        raise NoTicketError("You have no ticket for this fair.", remedy="Sign up first.")
    return answer
