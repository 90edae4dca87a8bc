"""Every delivery of a notice with its story, on pages and as a file."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.audit.operations import record_event
from placement.db import db, transaction
from placement.exporting.guards import count_of, may_be_large
from placement.notices.exports import deliveries_csv
from placement.notices.models import Channel, Delivery, DeliveryState
from placement.notices.queries import deliveries_of, stories_of, visible_notices
from placement.notices.views.blueprint import SENDERS, bp
from placement.notices.words import CHANNELS, STATES
from placement.students.models import Student
from placement.students.operations.reading import record_listing
from placement.web import get_or_404, paginate
from placement.work.steps import counted

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


def _count(notice_id: int) -> int:
    notice = get_or_404(visible_notices(viewer()), notice_id)
    return count_of(deliveries_of(notice, viewer(), **_wanted()).with_only_columns(Delivery.id))


@bp.get("/notices/<int:notice_id>/deliveries.csv")
@requires(*SENDERS)
@may_be_large(_count)
def export_deliveries(notice_id: int) -> ResponseReturnValue:
    """Give the same deliveries as a file, all pages of them."""
    notice = get_or_404(visible_notices(viewer()), notice_id)
    wanted = _wanted()
    selected = deliveries_of(notice, viewer(), **wanted).options(joinedload(Student.university))
    # Read in pieces and written whole: the transaction that reads ends with the request.
    rows = db.session.execute(selected.execution_options(yield_per=_ROWS_AT_ONCE))
    shown: set[int] = set()
    lines = b"".join(deliveries_csv(_told(rows, shown), masked=viewer().role is Role.PROVINCE))
    with transaction():
        record_event(
            "notice.exported",
            actor_id=viewer().user_id,
            subject=notice,
            student_ids=shown,
            details={key: value.value for key, value in wanted.items() if value},
        )
    return Response(
        lines,
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename=notice-{notice.id}.csv"},
    )


def _told(rows: Iterable[Any], shown: set[int]) -> Iterator[tuple[Delivery, Student]]:
    """Give deliveries on, and note in `shown` whose they are."""
    for delivery, student in counted(rows):
        shown.add(student.id)
        yield delivery, student


def _wanted() -> dict[str, Any]:
    """The channel and state of the URL; what is no such word narrows nothing."""
    channel, state = request.args.get("channel", ""), request.args.get("state", "")
    return {
        "channel": Channel(channel) if channel in set(Channel) else None,
        "state": DeliveryState(state) if state in set(DeliveryState) else None,
    }
