"""A table on its way to be checked: columns are read whole, every text of them once."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from placement.intake.checks import messages
from placement.intake.checks.problems import (
    DUPLICATE_IN_FILE,
    MISSING,
    NUMBER_NOT_TEXT,
    Caution,
    Fault,
    Problem,
    shown,
)
from placement.intake.spreadsheets import FileColumn, Table

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What stands beside the file.

    `universities` are the known codes with their names; `university` is the
    one given for rows that name none; with `only_university` rows of any other
    are refused.
    """

    class_year: int | None = None
    university: str | None = None
    only_university: bool = False
    universities: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file holds after its checks.

    `columns` hold the accepted rows, all of one length, `rows` their numbers in
    the spreadsheet and `places` where they stand in the table. `given` are the
    columns that the file has, so that what it does not say is left alone.
    `total` = accepted + unchanged (identical to a row before) + rejected.
    """

    kind: str
    total: int
    rows: Sequence[int]
    places: Sequence[int]
    columns: Mapping[str, Sequence[Any]]
    given: frozenset[str]
    unchanged: Sequence[int]
    rejected: Mapping[int, Sequence[Problem]]
    """The problems of each rejected row by its place in the table."""
    warnings: Sequence[Caution]
    new_universities: Mapping[str, str]

    @property
    def errors(self) -> list[Problem]:
        """All problems in the order of the rows."""
        return [problem for place in sorted(self.rejected) for problem in self.rejected[place]]

    def __len__(self) -> int:
        """How many rows are accepted."""
        return len(self.rows)


class Draft:
    """Collects values, problems and cautions of a table, column by column."""

    def __init__(self, table: Table, options: Options) -> None:
        self.table = table
        self.options = options
        self.length = len(table)
        self.columns: dict[str, list[Any]] = {}
        self.new_universities: dict[str, str] = {}
        self._problems: defaultdict[int, list[Problem]] = defaultdict(list)
        self._cautions: list[Caution] = []
        self._file_columns: dict[str, FileColumn] = {}
        self._unchanged: list[int] = []

    def column(self, name: str) -> FileColumn:
        """Return the column of the file; one that it does not have is empty throughout."""
        if name not in self._file_columns:
            found = self.table.column(name)
            empty = FileColumn("", name, 0, [""] * self.length, frozenset())
            self._file_columns[name] = found or empty
        return self._file_columns[name]

    def texts(self, name: str) -> Sequence[str]:
        """Return the column of the file as text."""
        return self.column(name).texts

    def read(
        self,
        name: str,
        reader: Callable[[str], Value | Fault],
        *,
        needed: bool = False,
        default: Any = None,
    ) -> list[Any]:
        """Read a column and keep it; an empty cell is `default`, or a problem if `needed`.

        Each text is read once, however often it stands in the column.
        """
        texts = self.texts(name)
        known: dict[str, Any] = {text: reader(text) for text in set(texts) if text}
        known[""] = Fault(MISSING, messages.MISSING) if needed else default
        values = [known[text] for text in texts]
        if any(isinstance(value, Fault) for value in known.values()):
            self._keep_faults(name, values)
        self.columns[name] = values
        return values

    def _keep_faults(self, name: str, values: list[Any]) -> None:
        for place, value in enumerate(values):
            if isinstance(value, Fault):
                self.fail(place, name, value)
                values[place] = None

    def refuse_numbers(self, name: str, *, digits: int = 0) -> None:
        """Refuse the cells of a column that came as numbers and show more than `digits` digits."""
        column = self.column(name)
        for place in sorted(column.numbers):
            if len(column.texts[place]) > digits and not self._has(place, name):
                self.fail(place, name, Fault(NUMBER_NOT_TEXT, messages.NOT_TEXT))

    def _has(self, place: int, name: str) -> bool:
        return any(problem.column == name for problem in self._problems.get(place, ()))

    def fail(self, place: int, name: str, fault: Fault, text: str | None = None) -> None:
        """Add a problem to a row; its value is the cell's text unless another is given."""
        values = dict(fault.values)
        if fault.code == NUMBER_NOT_TEXT:
            values["cell"] = self.table.address(name, place)
        self._problems[place].append(
            Problem(
                self.table.kind,
                self.table.rows[place],
                name,
                shown(name, self.texts(name)[place] if text is None else text),
                fault.code,
                fault.message_id,
                values,
            )
        )

    def caution(
        self,
        places: Sequence[int],
        name: str,
        code: str,
        message_id: str,
        *,
        value: str = "",
        **values: object,
    ) -> None:
        """Add a caution about rows; `value` is what they have in common."""
        self._cautions.append(
            Caution(
                self.table.kind,
                self.table.rows[places[0]],
                name,
                value,
                code,
                message_id,
                values,
                len(places),
            )
        )

    def is_bad(self, place: int) -> bool:
        """Say whether the row has a problem."""
        return place in self._problems

    def settle_duplicates(self, name: str, keys: Sequence[object]) -> None:
        """Keep the first row of each key: an identical one is unchanged, another is refused.

        A key of None is nobody's. Call it after the columns are read: rows are
        compared by what was read, so that 1 and 01 agree.
        """
        if len(set(keys)) == len(keys):
            return
        first: dict[object, int] = {}
        gone = set(self._unchanged)
        for place, key in enumerate(keys):
            if key is None or self.is_bad(place) or place in gone:
                continue
            before = first.setdefault(key, place)
            if before == place:
                continue
            if self._row(before) == self._row(place):
                self._unchanged.append(place)
            else:
                self.fail(
                    place,
                    name,
                    Fault(
                        DUPLICATE_IN_FILE, messages.DUPLICATE, {"first": self.table.rows[before]}
                    ),
                )

    def _row(self, place: int) -> list[Any]:
        return [column[place] for column in self.columns.values()]

    def finish(self) -> Checked:
        """Leave out refused and repeated rows and return the rest."""
        left_out = self._problems.keys() | set(self._unchanged)
        rows, columns = self.table.rows, self.columns
        places: Sequence[int] = range(self.length)
        if left_out:
            places = [place for place in range(self.length) if place not in left_out]
            rows = [rows[place] for place in places]
            columns = {
                name: [column[place] for place in places] for name, column in columns.items()
            }
        return Checked(
            self.table.kind,
            self.length,
            rows,
            places,
            columns,
            frozenset(self.table.known),
            [self.table.rows[place] for place in sorted(self._unchanged)],
            dict(self._problems),
            self._cautions,
            self.new_universities,
        )
