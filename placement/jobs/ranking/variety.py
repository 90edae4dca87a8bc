"""The choice of the visible lists among the students' best postings, so that they show variety.

`choose_varied` is plain loops over arrays: called as it stands for one student and compiled for
all, so that both choose alike.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from placement.jobs.ranking.weights import Variety


def stages_of(variety: Variety, top: int) -> NDArray[np.int64]:
    """Spell out in which order limits give way for a list of `top`.

    Rows are stages: up to how many postings, the most of one employer, the most of one
    occupation, and 1 where only related ones are taken. The first stage fetches the related
    ones, the second keeps all limits, the others drop one after the other.
    """
    employer, occupation = variety.per_employer, variety.per_occupation
    related = min(variety.related, top)
    return np.asarray(
        [
            (related, employer, occupation, 1),
            (top, employer, occupation, 0),
            (top, employer, top, 0),
            (top, top, top, 0),
        ],
        dtype=np.int64,
    )


def choose_varied(
    employers: Any, occupations: Any, related: Any, stages: Any, visible: Any
) -> None:
    """Choose among each student's postings, given best first; fill in their places in order.

    All arrays are students × pool, `visible` students × top. The list ends where an employer is
    negative; a negative occupation is like no other. The first stage is gone through only if
    without it fewer related ones are chosen than it asks for.
    """
    for student in range(len(employers)):
        chosen = np.zeros(employers.shape[1], dtype=np.bool_)
        wanted = min(stages[0, 0], np.sum(related[student]))
        for first in (1, 0):
            if np.sum(chosen & related[student]) >= wanted and first == 0:
                break
            chosen[:] = False
            for stage in range(first, len(stages)):
                goal, most_employer, most_occupation, only_related = stages[stage]
                count = np.sum(chosen)
                for at in range(len(chosen)):
                    employer, occupation = employers[student, at], occupations[student, at]
                    if count >= goal or employer < 0:
                        break
                    colleagues = np.sum(chosen & (employers[student] == employer))
                    alike = np.sum(chosen & (occupations[student] == occupation))
                    fits = colleagues < most_employer and (
                        occupation < 0 or alike < most_occupation
                    )
                    if fits and not chosen[at] and related[student, at] >= only_related:
                        chosen[at] = True
                        count += 1
        places = np.flatnonzero(chosen)
        visible[student, : len(places)] = places
