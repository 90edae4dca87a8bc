"""What an import answers: the counts, errors and warnings of the contract."""

from dataclasses import dataclass
from typing import Any

from placement.intake.operations.options import ImportOptions
from placement.intake.operations.tally import Tally


@dataclass(frozen=True, slots=True)
class ImportAnswer:
    """What became of a file. `import_id` is none for a preview; `seconds` are wall-clock time."""

    import_id: int | None
    options: ImportOptions
    tally: Tally
    seconds: float

    @property
    def counts(self) -> dict[str, int]:
        """Rows in all, and how many of them were created, updated, unchanged and rejected."""
        return {
            "rows": self.tally.rows,
            "created": self.tally.created,
            "updated": self.tally.updated,
            "unchanged": self.tally.unchanged,
            "rejected": len(self.tally.rejected),
        }

    def as_dict(self) -> dict[str, Any]:
        """The answer as the commands print it."""
        return {
            "import_id": self.import_id,
            "kind": self.options.kind.value,
            **self.counts,
            "errors": [problem.as_dict() for problem in self.tally.errors],
            "warnings": [caution.as_dict() for caution in self.tally.warnings],
            "unknown_columns": list(self.tally.table.unknown),
            **self.tally.details,
            "seconds": round(self.seconds, 3),
        }
