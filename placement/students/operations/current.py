"""The values of today on `students`, taken anew from the history."""

from collections.abc import Sequence

from sqlalchemy import text

from placement.db import db

VERSIONED = (
    "class_year",
    "university_id",
    "college",
    "class_name",
    "major_code",
    "level",
    "sex",
    "ethnic_group",
    "origin",
    "origin_division",
)
"""What a `StudentVersion` holds and `students` repeats."""

# Of the versions of one day the one learnt of last; before the first day, the first of all.
_VERSION = text(
    f"""
    UPDATE students s SET ({", ".join(VERSIONED)}) = ROW ({", ".join(f"v.{c}" for c in VERSIONED)}),
        version = s.version + 1
    FROM unnest(CAST(:students AS bigint[])) chosen (id)
    CROSS JOIN LATERAL (
        SELECT * FROM student_versions
        WHERE student_id = chosen.id AND voided_at IS NULL
        ORDER BY effective_on > placement_today(),
            CASE WHEN effective_on > placement_today() THEN effective_on END,
            effective_on DESC, recorded_at DESC, id DESC
        LIMIT 1
    ) v
    WHERE s.id = chosen.id AND ROW ({", ".join(f"s.{c}" for c in VERSIONED)})
        IS DISTINCT FROM ROW ({", ".join(f"v.{c}" for c in VERSIONED)})
    """  # noqa: S608 - column names of ours
)
_STANDING = text(
    """
    UPDATE students s SET standing = held.standing, version = s.version + 1
    FROM (
        SELECT chosen.id, coalesce((
            SELECT standing FROM standings
            WHERE student_id = chosen.id AND voided_at IS NULL
                AND holds_from <= greatest(placement_today(), (
                    SELECT min(effective_on) FROM student_versions
                    WHERE student_id = chosen.id AND voided_at IS NULL))
            ORDER BY holds_from DESC, recorded_at DESC, id DESC LIMIT 1
        ), 'graduated') AS standing
        FROM unnest(CAST(:students AS bigint[])) chosen (id)
    ) held
    WHERE s.id = held.id AND s.standing <> held.standing
    """
)


def refresh_current_values(student_ids: Sequence[int]) -> None:
    """Set what `students` repeats of the history to what holds today, as known now.

    For a student whose first version begins in the future it is that version; without a
    standing a student is graduated. Rows that stay the same are not written.
    """
    for statement in (_VERSION, _STANDING):
        db.session.execute(statement, {"students": list(student_ids)})
