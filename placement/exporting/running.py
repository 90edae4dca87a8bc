"""Making a file as long work: the view that answers small ones is called by a worker.

So there is one way to a file, and what a worker makes is what the page would have sent. The
person's rights are those of the moment at which it is made.
"""

from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, g, make_response
from flask_babel import force_locale
from sqlalchemy import func, select
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_options_header

from placement import clock
from placement.accounts.access import ROLES
from placement.accounts.models import Role, User
from placement.accounts.queries import viewer_of
from placement.accounts.viewer import Viewer
from placement.audit.models import AuditEvent
from placement.audit.operations import acting_from
from placement.db import db, transaction, use_scope
from placement.errors import NotAllowedError, PlacementError
from placement.exporting.guards import LARGE
from placement.exporting.operations import KEPT
from placement.exporting.queries import scope_mark
from placement.files import store_file
from placement.work.models import Work, WorkState
from placement.work.operations import (
    LeaseLostError,
    Progress,
    WorkCancelledError,
    fail_work,
    finish_work,
)
from placement.work.steps import listening


@dataclass(frozen=True, slots=True)
class _Made:
    name: str
    kind: str
    data: bytes


def makes_files(app: Flask, address: str, role: Role) -> bool:
    """Whether an address leads to a view that makes files and is open to a role."""
    try:
        endpoint, _values = app.url_map.bind("").match(address.partition("?")[0], method="GET")
    except HTTPException:
        return False
    view = app.view_functions[endpoint]
    return bool(getattr(view, LARGE, False)) and role in getattr(view, ROLES, ())


def run_export_work(work: Work, progress: Progress) -> None:
    """Make the file that a piece of work names and keep it, encrypted, for a day.

    Why it cannot be made is kept with the work.
    """
    try:
        maker, made, events = _make(work, progress)
        with transaction():
            file = store_file(
                made.data,
                name=made.name,
                content_type=made.kind,
                purpose="export",
                created_by=maker.user_id,
                expires_at=clock.now() + KEPT,
            )
            result = {"file_id": file.id, "name": made.name, "events": events}
            finish_work(work, result=result | {"scope": scope_mark(maker)})
    except (WorkCancelledError, LeaseLostError):
        raise
    except PlacementError as error:
        with transaction():
            work = db.session.get_one(Work, work.id)
            if work.state is WorkState.RUNNING:
                fail_work(work, error=error.message)


def _make(work: Work, progress: Progress) -> tuple[Viewer, _Made, list[int]]:
    """Call the view as the person; who made it, the file, and the events that it wrote."""
    address, locale, origin = work.input["address"], work.input["locale"], f"file {work.id}"
    maker = _maker(work)
    before = db.session.execute(select(func.max(AuditEvent.id))).scalar() or 0
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # the proxy's
    with (
        app.test_request_context(address, base_url=app.config["SETTINGS"].base_url),
        force_locale(locale),
        acting_from(origin),
        use_scope(maker.scope),
        listening(progress.report),
    ):
        response = _answer(app, address, maker, progress)
        made = _Made(_name_of(response, address), str(response.mimetype), response.get_data())
    progress.report(progress.total or 0)
    events = select(AuditEvent.id).where(
        AuditEvent.id > before, AuditEvent.actor_id == maker.user_id, AuditEvent.origin == origin
    )
    return maker, made, list(db.session.execute(events).scalars())


def _maker(work: Work) -> Viewer:
    user = db.session.get(User, work.actor_id)
    if user is None or user.disabled_at is not None:
        raise NotAllowedError("The account that asked for the file is closed.")
    return viewer_of(user)


def _answer(app: Flask, address: str, maker: Viewer, progress: Progress) -> Response:
    endpoint, values = app.url_map.bind("").match(address.partition("?")[0], method="GET")
    view: Any = app.view_functions[endpoint]
    g.viewer, g.tell_rows = maker, lambda rows: progress.report(0, rows or None)
    try:
        response: Response = make_response(view(**values))
    except HTTPException as error:
        raise NotAllowedError("What the file is about is not yours to see any more.") from error
    finally:
        # What the view has read is of one state, in which the lease was not yet renewed.
        db.session.rollback()
        g.pop("viewer")
        g.pop("tell_rows")
    if response.status_code >= 400:
        raise NotAllowedError("What the file is about cannot be shown any more.")
    return response


def _name_of(response: Response, address: str) -> str:
    """The name that the answer bears, or where there is none the end of its address."""
    given = parse_options_header(response.headers.get("Content-Disposition", ""))[1]
    return given.get("filename") or address.partition("?")[0].rpartition("/")[2]
