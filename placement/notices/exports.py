"""The deliveries of a notice as a CSV file, exactly those that the page shows."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask_babel import gettext as _

from placement.notices.models import Delivery
from placement.notices.words import channel_word, reason_word, state_word
from placement.students.models import Student
from placement.web.filters import moment
from placement.web.masks import mask_id, mask_name

MARK = b"\xef\xbb\xbf"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def person_heads() -> list[str]:
    """The headings of the columns by which a file names its people."""
    return [_("Student number"), _("Name"), _("University"), _("College")]


def person_cells(student: Student, *, masked: bool) -> list[str]:
    """What stands in those columns of one person; `masked` hides name and student number."""
    return [
        mask_id(student.student_number) if masked else student.student_number,
        mask_name(student.name) if masked else student.name,
        student.university.name,
        student.college or "",
    ]


def deliveries_csv(rows: Iterable[tuple[Delivery, Student]], *, masked: bool) -> Iterator[bytes]:
    """Write a heading and one line a delivery, in UTF-8 with the mark that spreadsheets want.

    `masked` hides names and student numbers. A text that a spreadsheet might take for a formula
    gets an apostrophe in front.
    """
    yield MARK + csv_line(
        [
            *person_heads(),
            _("Way"),
            _("State"),
            _("Reason"),
            _("Attempts"),
            _("Sent"),
            _("Message number"),
        ]
    )
    for delivery, student in rows:
        yield csv_line(
            [
                *person_cells(student, masked=masked),
                channel_word(delivery.channel),
                state_word(delivery.state),
                reason_word(delivery.reason),
                str(delivery.attempts),
                moment(delivery.sent_at, seconds=True) if delivery.sent_at else "",
                delivery.message_id,
            ]
        )


def csv_line(cells: Sequence[str]) -> bytes:
    """One line of a file; what a spreadsheet might take for a formula gets an apostrophe."""
    written = io.StringIO()
    safe = [f"'{cell}" if cell.strip().startswith(_FORMULA) else cell for cell in cells]
    csv.writer(written).writerow(safe)
    return written.getvalue().encode()
