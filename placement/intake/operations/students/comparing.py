"""What a row of the file changes for its student: compared with what was known at its moment.

With a day given (`--effective-on`) the file speaks of that day: it is compared with what holds
on it, and what it changes holds from it. Without one it is the newest word: it is compared with
the last that is known, and corrects it from the day on which that began.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any

from sqlalchemy import Row

from placement.intake.operations.students.entry import StudentEntry
from placement.intake.operations.students.known import KnownStudent
from placement.reference import ethnic_groups
from placement.students.models import Category, StandingKind
from placement.students.operations.current import VERSIONED

PLAIN = ("student_number", "name", "examinee_number", "major")
"""Columns of `students` without history that a file may change, as they stand in the row."""

_ALWAYS = {"class_year", "university_id", "sex"}
"""Columns that every file says: the sex follows from the ID number."""

_version_of = attrgetter(*VERSIONED[1:])
_plain_of = attrgetter(*PLAIN)


@dataclass(slots=True)
class StudentChange:
    """What is to be done for one row; nothing but the entry for a row that changes nothing.

    `version` holds the columns of `VERSIONED` and `plain` those of `PLAIN`, as they will be.
    """

    entry: StudentEntry
    known: KnownStudent | None
    version: tuple[Any, ...]
    plain: tuple[Any, ...]
    changed: set[str] = field(default_factory=set)
    """Columns without history that change for a student who is known."""
    version_day: dt.date | None = None
    standing_day: dt.date | None = None
    void_standings: list[int] = field(default_factory=list)
    joins: list[tuple[Category, dt.date]] = field(default_factory=list)
    leaves: list[tuple[int, dt.date | None]] = field(default_factory=list)
    """Memberships that are voided, with the day until which they held if they ever did."""
    counselor_id: int | None = None

    @property
    def is_new(self) -> bool:
        """Whether the student is not in the register, or no longer."""
        return self.known is None or self.known.is_void

    @property
    def is_change(self) -> bool:
        """Whether anything is to be written."""
        return self.is_new or bool(
            self.changed
            or self.version_day
            or self.standing_day
            or self.joins
            or self.leaves
            or self.counselor_id
        )


@dataclass(frozen=True)
class Comparison:
    """How rows of one file are compared; `columns` are those that the file has."""

    class_year: int
    columns: frozenset[str]
    effective_on: dt.date | None

    @cached_property
    def day(self) -> dt.date:
        """The day from which a row holds that says nothing else."""
        return self.effective_on or dt.date(self.class_year, 1, 1)

    @cached_property
    def _unsaid(self) -> tuple[str, ...]:
        return tuple(set(VERSIONED + PLAIN) - self.columns - _ALWAYS)

    def compare(
        self,
        entry: StudentEntry,
        known: KnownStudent | None,
        contacts: Iterable[str] = (),
    ) -> StudentChange:
        """Find what the row changes.

        `contacts` are the columns kept under cipher (ID number, mobile, e-mail) that are new or
        other than before, which only their index can tell.
        """
        version = (self.class_year, *_version_of(entry))
        change = StudentChange(entry, known, version, _plain_of(entry))
        if known is None or known.is_void:
            self._compare_new(change)
        else:
            self._compare_known(change, known, contacts)
        return change

    def _compare_new(self, change: StudentChange) -> None:
        entry = change.entry
        change.version_day = self.day
        if entry.standing is not StandingKind.GRADUATED:
            change.standing_day = entry.standing_on or self.day
        for wanted in self._wanted(entry).values():
            change.joins += [(category, self.day) for category in wanted]
        change.counselor_id = entry.counselor_id

    def _compare_known(
        self, change: StudentChange, known: KnownStudent, contacts: Iterable[str]
    ) -> None:
        if self._unsaid:
            self._keep_unsaid(change, known)
        before = _plain_of(known.row)
        if change.plain != before:
            change.changed.update(
                name
                for name, new, old in zip(PLAIN, change.plain, before, strict=True)
                if new != old
            )
        change.changed.update(contacts)
        if change.version != known.version:
            last = known.version_day or self.day
            change.version_day = self.day if self.effective_on else max(self.day, last)
        self._compare_standing(change, known)
        self._compare_memberships(change, known)
        wanted, assigned = change.entry.counselor_id, known.assignment
        if wanted is not None and (assigned is None or assigned.counselor_id != wanted):
            change.counselor_id = wanted

    def _keep_unsaid(self, change: StudentChange, known: KnownStudent) -> None:
        """Leave as it is what the file has no column for."""
        old = known.version or change.version
        change.version = tuple(
            before if name in self._unsaid else new
            for name, new, before in zip(VERSIONED, change.version, old, strict=True)
        )
        change.plain = tuple(
            before if name in self._unsaid else new
            for name, new, before in zip(PLAIN, change.plain, _plain_of(known.row), strict=True)
        )

    def _compare_standing(self, change: StudentChange, known: KnownStudent) -> None:
        entry, standings = change.entry, known.standings
        if not self._says_standing(entry):
            return
        said = entry.standing_on or self.effective_on
        held = _held_on(standings, said)
        kind = StandingKind.GRADUATED if held is None else StandingKind(held.standing)
        moved = (
            held is not None
            and entry.standing_on is not None
            and kind is not StandingKind.GRADUATED
            and held.holds_from != entry.standing_on
        )
        if entry.standing is kind and not moved:
            return
        last = self.day if held is None else max(self.day, held.holds_from)
        change.standing_day = said or last
        if entry.standing_on is not None:
            # The column gives the day itself: what was said of later days is overtaken.
            change.void_standings = [s.id for s in standings if s.holds_from > entry.standing_on]
            if moved and held is not None and entry.standing is kind:
                change.void_standings.append(held.id)

    def _says_standing(self, entry: StudentEntry) -> bool:
        return "standing" in self.columns or entry.standing is not StandingKind.GRADUATED

    def _compare_memberships(self, change: StudentChange, known: KnownStudent) -> None:
        for source, wanted in self._wanted(change.entry).items():
            have = known.memberships_of(source)
            for category in wanted:
                self._join(change, category, have.pop(category, []))
            for memberships in have.values():
                self._leave(change, memberships)

    def _wanted(self, entry: StudentEntry) -> dict[str, tuple[Category, ...]]:
        """The categories that each column puts the student in; only of columns that are there."""
        wanted: dict[str, tuple[Category, ...]] = {}
        if "ethnic_group" in self.columns:
            minority = ethnic_groups.is_minority(entry.ethnic_group)
            wanted["ethnic_group"] = (Category.ETHNIC_MINORITY,) if minority else ()
        if "origin" in self.columns:
            rural = entry.origin == "rural"
            wanted["origin"] = (Category.RURAL_ORIGIN,) if rural else ()
        if "hardship_code" in self.columns:
            wanted["hardship_code"] = entry.hardship
        return wanted

    def _join(self, change: StudentChange, category: Category, have: list[Row[Any]]) -> None:
        if self.effective_on is not None:
            if not any(_holds(m, self.effective_on) for m in have):
                change.joins.append((category, self.effective_on))
        elif not any(m.holds_to is None for m in have):
            ends = [m.holds_to for m in have]
            change.joins.append((category, max([self.day, *ends])))

    def _leave(self, change: StudentChange, have: list[Row[Any]]) -> None:
        for membership in have:
            if self.effective_on is None:
                if membership.holds_to is None:
                    change.leaves.append((membership.id, None))
            elif _holds(membership, self.effective_on):
                held = membership.holds_from < self.effective_on
                change.leaves.append((membership.id, self.effective_on if held else None))


def _holds(membership: Row[Any], day: dt.date) -> bool:
    ends: dt.date | None = membership.holds_to
    begun: dt.date = membership.holds_from
    return begun <= day and (ends is None or ends > day)


def _held_on(standings: list[Row[Any]], day: dt.date | None) -> Row[Any] | None:
    """The standing that holds on `day`, or the last of all; they are in order."""
    held = [s for s in standings if day is None or s.holds_from <= day]
    return held[-1] if held else None
