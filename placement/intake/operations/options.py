"""What a person says beside the file: class, day, moment, and what the import may do."""

import datetime as dt
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from placement.clock import ZONE
from placement.errors import InvalidValueError
from placement.intake.models import Import, ImportKind, ListKind

NEEDS_CLASS_YEAR = frozenset(
    {
        ImportKind.STUDENTS,
        ImportKind.OUTCOMES,
        ImportKind.LIST,
        ImportKind.WISHES,
        ImportKind.BASELINE,
    }
)
_FIRST_CLASS_YEAR, _LAST_CLASS_YEAR = 1978, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """The choices of one import.

    `university_id` narrows it to one university: rows of others are errors and nothing of
    theirs is read. `recorded_at` is the moment from which the rows are known (default: now),
    `effective_on` the day from which changes hold, `as_of` the day of a list.
    """

    kind: ImportKind
    class_year: int | None = None
    university_id: int | None = None
    list_kind: ListKind | None = None
    recorded_at: dt.datetime | None = None
    effective_on: dt.date | None = None
    as_of: dt.date | None = None
    allow_id_change: bool = False
    verified: bool = False
    confirm: bool = False
    complete: bool = False

    def __post_init__(self) -> None:
        """Refuse choices that do not fit together. Raises InvalidValueError."""
        if self.kind in NEEDS_CLASS_YEAR and self.class_year is None:
            raise InvalidValueError(
                "The class year is missing.", remedy="Say of which class the file is."
            )
        if self.class_year is not None and not (
            _FIRST_CLASS_YEAR <= self.class_year <= _LAST_CLASS_YEAR
        ):
            raise InvalidValueError("There is no class of %(year)s.", year=self.class_year)
        if (self.kind is ImportKind.LIST) != (self.list_kind is not None):
            raise InvalidValueError(
                "The kind of list is missing.",
                remedy="Say which of %(known)s it is.",
                known=", ".join(ListKind),
            )
        if self.recorded_at is not None and self.recorded_at.tzinfo is None:
            object.__setattr__(self, "recorded_at", self.recorded_at.replace(tzinfo=ZONE))

    @property
    def new_year(self) -> dt.date:
        """1 January of the class year, from which what has no day of its own holds."""
        if self.class_year is None:
            raise InvalidValueError("The class year is missing.")
        return dt.date(self.class_year, 1, 1)

    def narrowed_to(self, university_id: int) -> Self:
        """The same for one university alone."""
        return replace(self, university_id=university_id)

    def kept(self) -> dict[str, Any]:
        """The choices that have no column of their own on `imports`, as JSON keeps them."""
        columns = {column.key for column in Import.__table__.columns}
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in columns}
        return {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in values.items()
            if value
        }

    @classmethod
    def of(cls, import_: Import) -> Self:
        """The choices with which an import was started."""
        kept = dict(import_.options)
        as_of = kept.pop("as_of", None)
        return cls(
            kind=import_.kind,
            class_year=import_.class_year,
            university_id=import_.university_id,
            list_kind=import_.list_kind,
            recorded_at=import_.recorded_at,
            effective_on=import_.effective_on,
            as_of=None if as_of is None else dt.date.fromisoformat(as_of),
            **kept,
        )
