"""An import on the pages: sent, previewed by a worker, confirmed, applied by a worker.

The commands take a file in at once; here it waits, encrypted, for the person to look at what it
would do. Both ways end in the same two operations.
"""

import datetime as dt
from typing import Any

from sqlalchemy import delete, update

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.db import db, transaction
from placement.errors import EditConflictError, NotAllowedError, PlacementError
from placement.files import StoredFile, erase_file, read_file, store_file
from placement.intake.models import Import, ImportRow, ImportState
from placement.intake.operations.options import ImportOptions
from placement.intake.operations.preview_rows import keep_preview_rows
from placement.intake.operations.running import (
    IncomingFile,
    apply_import,
    keep_counts,
    keep_problem_rows,
    new_import,
    preview_import,
)
from placement.intake.spreadsheets import FileRefusedError, Limits
from placement.work.models import Work, WorkKind
from placement.work.operations import (
    LeaseLostError,
    Progress,
    WorkCancelledError,
    ask_to_cancel,
    finish_work,
    queue_work,
)

KEPT_DAYS = 30
"""For so long the file of an import that nobody applies or discards is kept as it was sent."""

PREVIEW, APPLY = "preview", "apply"
_MEGABYTE = 1_000_000


def start_import(file: IncomingFile, options: ImportOptions, *, actor: Viewer) -> Import:
    """Keep a file and have a worker find out what it would do.

    A university's import is narrowed to its own students. Raises FileRefusedError for a file
    that is too large, and NotAllowedError for anybody but the province and an account of a
    whole university.
    """
    if len(file.data) > file.limits.megabytes * _MEGABYTE:
        raise FileRefusedError("too_large", limit=file.limits.megabytes)
    options = _narrowed(options, actor)
    import_ = new_import(file, options, actor_id=actor.user_id, state=ImportState.CHECKING)
    stored = store_file(
        file.data,
        name=file.name,
        content_type="application/octet-stream",
        purpose="import",
        created_by=actor.user_id,
        university_id=options.university_id,
        expires_at=clock.now() + dt.timedelta(days=KEPT_DAYS),
    )
    import_.file_id = stored.id
    _queue(import_, PREVIEW, file.limits)
    record_event(
        "import.started",
        actor_id=actor.user_id,
        subject=import_,
        details={"kind": options.kind.value, "file": import_.sha256.hex()},
    )
    return import_


def confirm_import(import_: Import, *, actor: Viewer, sha256: bytes | None = None) -> None:
    """Have a worker apply an import whose preview somebody has looked at.

    `sha256` is that of the file whose preview was shown. Raises EditConflictError when it is not
    waiting for that, or the file is another.
    """
    if sha256 not in {None, import_.sha256}:
        raise EditConflictError("The preview was of another file.", remedy="Look at it again.")
    _claim(import_, ImportState.PREVIEWED, ImportState.APPLYING)
    work = db.session.get_one(Work, import_.work_id)
    _queue(import_, APPLY, Limits(**work.input.get("limits", {})))
    record_event("import.confirmed", actor_id=actor.user_id, subject=import_)


def cancel_import(import_: Import, *, actor: Viewer) -> None:
    """Stop an import that is not applied yet; nothing of it is taken.

    One that a worker is at stops at its next step. Raises EditConflictError when it has ended.
    """
    running = {ImportState.CHECKING, ImportState.APPLYING}
    if import_.state in running and import_.work_id is not None:
        ask_to_cancel(db.session.get_one(Work, import_.work_id))
        db.session.expire_all()
        work = db.session.get_one(Work, import_.work_id)
        if work.finished_at is not None:
            _claim(import_, import_.state, ImportState.CANCELLED)
            _forget(import_)
    else:
        _claim(import_, ImportState.PREVIEWED, ImportState.CANCELLED)
        _forget(import_)
    record_event("import.cancelled", actor_id=actor.user_id, subject=import_)


