"""Which of some given postings fit one student, and why: the stands of a fair, a short list."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from placement.jobs.laid_out import offers_among
from placement.jobs.models import ResponseKind
from placement.jobs.queries import answers_of, facts
from placement.jobs.ranking.explain import Explained, explain_list
from placement.jobs.ranking.results import MOST_IN_POOL, Options
from placement.jobs.ranking.single import recommend_one


def fitting_among(student_id: int, posting_ids: Sequence[int], *, day: dt.date) -> list[Explained]:
    """Explain those of some live postings that fit a student, best first.

    The rules and the score are those of the student's own list. What they applied to or were
    referred to counts too, since there they may talk to the employer; what they declined does
    not. Empty for who does not look for work; 300 are explained at most.
    """
    chosen = tuple(sorted(set(posting_ids)))
    seekers = facts.seekers(day=day, student_ids=[student_id]) if chosen else []
    if not seekers:
        return []
    declined = {
        answer.posting_id
        for answer in answers_of(student_id)
        if answer.kind is ResponseKind.DECLINED
    }
    seeker = replace(seekers[0], excluded=frozenset(declined))
    offers = offers_among(chosen, day)
    most = min(len(chosen), MOST_IN_POOL)
    options = Options(top=most, pool=most)
    found = recommend_one(offers, seeker, options=options)
    explained = explain_list(offers, seeker, found, 0, options.rule)
    return [each for each in explained if each.reasons]
