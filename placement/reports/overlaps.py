"""How the headline categories overlap: rows that share nobody, so that they may be added."""

from collections.abc import Iterable

from placement.reports.dimensions import (
    CHINESE,
    COMBINATIONS,
    NO_HEADLINE,
    Dimension,
    label,
)
from placement.reports.questions import Question
from placement.reports.rates import Row, Tally


def overlap_rows(rows: Iterable[Row], question: Question, *, locale: str = CHINESE) -> list[Row]:
    """All 15 combinations and being in none of the four, in their order; of nobody with zeros.

    `rows` are those that a report gives by combination.
    """
    found = {row.key: row for row in rows}
    return [
        found.get(key)
        or Tally(question.base, question.scheme).row(
            (key,),
            label(
                Dimension.COMBINATION,
                key,
                universities={},
                scheme=question.scheme,
                locale=locale,
            ),
        )
        for key in COMBINATIONS
    ]


def in_several(rows: Iterable[Row]) -> int:
    """How many people of these rows are in more than one of the four categories."""
    return sum(row.registered for row in rows if "." in row.key)


def memberships(rows: Iterable[Row]) -> int:
    """What the four categories add up to: everybody once for each of theirs."""
    return sum(row.registered * len(row.key.split(".")) for row in rows if row.key != NO_HEADLINE)
