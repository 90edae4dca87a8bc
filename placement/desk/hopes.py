"""What a counselor asks about jobs for one student: why so few, and what of this other one."""

import datetime as dt
from dataclasses import dataclass, field

from placement.accounts.viewer import Viewer
from placement.db import db
from placement.jobs.fit import broken_rules
from placement.jobs.laid_out import ready_offers
from placement.jobs.models import Posting
from placement.jobs.queries import PostingFilter, facts, listed_postings
from placement.jobs.ranking.national import national_tables
from placement.jobs.ranking.single import Limits, limits

SHOWN_FOUND = 20


@dataclass(frozen=True, slots=True)
class Search:
    """Postings found by words, each with the hard rules that it breaks for the student."""

    postings: list[Posting] = field(default_factory=list)
    broken: dict[int, tuple[str, ...]] = field(default_factory=dict)


def limits_of(student_id: int, *, today: dt.date) -> Limits | None:
    """Which hard rules keep the live postings from a student.

    None for who does not look for work, and where the postings are not laid out in this process.
    """
    offers = ready_offers(today)
    seekers = facts.seekers(day=today, student_ids=[student_id])
    if offers is None or not seekers:
        return None
    return limits(offers, seekers[0])


def search_for(viewer: Viewer, student_id: int, text: str, *, today: dt.date) -> Search:
    """Find live postings by words, and say of each what a list would hold against it."""
    found = listed_postings(viewer, PostingFilter(text=text), today=today).limit(SHOWN_FOUND)
    postings = list(db.session.execute(found).scalars())
    seekers = facts.seekers(day=today, student_ids=[student_id])
    if not postings or not seekers:
        return Search(postings)
    offers = facts.offers_of([posting.id for posting in postings])
    tables = national_tables()
    return Search(postings, broken_rules(offers, seekers[0], day=today, tables=tables))
