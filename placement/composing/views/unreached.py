"""Whom a notice will not reach and why, on pages and as a file."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.audit.operations import record_event
from placement.composing.exports import unreached_csv
from placement.composing.queries import unreached_by
from placement.composing.views.blueprint import COMPOSERS, bp, visible_draft
from placement.composing.words import LEFT_OUT, WAYS, missed_word
from placement.db import db, system_scope, transaction, use_scope
from placement.exporting.guards import count_of, may_be_large
from placement.notices.models import Channel
from placement.students.models import Student
from placement.students.operations.reading import record_listing
from placement.web import paginate
from placement.work.steps import counted

_ROWS_AT_ONCE = 1000
_OBJECTIONS = ("no_address", "opted_out", "suppressed", "no_account")


@bp.get("/notices/drafts/<int:draft_id>/unreached")
@requires(*COMPOSERS)
def list_unreached(draft_id: int) -> ResponseReturnValue:
    """Show whom a draft does not reach, narrowed by way and reason."""
    draft = visible_draft(draft_id)
    wanted = _wanted()
    query = unreached_by(draft, viewer=viewer(), **wanted)
    with transaction():
        with use_scope(system_scope("list whom a notice does not reach")):
            page = paginate(query, scalars=False)
        students = sorted({student.id for student, _way, _reason in page})
        record_listing(students, actor=viewer(), page="unreached")
    return render_template(
        "composing/unreached.html",
        draft=draft,
        page=page,
        wanted=wanted,
        ways=[(way, WAYS[way]) for way in (*draft.channels, "none")],
        reasons=_reasons(wanted["way"]),
        masked=viewer().role is Role.PROVINCE,
    )


def _count(draft_id: int) -> int:
    query = unreached_by(visible_draft(draft_id), viewer=viewer(), **_wanted())
    with use_scope(system_scope("list whom a notice does not reach")):
        return count_of(query)


@bp.get("/notices/drafts/<int:draft_id>/unreached.csv")
@requires(*COMPOSERS)
@may_be_large(_count)
def export_unreached(draft_id: int) -> ResponseReturnValue:
    """Give the same list as a file, all pages of it."""
    draft = visible_draft(draft_id)
    wanted = _wanted()
    shown: set[int] = set()
    query = unreached_by(draft, viewer=viewer(), **wanted)
    with use_scope(system_scope("list whom a notice does not reach")):
        rows = db.session.execute(query.execution_options(yield_per=_ROWS_AT_ONCE))
        lines = b"".join(
            unreached_csv(
                _told(rows, shown),
                masked=viewer().role is Role.PROVINCE,
            )
        )
    with transaction():
        record_event(
            "draft.exported",
            actor_id=viewer().user_id,
            subject=draft,
            student_ids=shown,
            details={key: value for key, value in wanted.items() if value},
        )
    return Response(
        lines,
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename=unreached-{draft.id}.csv"},
    )


def _told(rows: Iterable[Any], shown: set[int]) -> Iterator[tuple[Student, str, str]]:
    """Give entries on, and note in `shown` whose they are."""
    for student, way, reason in counted(rows):
        shown.add(student.id)
        yield student, way, reason


def _wanted() -> dict[str, str]:
    """The way and the reason of the URL; what is no such word narrows nothing."""
    way, reason = request.args.get("way", ""), request.args.get("reason", "")
    return {
        "way": way if way in WAYS else "",
        "reason": reason if reason in {*_OBJECTIONS, *LEFT_OUT} else "",
    }


def _reasons(way: str) -> list[tuple[str, str]]:
    if way == "none":
        return [(code, str(word)) for code, word in LEFT_OUT.items()]
    codes = ["no_account"] if way == Channel.INBOX else _OBJECTIONS[:3] if way else []
    return [(code, missed_word(code, way)) for code in codes]
