"""Telling somebody about something once: the row of that is the only right to do it.

Two beats that tell at the same moment wait for each other at the row, and one of them finds it.
"""

from collections.abc import Iterable

from sqlalchemy import text

from placement.db import db
from placement.notices.models import NoticeKind

_TAKE = text(
    """
    INSERT INTO tellings (kind, student_id, subject_id)
    SELECT :kind, p.student_id, p.subject_id
    FROM unnest(CAST(:students AS bigint[]), CAST(:subjects AS bigint[]))
        AS p (student_id, subject_id)
    ORDER BY p.student_id, p.subject_id
    ON CONFLICT (kind, subject_id, student_id) DO NOTHING
    RETURNING student_id, subject_id
    """
)


def take_tellings(kind: NoticeKind, wanted: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Take the right to tell students about subjects; which of the pairs nobody has taken yet.

    `wanted` are pairs of a student's id and that of the fair, outcome or whatever it is about.
    The right is given back when the transaction fails.
    """
    pairs = list(wanted)
    if not pairs:
        return []
    values = {
        "kind": kind.value,
        "students": [student for student, _subject in pairs],
        "subjects": [subject for _student, subject in pairs],
    }
    return [(row[0], row[1]) for row in db.session.execute(_TAKE, values)]
