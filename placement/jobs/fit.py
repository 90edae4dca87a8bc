"""Which hard rules stand between one student and some postings; pure."""

import datetime as dt
from collections.abc import Sequence

import numpy as np

from placement.jobs.ranking.facts import PostingFacts, SeekerFacts, Tables
from placement.jobs.ranking.parts import meet, rules_kept
from placement.jobs.ranking.postings import prepare
from placement.jobs.ranking.seekers import prepare_seekers
from placement.jobs.ranking.weights import CURRENT_WEIGHTS

_ONLY = np.zeros(1, dtype=np.int64)


def broken_rules(
    postings: Sequence[PostingFacts], seeker: SeekerFacts, *, day: dt.date, tables: Tables
) -> dict[int, tuple[str, ...]]:
    """Say by the posting's number which rules it breaks for a student; none: it may be proposed.

    Words are those of RULES (level, major, reserved, accommodations, place, history), and `live`
    for a posting that takes nobody on the day or whose employer is not verified.
    """
    prepared = prepare(postings, day=day, tables=tables)
    broken: dict[int, tuple[str, ...]] = {
        posting.id: ("live",) for posting in postings if not posting.is_live(day)
    }
    if len(prepared) == 0:
        return broken
    seekers = prepare_seekers([seeker], weights=prepared.weights, tables=tables)
    meeting = meet(prepared, seekers, CURRENT_WEIGHTS, _ONLY)
    kept = rules_kept(meeting, _ONLY, np.arange(len(prepared)))
    for at, posting_id in enumerate(prepared.ids.tolist()):
        broken[posting_id] = tuple(rule for rule, flags in kept.items() if not flags[at])
    return broken
