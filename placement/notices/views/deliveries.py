"""Every delivery of a notice with its story, on pages and as a file."""

from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.audit.operations import record_event
from placement.db import db, transaction
from placement.notices.exports import deliveries_csv
from placement.notices.models import Channel, DeliveryState
from placement.notices.queries import deliveries_of, stories_of, visible_notices
from placement.notices.views.blueprint import SENDERS, bp
from placement.notices.words import CHANNELS, STATES
from placement.students.models import Student
from placement.students.operations.reading import record_listing
from placement.web import get_or_404, paginate

_ROWS_AT_ONCE = 1000


@bp.get("/notices/<int:notice_id>/deliveries")
@requires(*SENDERS)
def list_deliveries(notice_id: int) -> ResponseReturnValue:
    """Show the deliveries of a notice, narrowed by what stands in the URL."""
    notice = get_or_404(visible_notices(viewer()), notice_id)
    wanted = _wanted()
    with transaction():
        page = paginate(deliveries_of(notice, viewer(), **wanted), scalars=False)
        students = sorted({student.id for _delivery, student in page})
        record_listing(students, actor=viewer(), page="deliveries")
    return render_template(
        "notices/deliveries.html",
        notice=notice,
        page=page,
        stories=stories_of([delivery.id for delivery, _student in page]),
        wanted=wanted,
        channels=[(channel.value, word) for channel, word in CHANNELS.items()],
        states=[(state.value, word) for state, (word, _tone) in STATES.items()],
        masked=viewer().role is Role.PROVINCE,
    )


@bp.get("/notices/<int:notice_id>/deliveries.csv")
@requires(*SENDERS)
def export_deliveries(notice_id: int) -> ResponseReturnValue:
    """Give the same deliveries as a file, all pages of them."""
    notice = get_or_404(visible_notices(viewer()), notice_id)
    wanted = _wanted()
    with transaction():
        record_event(
            "notice.exported",
            actor_id=viewer().user_id,
            subject=notice,
            details={key: value.value for key, value in wanted.items() if value},
        )
    selected = deliveries_of(notice, viewer(), **wanted).options(joinedload(Student.university))
    # Read in pieces and written whole: the transaction that reads ends with the request.
    rows = db.session.execute(selected.execution_options(yield_per=_ROWS_AT_ONCE))
    lines = deliveries_csv(
        ((row[0], row[1]) for row in rows), masked=viewer().role is Role.PROVINCE
    )
    return Response(
        b"".join(lines),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename=notice-{notice.id}.csv"},
    )


def _wanted() -> dict[str, Any]:
    """The channel and state of the URL; what is no such word narrows nothing."""
    channel, state = request.args.get("channel", ""), request.args.get("state", "")
    return {
        "channel": Channel(channel) if channel in set(Channel) else None,
        "state": DeliveryState(state) if state in set(DeliveryState) else None,
    }
