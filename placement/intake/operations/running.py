"""Taking in a file as a whole: read, check, compare, write, all in one transaction."""

import datetime as dt
import hashlib
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import IntegrityError

from placement import clock, queue
from placement.audit.operations import record_event
from placement.db import db
from placement.errors import InvalidValueError, PlacementError
from placement.history import history_moment, recorded
from placement.intake.checks import Checked, Options, check_table
from placement.intake.models import Import, ImportRow, ImportState
from placement.intake.operations.answer import ImportAnswer
from placement.intake.operations.changes import ChangeLog, digest_changes
from placement.intake.operations.kinds import KINDS
from placement.intake.operations.locks import lock_imports
from placement.intake.operations.options import ImportOptions
from placement.intake.operations.run import ImportRun, ReportProgress, Writing
from placement.intake.operations.tally import Looks, Tally
from placement.intake.operations.universities import Universities
from placement.intake.spreadsheets import Limits, Table, read_table
from placement.keys import keyring


class ImportClashError(PlacementError):
    """Another import wrote the same people at the same moment."""

    code = "clash"


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file as it came, with the largest size that is taken."""

    data: bytes
    name: str
    limits: Limits = field(default_factory=Limits)

    @property
    def sha256(self) -> bytes:
        """The digest by which the file is known again."""
        return hashlib.sha256(self.data).digest()


def no_report(_done: int, _total: int) -> None:
    """Report progress to nobody."""


def preview_import(
    file: IncomingFile, options: ImportOptions, *, report: ReportProgress = no_report
) -> ImportAnswer:
    """Count what an import of the file would do; nothing is written.

    Raises FileRefusedError for a file that is refused as a whole, InvalidValueError for options
    that do not fit it.
    """
    started = time.monotonic()
    universities = Universities.read()
    table, checked = _examine(file, options, universities)
    universities.suppose(checked.new_universities)
    moment = options.recorded_at or clock.now()
    if moment > clock.now():
        raise InvalidValueError("The moment of recording lies in the future.")
    tally = Tally(table, checked, looks=Looks())
    KINDS[options.kind].take(ImportRun(options, checked, tally, universities, moment, report))
    return ImportAnswer(None, options, tally, time.monotonic() - started)


def apply_import(
    file: IncomingFile,
    options: ImportOptions,
    *,
    actor_id: int | None,
    report: ReportProgress = no_report,
    import_: Import | None = None,
) -> ImportAnswer:
    """Take in a file within the caller's transaction: all of it, or nothing.

    Rejected rows never stop the others. `import_` is the one that was started before; without
    it one is made. Raises FileRefusedError, InvalidValueError, and ImportClashError when
    another import wrote the same people meanwhile.
    """
    started = time.monotonic()
    universities = Universities.read()
    table, checked = _examine(file, options, universities)
    tally = Tally(table, checked)
    lock_imports(options.kind, options.class_year)
    import_ = import_ or new_import(file, options, actor_id=actor_id)
    writing = _begin_writing(import_, options, actor_id)
    moment = writing.recorded["recorded_at"]
    try:
        universities.add(checked.new_universities, import_id=import_.id)
        run = ImportRun(options, checked, tally, universities, moment, report, writing)
        KINDS[options.kind].take(run)
        writing.log.write()
    except IntegrityError as error:
        raise ImportClashError(
            "Another import wrote the same people at this moment; nothing of yours was taken.",
            remedy="Send the file again.",
        ) from error
    answer = ImportAnswer(import_.id, options, tally, time.monotonic() - started)
    _finish(import_, answer, actor_id=actor_id)
    return answer


def new_import(
    file: IncomingFile,
    options: ImportOptions,
    *,
    actor_id: int | None,
    state: ImportState = ImportState.APPLYING,
) -> Import:
    """Add the row of an import."""
    uid = uuid.uuid4()
    key, wrapped = keyring().new_data_key(uid)
    import_ = Import(
        uid=uid,
        kind=options.kind,
        list_kind=options.list_kind,
        class_year=options.class_year,
        university_id=options.university_id,
        state=state,
        sha256=file.sha256,
        options=options.kept(),
        recorded_at=options.recorded_at,
        effective_on=options.effective_on,
        actor_id=actor_id,
        name_sealed=key.seal(file.name, "imports.name", uid),
        data_key=wrapped,
    )
    db.session.add(import_)
    db.session.flush()
    return import_


def keep_problem_rows(import_: Import, tally: Tally) -> None:
    """Keep the rejected rows as they stood, so that they can be corrected and sent again."""
    key = import_.key()
    headings = [column.heading for column in tally.table.columns]
    for place, problems in sorted(tally.rejected.items()):
        cells = [column.texts[place] for column in tally.table.columns]
        row = tally.table.rows[place]
        plain = json.dumps([headings, cells], ensure_ascii=False)
        db.session.add(
            ImportRow(
                import_id=import_.id,
                row=row,
                outcome="rejected",
                problems=[problem.as_stored() for problem in problems],
                cells_sealed=key.seal(plain, f"import_rows.cells.{row}", import_.uid),
            )
        )


def _examine(
    file: IncomingFile, options: ImportOptions, universities: Universities
) -> tuple[Table, Checked]:
    table = read_table(file.data, file.name, options.kind.value, file.limits)
    code = universities.code_of(options.university_id)
    if options.university_id is not None and code is None:
        raise InvalidValueError("The university is not known.")
    return table, check_table(
        table,
        Options(
            class_year=options.class_year,
            university=code,
            only_university=code is not None,
            universities=universities.names,
        ),
    )


def _begin_writing(import_: Import, options: ImportOptions, actor_id: int | None) -> Writing:
    columns = recorded(options.recorded_at, import_id=import_.id)
    return Writing(import_, columns, ChangeLog(import_), actor_id)


def _finish(import_: Import, answer: ImportAnswer, *, actor_id: int | None) -> None:
    keep_problem_rows(import_, answer.tally)
    keep_counts(import_, answer)
    manifest, digest = digest_changes(import_.id, KINDS[import_.kind].tables)
    import_.summary = {**import_.summary, "manifest": manifest}
    import_.changes_digest = digest
    import_.state = ImportState.APPLIED
    import_.applied_at = history_moment()
    details: dict[str, Any] = {
        "kind": import_.kind.value,
        "class_year": import_.class_year,
        "file": import_.sha256.hex(),
        "changes": digest.hex(),
        **answer.counts,
    }
    if import_.recorded_at is not None:
        details["recorded_at"] = _written(import_.recorded_at)
    record_event("import.applied", actor_id=actor_id, subject=import_, details=details)
    db.session.flush()
    queue.after_commit(queue.SEAL_AUDIT)


def keep_counts(import_: Import, answer: ImportAnswer) -> None:
    """Keep with the import what a preview or an import answered."""
    for name, count in answer.counts.items():
        setattr(import_, name, count)
    said = answer.as_dict()
    import_.summary = {
        name: said[name] for name in ("unknown_columns", "list", "seconds") if name in said
    }
    # In a form from which any language can be made later.
    import_.summary["warnings"] = [caution.as_stored() for caution in answer.tally.warnings]


def _written(moment: dt.datetime) -> str:
    return moment.astimezone(clock.ZONE).isoformat()