def run_import_work(work: Work, progress: Progress) -> None:
    """Preview or apply an import, whole or not at all; the handler of work of kind `import`.

    Raises what stops it after the import says so too.
    """
    import_id = int(work.input["import_id"])
    act = _preview if work.input["act"] == PREVIEW else _apply
    try:
        with transaction():
            finish_work(work, result=act(import_id, work, progress))
    except LeaseLostError:
        raise
    except WorkCancelledError:
        _end(import_id, ImportState.CANCELLED, {})
        raise
    except PlacementError as error:
        _end(import_id, ImportState.REFUSED, {"error": _said_of(error)})
        raise
    except Exception:
        _end(import_id, ImportState.REFUSED, {"error": {"code": "failed"}})
        raise


def _preview(import_id: int, work: Work, progress: Progress) -> dict[str, Any]:
    import_ = db.session.get_one(Import, import_id)
    answer = preview_import(
        _stored(import_, work), ImportOptions.of(import_), report=progress.report
    )
    keep_counts(import_, answer)
    keep_problem_rows(import_, answer.tally)
    keep_preview_rows(import_, answer.tally)
    import_.state = ImportState.PREVIEWED
    return answer.counts


def _apply(import_id: int, work: Work, progress: Progress) -> dict[str, Any]:
    import_ = db.session.get_one(Import, import_id)
    file = _stored(import_, work)
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
    answer = apply_import(
        file,
        ImportOptions.of(import_),
        actor_id=import_.actor_id,
        report=progress.report,
        import_=import_,
    )
    erase_file(db.session.get_one(StoredFile, import_.file_id))
    return answer.counts


def _stored(import_: Import, work: Work) -> IncomingFile:
    file = db.session.get_one(StoredFile, import_.file_id)
    limits = Limits(**work.input.get("limits", {}))
    incoming = IncomingFile(read_file(file), file.name, limits)
    if incoming.sha256 != import_.sha256:
        raise EditConflictError("The file is not the one that was sent.", remedy="Send it again.")
    return incoming


def _queue(import_: Import, act: str, limits: Limits) -> None:
    work = queue_work(
        WorkKind.IMPORT,
        input={
            "import_id": import_.id,
            "act": act,
            "limits": {
                "rows_xlsx": limits.rows_xlsx,
                "rows_csv": limits.rows_csv,
                "columns": limits.columns,
                "megabytes": limits.megabytes,
            },
        },
        actor_id=import_.actor_id,
        university_id=import_.university_id,
    )
    import_.work_id = work.id
    db.session.flush()


def _narrowed(options: ImportOptions, actor: Viewer) -> ImportOptions:
    if actor.role is Role.PROVINCE:
        return options
    if actor.role is not Role.UNIVERSITY or actor.university_id is None or actor.colleges:
        raise NotAllowedError("Files are sent by the province or for a whole university.")
    return options.narrowed_to(actor.university_id)


def _claim(import_: Import, before: ImportState, after: ImportState) -> None:
    claimed = db.session.execute(
        update(Import)
        .where(Import.id == import_.id, Import.state == before)
        .values(state=after)
        .returning(Import.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if claimed is None:
        raise EditConflictError("The import is not where you left it.", remedy="Look at it again.")
    db.session.refresh(import_)


def _end(import_id: int, state: ImportState, summary: dict[str, Any]) -> None:
    with transaction():
        import_ = db.session.get_one(Import, import_id)
        import_.state = state
        import_.summary = {**import_.summary, **summary}
        _forget(import_)


def _forget(import_: Import) -> None:
    """Keep nothing of the rows of a file that was not taken in."""
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == import_.id))
    if import_.file_id is not None:
        erase_file(db.session.get_one(StoredFile, import_.file_id))


def _said_of(error: PlacementError) -> dict[str, Any]:
    """Why it was refused, in a form from which any language can be made later."""
    return {
        "code": error.code,
        "message": error.message_id,
        "remedy": error.remedy_id,
        "values": {name: str(value) for name, value in error.values.items()},
    }
