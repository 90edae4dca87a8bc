"""Whom a notice will not reach and why, as a CSV file."""

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from placement.composing.words import missed_word, way_word
from placement.notices.exports import MARK, csv_line
from placement.students.models import Student
from placement.web.masks import mask_id, mask_name


def unreached_csv(rows: Iterable[tuple[Student, str, str]], *, masked: bool) -> Iterator[bytes]:
    """Write a heading and one line a student and way; `masked` hides names and numbers."""
    yield MARK + csv_line(
        [_("Student number"), _("Name"), _("University"), _("College"), _("Way"), _("Reason")]
    )
    for student, way, reason in rows:
        yield csv_line(
            [
                mask_id(student.student_number) if masked else student.student_number,
                mask_name(student.name) if masked else student.name,
                student.university.name,
                student.college or "",
                way_word(way),
                missed_word(reason, way),
            ]
        )
