"""One import: how far it is, what it would do, what it did."""

from urllib.parse import quote

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.audit.operations import record_event
from placement.db import db, transaction
from placement.errors import NotAllowedError
from placement.exporting.guards import may_be_large
from placement.intake import words
from placement.intake.forms import ConfirmForm
from placement.intake.models import Import, ImportKind, ImportState
from placement.intake.queries import (
    count_to_assign,
    count_waiting,
    given_by_default,
    kept_rows,
    names_of_users,
    open_rows,
    problem_rows,
    students_by_number,
)
from placement.intake.rejects import table_of_rows, write_rejects
from placement.intake.views.blueprint import SENDERS, bp, visible_import
from placement.intake.views.rows import RowTable, lay_out
from placement.web import Page, paginate
from placement.work.models import Work

MOVING = (ImportState.CHECKING, ImportState.APPLYING)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OUTCOMES = ("rejected", "created", "updated", "unchanged")
_OUTCOMES_OF_LIST = ("rejected", "matched", "possible", "duplicate", "not_ours")


@bp.get("/<int:import_id>")
@requires(*SENDERS)
def show_import(import_id: int) -> ResponseReturnValue:
    """Show an import by where it stands; the page asks for itself again while it moves."""
    import_ = visible_import(import_id)
    work = None if import_.work_id is None else db.session.get(Work, import_.work_id)
    counts = _counts(import_)
    shown = request.args.get("show") or next((o for o in counts if counts[o]), "rejected")
    shown = shown if shown in counts else "rejected"
    with transaction():
        page, table = _rows(import_, shown)
    names = names_of_users([import_.actor_id, import_.undone_by])
    found = [row.match.get("student_id") for row in table.rows]
    return render_template(
        "intake/import.html",
        import_=import_,
        work=work,
        moving=import_.state in MOVING and (work is None or work.finished_at is None),
        counts=counts,
        shown=shown,
        page=page,
        table=table,
        students=students_by_number(viewer(), found),
        names=names,
        waiting=count_waiting(viewer(), [import_]).get(import_.id, 0),
        to_assign=count_to_assign(viewer(), import_),
        by_default=given_by_default(viewer(), import_),
        form=ConfirmForm(data={"sha256": import_.sha256.hex()}),
        may_download=_may_download(import_),
        words=words,
    )


def _count(import_id: int) -> int:
    return visible_import(import_id).rejected


@bp.get("/<int:import_id>/rejects")
@requires(*SENDERS)
@may_be_large(_count)
def download_rejects(import_id: int) -> ResponseReturnValue:
    """Send the wrong rows as a workbook with the reason beside each, ready to be corrected."""
    import_ = visible_import(import_id)
    if not _may_download(import_):
        raise NotAllowedError("Only who sent a file gets its rows back.")
    with transaction():
        rows = open_rows(import_, db.session.execute(problem_rows(import_)).scalars())
        record_event(
            "import.rejects_downloaded",
            actor_id=viewer().user_id,
            subject=import_,
            details={"rows": len(rows)},
        )
    table = table_of_rows(import_.kind.value, import_.file_name, rows)
    reasons = {place: "\n".join(words.problem_words(r.problems)) for place, r in enumerate(rows)}
    response = Response(write_rejects(table, reasons, words.locale()), mimetype=_XLSX)
    name = f"import-{import_.id}-{words.outcome_word('rejected')}.xlsx"
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"import-{import_.id}.xlsx\"; filename*=UTF-8''{quote(name)}"
    )
    return response


def _may_download(import_: Import) -> bool:
    """The rows in clear go back to the house that sent them; to the province only to who did."""
    current = viewer()
    return current.role is Role.UNIVERSITY or import_.actor_id == current.user_id


def _counts(import_: Import) -> dict[str, int]:
    """How many rows each tab is about; after the import only what is wrong is kept."""
    if import_.state is not ImportState.PREVIEWED:
        return {"rejected": import_.rejected}
    if import_.kind is not ImportKind.LIST:
        return {name: getattr(import_, name) for name in _OUTCOMES}
    found = import_.summary.get("list", {})
    return {name: found.get(name, import_.rejected) for name in _OUTCOMES_OF_LIST}


def _rows(import_: Import, shown: str) -> tuple[Page, RowTable]:
    """A page of the kept rows, in clear; that they were shown is written down."""
    current = viewer()
    page = paginate(kept_rows(import_, shown))
    table = lay_out(import_, open_rows(import_, page.items), masked=current.role is Role.PROVINCE)
    if page.items:
        record_event(
            "import.rows_shown",
            actor_id=current.user_id,
            subject=import_,
            details={"outcome": shown, "first": page.items[0].row, "last": page.items[-1].row},
        )
    return page, table
