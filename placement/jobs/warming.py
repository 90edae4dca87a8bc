"""What a page does after an answer: the new list at once if it can be had, else by a worker."""

import logging
import threading

from flask import Flask, current_app

from placement import clock, queue
from placement.db import db, system_scope, use_scope
from placement.jobs.laid_out import live_offers, ready_offers
from placement.jobs.operations import refresh_lists

log = logging.getLogger(__name__)


class _Warming:
    """The one thread of this process that lays out postings beside its requests."""

    thread: threading.Thread | None = None


def renew_list(student_id: int) -> bool:
    """Compute a student's list anew, within the request's transaction; whether it is done.

    Where the postings are not laid out in this process they are, beside it, and a worker computes
    the list after the commit; until then the page shows the old one without what was answered.
    """
    day = clock.today()
    offers = ready_offers(day)
    if offers is None:
        queue.after_commit(queue.REFRESH_RECOMMENDATIONS, student_id)
        warm_up()
        return False
    refresh_lists([student_id], offers=offers, day=day)
    return True


def warm_up() -> None:
    """Lay out the postings of today beside the requests of this process."""
    if _Warming.thread is not None and _Warming.thread.is_alive():
        return
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # behind the proxy
    _Warming.thread = threading.Thread(target=_lay_out, args=(app,), daemon=True)
    _Warming.thread.start()


def _lay_out(app: Flask) -> None:
    with app.app_context(), use_scope(system_scope("lay out postings")):
        try:
            live_offers(clock.today())
        except Exception:
            log.exception("postings were not laid out")
        finally:
            db.session.remove()
