"""What a row changes for its student, as a preview tells it."""

from collections.abc import Mapping
from typing import Any

from placement.intake.operations.students.comparing import PLAIN, StudentChange
from placement.intake.operations.students.known import KnownStudent
from placement.intake.operations.tally import HIDDEN, Said
from placement.intake.operations.universities import Universities
from placement.students.models import Category, StandingKind
from placement.students.operations.current import VERSIONED


def tell_change(
    change: StudentChange, counselors: Mapping[int, str], universities: Universities
) -> Said:
    """What stood before in each column that changes, and the categories joined and left.

    `counselors` are their user names by number. Of what is kept under cipher only that it
    changes is told.
    """
    known = change.known
    said: dict[str, Any] = {"joins": sorted({category.value for category, _ in change.joins})}
    if known is None or known.is_void:
        return said
    before = _before_of_columns(change, known)
    university_id = before.pop("university_id", None)
    if university_id is not None:
        before["university"] = universities.code_of(university_id)
    if change.standing_day is not None:
        before["standing"] = _standing_before(change, known)
    if change.counselor_id is not None:
        assigned = known.assignment
        before["counselor"] = assigned and counselors.get(assigned.counselor_id)
    left = {membership_id for membership_id, _ in change.leaves}
    said["leaves"] = sorted({m.category for m in known.memberships if m.id in left})
    if hardship := _hardship_before(change, known, {*said["joins"], *said["leaves"]}):
        before["hardship_code"] = hardship
    return {**said, "before": before}


def _before_of_columns(change: StudentChange, known: KnownStudent) -> dict[str, Any]:
    before: dict[str, Any] = {}
    for name in sorted(change.changed):
        if name in PLAIN:
            before[name] = getattr(known.row, name)
        else:
            before[name] = None if getattr(known.row, f"{name}_index") is None else HIDDEN
    if change.version_day is not None:
        held = known.version or (None,) * len(VERSIONED)
        pairs = zip(VERSIONED, held, change.version, strict=True)
        before |= {name: old for name, old, new in pairs if old != new}
    return before


def _standing_before(change: StudentChange, known: KnownStudent) -> str:
    held = [s.standing for s in known.standings if s.holds_from <= change.standing_day]
    return str(held[-1]) if held else StandingKind.GRADUATED.value


def _hardship_before(change: StudentChange, known: KnownStudent, moved: set[str]) -> list[str]:
    """The categories by the hardship code so far, if it is they that change."""
    open_ones = {
        Category(m.category).value
        for m in known.memberships
        if m.source == "hardship_code" and m.holds_to is None
    }
    wanted = {category.value for category in change.entry.hardship}
    return sorted(open_ones) if (open_ones ^ wanted) & moved else []
