"""Which stands of a fair have jobs that fit a student, and why."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from placement.fairs.models import Stand
from placement.jobs.among import fitting_among
from placement.jobs.models import Posting
from placement.jobs.ranking.explain import Explained


@dataclass(frozen=True, slots=True)
class Fit:
    """A stand with the postings that fit, best first, each with why."""

    stand: Stand
    postings: list[tuple[Posting, Explained]] = field(default_factory=list)


def fitting_stands(student_id: int, stands: Sequence[Stand], *, day: dt.date) -> list[Fit]:
    """The stands that bring a posting which fits a student, the best fitting first.

    Empty for who does not look for work, and for no student (0).
    """
    if not student_id:
        return []
    at = {each.posting_id: (stand, each.posting) for stand in stands for each in stand.brought}
    fits: dict[int, Fit] = {}
    for explained in fitting_among(student_id, list(at), day=day):
        stand, posting = at[explained.posting_id]
        fits.setdefault(stand.id, Fit(stand)).postings.append((posting, explained))
    return list(fits.values())
