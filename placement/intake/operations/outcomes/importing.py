"""Takes in an outcomes' file: a new code or day is a new outcome, other details a correction."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import text

from placement.db import db
from placement.intake.checks import messages
from placement.intake.checks.problems import DUPLICATE_IN_FILE
from placement.intake.operations.outcomes.known import KnownOutcomes
from placement.intake.operations.outcomes.reopening import reopen_cases
from placement.intake.operations.outcomes.writing import OutcomeBatch, write_outcomes
from placement.intake.operations.persons import StudentFinder
from placement.intake.operations.run import ImportRun
from placement.intake.operations.tally import Refusal, tell_before
from placement.outcomes.models import Decision
from placement.outcomes.operations.reporting import DETAILS

BATCH_ROWS = 5_000
TABLES = ("outcomes", "verifications")
"""Tables in which an outcomes' file may add rows."""


def take_outcomes(run: ImportRun) -> None:
    """Find the student of every accepted row and write what the row says of them.

    An outcome without a day holds from the day on which it was learnt; said again of somebody
    who is there already, it is nothing new.
    """
    finder = StudentFinder(run)
    met = _Met(run)
    for start in range(0, len(run.checked), BATCH_ROWS):
        rows = [row for row in _found(run, finder, start) if met.is_first(row)]
        known = KnownOutcomes(
            [row.student_id for row in rows],
            moment=run.moment,
            lock=run.writing is not None,
        )
        batch = OutcomeBatch(verify=run.options.verified)
        for row in rows:
            _compare(run, row, known, batch)
        if run.writing is not None:
            write_outcomes(batch, run.writing, _next_numbers(len(batch.new)))
            reopen_cases([row.student_id for row in rows], run.writing)
        run.report(min(start + BATCH_ROWS, len(run.checked)), len(run.checked))


@dataclass(frozen=True, slots=True)
class _Row:
    index: int
    student_id: int
    code: str
    effective_on: dt.date | None
    details: dict[str, str | None]
    """Only those of which the file has a column."""


class _Met:
    """The students and days of the rows so far: two rows may name one student in two ways."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._rows: dict[tuple[int, dt.date | None], _Row] = {}

    def is_first(self, row: _Row) -> bool:
        """Whether the row says something new; another of the same day is refused."""
        first = self._rows.setdefault((row.student_id, row.effective_on), row)
        if first is row:
            return True
        if (first.code, first.details) == (row.code, row.details):
            self._run.tally.count(row.index, created=False, updated=False)
        else:
            number = self._run.checked.rows[first.index]
            refusal = Refusal("code", DUPLICATE_IN_FILE, messages.DUPLICATE, {"first": number})
            self._run.tally.refuse(row.index, refusal)
        return False


def _found(run: ImportRun, finder: StudentFinder, start: int) -> Iterator[_Row]:
    columns, given = run.checked.columns, run.checked.given
    named = [name for name in DETAILS if name in given]
    for index in range(start, min(start + BATCH_ROWS, len(run.checked))):
        found = finder.find(index)
        if isinstance(found, Refusal):
            run.tally.refuse(index, found)
            continue
        yield _Row(
            index,
            found.id,
            columns["code"][index],
            columns["effective_on"][index],
            {name: columns[name][index] for name in named},
        )


def _compare(run: ImportRun, row: _Row, known: KnownOutcomes, batch: OutcomeBatch) -> None:
    if row.effective_on is None:
        before = known.find_present(row.student_id, row.code, run.today)
    else:
        before = known.find(row.student_id, row.code, row.effective_on)
    if before is None:
        day = row.effective_on or run.today
        batch.add(row.student_id, row.code, day, row.details)
        run.tally.count(row.index, created=True, updated=False)
        return
    corrected = {name: text for name, text in row.details.items() if getattr(before, name) != text}
    verified = run.options.verified and before.decision != Decision.VERIFIED
    if corrected or verified:
        batch.correct(before, corrected, verify=verified)
    run.tally.count(
        row.index,
        created=False,
        updated=bool(corrected or verified),
        say=partial(tell_before, before, corrected),
    )


def _next_numbers(count: int) -> Sequence[int]:
    statement = text("SELECT nextval('outcomes_id_seq') FROM generate_series(1, :count)")
    return db.session.execute(statement, {"count": count}).scalars().all()
