"""The people of a notice as a file, exactly those that the page shows."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

import xlsxwriter
from flask_babel import gettext as _

from placement.fairs.models import SignUp
from placement.fairs.words import state_word as answer_word
from placement.intake.spreadsheets.cells import guarded
from placement.notices.exports import MARK, csv_line, person_cells, person_heads
from placement.notices.models import Channel, Delivery
from placement.notices.words import channel_word, reason_word, state_word
from placement.students.models import Student
from placement.web.filters import moment
from placement.work.steps import counted

Person = tuple[Student, SignUp | None]


def people_lines(
    rows: Iterable[Person],
    messages: Mapping[int, Sequence[Delivery]],
    *,
    channels: Sequence[Channel],
    masked: bool,
) -> Iterator[list[str]]:
    """Give a heading and one line a person; `masked` hides names and student numbers.

    Each of the `channels` has a column that says how it stands and why.
    """
    yield [
        *person_heads(),
        *(channel_word(channel) for channel in channels),
        _("Read on"),
        _("What they said"),
        _("Came at"),
    ]
    for student, answer in rows:
        own = {delivery.channel: delivery for delivery in messages.get(student.id, ())}
        read = [delivery.read_at for delivery in own.values() if delivery.read_at]
        yield [
            *person_cells(student, masked=masked),
            *(_standing(own.get(channel)) for channel in channels),
            moment(min(read)) if read else "",
            answer_word(answer.state) if answer else "",
            moment(answer.came_at) if answer and answer.came_at else "",
        ]


def as_csv(lines: Iterable[Sequence[str]]) -> bytes:
    """The lines as CSV in UTF-8 with the mark that spreadsheets want."""
    return MARK + b"".join(csv_line(line) for line in lines)


def as_xlsx(lines: Iterable[Sequence[str]]) -> bytes:
    """The lines as a workbook of one sheet; text is never a formula, a link or a number."""
    data = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(data, options | {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, line in enumerate(counted(lines)):
            for place, cell in enumerate(line):
                sheet.write_string(number, place, guarded(cell), None if number else bold)
    return data.getvalue()


def _standing(delivery: Delivery | None) -> str:
    if delivery is None:
        return ""
    words = [state_word(delivery.state), reason_word(delivery.reason)]
    return str(_(": ")).join(word for word in words if word)
