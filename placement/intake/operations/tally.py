"""What became of the rows of a file: counts, problems, warnings, matches."""

from collections.abc import Mapping, Sequence
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


class Tally:
    """Counts the rows of one file; `rows = created + updated + unchanged + rejected`."""

    def __init__(self, table: Table, checked: Checked) -> None:
        self.table = table
        self.checked = checked
        self.created = 0
        self.updated = 0
        self.unchanged = len(checked.unchanged)
        self.rejected: dict[int, Sequence[Problem]] = dict(checked.rejected)
        """The problems of each rejected row by its place in the table."""
        self._cautions: dict[tuple[str, str], Caution] = {}
        self.details: dict[str, Any] = {}
        """What the kind of file has to say beside the counts."""

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

    def count(self, *, created: bool, updated: bool) -> None:
        """Count one row that was taken."""
        self.created += created
        self.updated += updated and not created
        self.unchanged += not (created or updated)

    def _shown(self, index: int, column: str) -> str:
        found = self.table.column(column)
        text = found.texts[self.checked.places[index]] if found else ""
        return shown(column, text)
