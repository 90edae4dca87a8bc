"""Who signed up for a fair and who came, as a CSV file."""

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from placement.fairs.models import SignUp
from placement.fairs.words import state_word
from placement.notices.exports import MARK, csv_line
from placement.students.models import Student
from placement.web.filters import moment
from placement.web.masks import mask_id, mask_name


def attendance_csv(rows: Iterable[tuple[Student, SignUp]], *, masked: bool) -> Iterator[bytes]:
    """Write a heading and one line a student; `masked` hides names and student numbers."""
    yield MARK + csv_line(
        [
            _("Student number"),
            _("Name"),
            _("University"),
            _("College"),
            _("What they said"),
            _("Since"),
            _("Came at"),
        ]
    )
    for student, answer in rows:
        yield csv_line(
            [
                mask_id(student.student_number) if masked else student.student_number,
                mask_name(student.name) if masked else student.name,
                student.university.name,
                student.college or "",
                state_word(answer.state),
                moment(answer.changed_at),
                moment(answer.came_at) if answer.came_at else "",
            ]
        )
