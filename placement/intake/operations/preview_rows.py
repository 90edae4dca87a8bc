"""The rows of a file as a preview shows them: how each stood, and what it would change."""

import json
from collections.abc import Iterator

from sqlalchemy import text

from placement.db import db
from placement.intake.matching import NOT_OURS
from placement.intake.models import Import
from placement.intake.operations.staging import StagedRow, stage_rows
from placement.intake.operations.tally import Tally

_STAGED = {"row": "bigint", "outcome": "text", "cells_sealed": "bytea"}
_KEEP = text(
    """
    INSERT INTO import_rows (import_id, row, outcome, problems, cells_sealed)
    SELECT :import_id, row, outcome, '[]', cells_sealed FROM staged_preview ORDER BY row
    """
)


def keep_preview_rows(import_: Import, tally: Tally) -> None:
    """Keep the rows that the preview looked at, under the import's key, until it is applied.

    Of people on a list who are not ours only the number of the row is kept.
    """
    stage_rows("staged_preview", _STAGED, _rows(import_, tally))
    db.session.execute(_KEEP, {"import_id": import_.id})


def _rows(import_: Import, tally: Tally) -> Iterator[StagedRow]:
    if tally.looks is None:
        return
    key, columns = import_.key(), tally.table.columns
    headings = [column.heading for column in columns]
    for outcome, looks in tally.looks.rows.items():
        for place, said in looks.items():
            row = tally.table.rows[place]
            sealed = None
            if outcome != NOT_OURS:
                cells = [column.texts[place] for column in columns]
                plain = json.dumps([headings, cells, said], ensure_ascii=False, default=str)
                sealed = key.seal(plain, f"import_rows.cells.{row}", import_.uid)
            yield row, outcome, sealed
