"""What became of the rows of a file: counts, problems, warnings, matches."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from placement.intake.checks import Caution, Checked, Problem
from placement.intake.checks.problems import shown
from placement.intake.spreadsheets import Table

KEY_CONFLICT = "key_conflict"
ID_CHANGED = "id_changed"
UNKNOWN_STUDENT = "unknown_student"
AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row that is right in itself cannot be taken; the message is an English message id."""

    column: str
    code: str
    message_id: str
    values: Mapping[str, object] = field(default_factory=dict)


CREATED, UPDATED, UNCHANGED, REJECTED = "created", "updated", "unchanged", "rejected"
MOST_LOOKS = 2_000
"""So many rows of each outcome are kept for a preview: more than a person looks through."""

Said = Mapping[str, Any]
"""What a preview says of a row beside its cells: `before`, by column of the file what stood there;
the categories that it `joins` and `leaves`; of a list the `match` that was found."""


HIDDEN = "***"
"""Stands for what was there before and is kept under cipher."""


class Looks:
    """What a preview says of the rows that are not rejected, by outcome and place in the table."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[int, Said]] = defaultdict(dict)

    def keep(self, outcome: str, place: int, say: Callable[[], Said] | None) -> None:
        """Keep what `say` tells of the row, while there is room."""
        kept = self.rows[outcome]
        if len(kept) < MOST_LOOKS:
            kept[place] = {} if say is None else say()


class Tally:
    """Counts the rows of one file; `rows = created + updated + unchanged + rejected`."""

    def __init__(self, table: Table, checked: Checked, *, looks: Looks | None = None) -> None:
        self.table = table
        self.checked = checked
        self.looks = looks
        """For a preview alone."""
        self.created = 0
        self.updated = 0
        self.unchanged = len(checked.unchanged)
        self.rejected: dict[int, Sequence[Problem]] = dict(checked.rejected)
        """The problems of each rejected row by its place in the table."""
        self._cautions: dict[tuple[str, str], Caution] = {}
        self.details: dict[str, Any] = {}
        """What the kind of file has to say beside the counts."""
        if looks is not None:
            for row in checked.unchanged:
                looks.keep(UNCHANGED, bisect_left(table.rows, row), None)

    @property
    def rows(self) -> int:
        """How many rows with data the file has."""
        return self.checked.total

    @property
    def errors(self) -> list[Problem]:
        """All problems in the order of the rows."""
        return [problem for place in sorted(self.rejected) for problem in self.rejected[place]]

    @property
    def warnings(self) -> list[Caution]:
        """What is worth a look and kept no row out."""
        return [*self.checked.warnings, *self._cautions.values()]

    def refuse(self, index: int, refusal: Refusal) -> None:
        """Reject the accepted row `index` for what the database knows."""
        problem = Problem(
            self.table.kind,
            self.checked.rows[index],
            refusal.column,
            self._shown(index, refusal.column),
            refusal.code,
            refusal.message_id,
            refusal.values,
        )
        self.rejected[self.checked.places[index]] = [problem]

    def caution(self, index: int, column: str, code: str, message_id: str) -> None:
        """Warn of something in the accepted row `index`; the same again is counted."""
        value = self._shown(index, column)
        before = self._cautions.get((code, value))
        self._cautions[code, value] = Caution(
            self.table.kind,
            self.checked.rows[index] if before is None else before.row,
            column,
            value,
            code,
            message_id,
            {"value": value},
            1 if before is None else before.count + 1,
        )

    def count(
        self,
        index: int,
        *,
        created: bool,
        updated: bool,
        found: str = "",
        say: Callable[[], Said] | None = None,
    ) -> None:
        """Count the accepted row `index` as one that was taken.

        A preview keeps it as `found` (by default what it was counted as), with what `say` tells.
        """
        self.created += created
        self.updated += updated and not created
        self.unchanged += not (created or updated)
        if self.looks is not None:
            counted = CREATED if created else UPDATED if updated else UNCHANGED
            self.looks.keep(found or counted, self.checked.places[index], say)

    def _shown(self, index: int, column: str) -> str:
        found = self.table.column(column)
        text = found.texts[self.checked.places[index]] if found else ""
        return shown(column, text)


def tell_before(row: Any, changed: Iterable[str]) -> Said:
    """What stood in the columns of a row of the database that change; nothing of a new one."""
    if row is None:
        return {}
    return {"before": {name: getattr(row, name) for name in changed}}
