"""Whom a row is about: by university and student number, or by ID number."""

from placement.intake.operations.options import ImportOptions
from placement.intake.operations.students.entry import StudentEntry
from placement.intake.operations.students.known import KnownStudent, KnownStudents
from placement.intake.operations.tally import ID_CHANGED, KEY_CONFLICT, Refusal

TWO_PEOPLE = "The student number and the ID number belong to two different people."
NOT_HERE = "This ID number cannot be entered for this university. Ask the province."
OTHER_ID = (
    "This student number has another ID number. Correct the row, or allow ID numbers to change."
)


def identify(
    entry: StudentEntry, id_index: bytes, known: KnownStudents, options: ImportOptions
) -> KnownStudent | Refusal | None:
    """Return the student whom a row is about, none if the student is new, or why it is unclear.

    Of a student of another university an import that is narrowed to one says nothing.
    """
    numbered = known.by_number(entry.university_id, entry.student_number)
    same = known.by_id_number(entry.id_type, id_index)
    narrowed = options.university_id is not None
    if narrowed and same is not None and same.row.university_id != options.university_id:
        return Refusal("id_number", KEY_CONFLICT, NOT_HERE)
    if numbered is None:
        return same
    if same is None:
        # Somebody of an import that was undone is nobody's until the key comes again.
        if numbered.is_void or options.allow_id_change:
            return numbered
        return Refusal("id_number", ID_CHANGED, OTHER_ID)
    if same.row.id != numbered.row.id:
        return Refusal("id_number", KEY_CONFLICT, TWO_PEOPLE)
    return same
