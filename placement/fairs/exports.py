"""The stands of a fair, who signed up and who came, as CSV files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flask_babel import gettext as _

from placement.fairs.models import FairResult, SignUp, Stand
from placement.fairs.words import state_word, word
from placement.notices.exports import MARK, csv_line, person_cells, person_heads
from placement.students.models import Student
from placement.web.filters import moment


def stands_csv(stands: Iterable[Stand]) -> Iterator[bytes]:
    """Write a heading and one line a stand; the same columns as a table of stands pasted in."""
    heads = (_("Stand"), _("Employer"), _("Unified social credit code"), _("Offers"))
    yield MARK + csv_line([*heads, _("Openings"), _("Postings that they bring")])
    for stand in stands:
        yield csv_line(
            [
                stand.number,
                stand.employer_name,
                (stand.employer.code if stand.employer else None) or "",
                stand.offers,
                "" if stand.openings is None else str(stand.openings),
                "; ".join(brought.posting.title for brought in stand.brought),
            ]
        )


def attendance_csv(
    rows: Iterable[tuple[Student, SignUp]],
    results: Mapping[int, Sequence[FairResult]],
    *,
    masked: bool,
) -> Iterator[bytes]:
    """Write a heading and one line a student; `masked` hides names and student numbers.

    `results` holds by student what came of the fair.
    """
    yield MARK + csv_line(
        [
            *person_heads(),
            _("What they said"),
            _("Since"),
            _("Came at"),
            _("What came of it"),
        ]
    )
    for student, answer in rows:
        yield csv_line(
            [
                *person_cells(student, masked=masked),
                state_word(answer.state),
                moment(answer.changed_at),
                moment(answer.came_at) if answer.came_at else "",
                "; ".join(result_words(result) for result in results.get(student.id, ())),
            ]
        )


def result_words(result: FairResult) -> str:
    """What came of it and at which stand, in one line."""
    place = f"{result.stand.number} {result.stand.employer_name}: " if result.stand else ""
    return f"{place}{word(result.kind)}"
