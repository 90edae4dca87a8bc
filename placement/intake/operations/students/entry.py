"""One checked row of a students' file."""

import datetime as dt
from typing import NamedTuple

from placement.students.models import Category, StandingKind


class StudentEntry(NamedTuple):
    """What a row says of a student; texts are normalised and codes are those of the tables.

    `row` is the number that a person sees in the spreadsheet. An empty cell is None; so is a
    cell of a column that the file has not, which `StudentColumns` tells apart.
    """

    row: int
    university_id: int
    student_number: str
    name: str
    id_type: str
    id_number: str
    examinee_number: str | None
    sex: str | None
    ethnic_group: str
    college: str | None
    class_name: str | None
    major_code: str | None
    major: str | None
    level: str
    origin_division: str | None
    origin: str | None
    hardship: tuple[Category, ...]
    standing: StandingKind
    standing_on: dt.date | None
    mobile: str | None
    email: str | None
    counselor_id: int | None

    @property
    def said(self) -> tuple[object, ...]:
        """All that the row says, by which two rows of a file are told to be the same."""
        return tuple(self)[1:]
