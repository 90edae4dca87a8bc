"""The facts that lists are made of, read from the rows: who looks for work, what is offered."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, text

from placement.db import db
from placement.jobs.models import DeclineReason, ResponseKind
from placement.jobs.ranking.facts import (
    Feedback,
    PostingFacts,
    SeekerFacts,
    Wishes,
    occupation_class,
)
from placement.reference import destinations

FEEDBACK_DAYS = 90
"""How long an answer changes what else is proposed; the posting itself never comes back."""
TOO_FAR_FACTOR = 0.5
NOT_MY_FIELD = -0.15
APPLIED = 0.05
MOST_ADDED, MOST_TAKEN = 0.10, -0.30

# In the register with an open case, and still about.
_ABOUT = (
    "FROM students s JOIN cases c ON c.student_id = s.id"
    " WHERE s.voided_at IS NULL AND c.voided_at IS NULL"
    " AND (c.closed_on IS NULL OR c.closed_on > :day)"
    " AND s.standing NOT IN ('withdrawn', 'transferred', 'deceased')"
)
# Each condition stands only where it is asked for: the planner cannot see through 'or not given',
# takes it for one student in hundreds, and walks thousands one by one.
_NARROWING = {
    "class_year": " AND s.class_year = :class_year",
    "university_id": " AND s.university_id = :university_id",
    "student_ids": " AND s.id = ANY (:student_ids)",
}
_SEEKERS = (
    "SELECT s.id, s.level, s.major_code, s.major, s.origin_division,"
    " w.places, w.anywhere, w.salary, w.occupations, w.industries, w.distance_km, w.skills, w.needs"
    " {about} ORDER BY s.id"
)
# The last outcome that decides: not rejected, and verified unless it is a need (believed).
_PLACED = """
    SELECT d.student_id FROM (
        SELECT DISTINCT ON (o.student_id) o.student_id, o.id, o.code
        FROM outcomes o
        LEFT JOIN verifications v ON v.outcome_id = o.id AND v.voided_at IS NULL
        WHERE o.voided_at IS NULL AND o.effective_on <= :day
          AND v.decision IS DISTINCT FROM 'rejected'
          AND (v.decision = 'verified' OR NOT o.code = ANY (:placed))
          AND o.student_id IN (SELECT s.id {about})
        ORDER BY o.student_id, o.effective_on DESC, o.recorded_at DESC, o.id DESC
    ) d
    WHERE d.code = ANY (:placed)
      AND d.id NOT IN (SELECT outcome_id FROM disputes WHERE voided_at IS NULL)
"""
_CATEGORIES = """
    SELECT student_id, array_agg(DISTINCT category) AS categories
    FROM memberships m
    WHERE voided_at IS NULL AND state = 'confirmed'
      AND holds_from <= :day AND (holds_to IS NULL OR holds_to > :day)
      AND student_id IN (SELECT s.id {about})
    GROUP BY student_id
"""
_ANSWERS = text(
    """
    SELECT r.student_id, r.posting_id, r.kind, r.reason, p.city, p.occupation_code, p.employer_id,
        r.answered_at > CAST(:since AS date) AS is_fresh
    FROM posting_responses r JOIN postings p ON p.id = r.posting_id
    WHERE r.withdrawn_at IS NULL AND r.student_id = ANY (:student_ids)
    ORDER BY r.student_id, r.id
    """
)
_REFERRED = text(
    """
    SELECT student_id, posting_id FROM referrals
    WHERE state <> 'withdrawn' AND student_id = ANY (:student_ids)
    """
)
_POSTINGS = """
    SELECT p.id, p.employer_id, p.title, p.occupation_code, p.city, p.salary_min, p.salary_max,
        p.level, p.majors, p.majors_strict, p.deadline, p.description, p.reserved_for,
        p.accommodations, p.industry, p.state = 'open' AS is_open,
        e.verified_at IS NOT NULL OR e.import_id IS NOT NULL AS is_verified
    FROM postings p JOIN employers e ON e.id = p.employer_id
    WHERE {condition} ORDER BY p.id
"""
_LIVE_POSTINGS = text(
    _POSTINGS.format(condition="p.state = 'open' AND (p.deadline IS NULL OR p.deadline >= :day)")
)
_THESE_POSTINGS = text(_POSTINGS.format(condition="p.id = ANY (:posting_ids)"))
_COUNT_POSTINGS = text(
    "SELECT count(*) FROM postings WHERE state = 'open' AND (deadline IS NULL OR deadline >= :day)"
)


@dataclass
class _History:
    """What one student answered so far."""

    settled: set[int] = field(default_factory=set)
    cities: dict[str, float] = field(default_factory=dict)
    occupations: dict[str, float] = field(default_factory=dict)
    employers: set[int] = field(default_factory=set)

    def note(self, answer: Row[Any]) -> None:
        """Take one answer in; one that is not fresh settles its posting and no more."""
        self.settled.add(answer.posting_id)
        if not answer.is_fresh:
            return
        group = occupation_class(answer.occupation_code or "")
        if answer.kind == ResponseKind.APPLIED:
            self._add(group, APPLIED)
        elif answer.reason == DeclineReason.NOT_MY_FIELD:
            self._add(group, NOT_MY_FIELD)
        elif answer.reason == DeclineReason.TOO_FAR and answer.city:
            self.cities[answer.city] = self.cities.get(answer.city, 1.0) * TOO_FAR_FACTOR
        elif answer.reason == DeclineReason.EMPLOYER:
            self.employers.add(answer.employer_id)

    def _add(self, group: str, change: float) -> None:
        if group:
            total = self.occupations.get(group, 0.0) + change
            self.occupations[group] = min(MOST_ADDED, max(MOST_TAKEN, total))


def seekers(
    *,
    day: dt.date,
    class_year: int | None = None,
    university_id: int | None = None,
    student_ids: Sequence[int] | None = None,
) -> list[SeekerFacts]:
    """Read the students who look for work on a local day, by their numbers.

    Those are the students of a register with an open case whose standing leaves them about
    (not withdrawn, transferred or deceased) and who are not placed by a verified outcome that is
    in force on the day and not in dispute. Narrowed by class year, university or numbers.
    """
    given = {"class_year": class_year, "university_id": university_id, "student_ids": student_ids}
    asked = {name: value for name, value in given.items() if value is not None}
    about = _ABOUT + "".join(_NARROWING[name] for name in asked)
    with_wishes = about.replace(" WHERE", " LEFT JOIN wishes w ON w.student_id = s.id WHERE", 1)

    def read(query: str, about: str, **values: Any) -> Sequence[Row[Any]]:
        bound = {"day": day, **asked, **values}
        return db.session.execute(text(query.format(about=about)), bound).all()

    placed = {row.student_id for row in read(_PLACED, about, placed=_placed_codes())}
    categories = {row.student_id: row.categories for row in read(_CATEGORIES, about)}
    rows = [row for row in read(_SEEKERS, with_wishes) if row.id not in placed]
    histories = _histories([row.id for row in rows], day)
    unwritten = _History()
    return [
        _seeker(row, categories.get(row.id, ()), histories.get(row.id, unwritten)) for row in rows
    ]


def _placed_codes() -> list[str]:
    return [code for code in destinations.codes if destinations.is_placed(code)]


def _histories(student_ids: list[int], day: dt.date) -> dict[int, _History]:
    histories: dict[int, _History] = defaultdict(_History)
    since = day - dt.timedelta(days=FEEDBACK_DAYS)
    values = {"student_ids": student_ids, "since": since}
    for answer in db.session.execute(_ANSWERS, values):
        histories[answer.student_id].note(answer)
    for referral in db.session.execute(_REFERRED, {"student_ids": student_ids}):
        histories[referral.student_id].settled.add(referral.posting_id)
    return dict(histories)


def _seeker(row: Row[Any], categories: Sequence[str], history: _History) -> SeekerFacts:
    return SeekerFacts(
        id=row.id,
        level=row.level,
        major_code=row.major_code or "",
        major_name=row.major or "",
        home=row.origin_division or "",
        wishes=Wishes()
        if row.places is None
        else Wishes(
            places=tuple(row.places),
            anywhere=row.anywhere,
            salary=row.salary,
            occupations=tuple(row.occupations),
            industries=tuple(row.industries),
            distance_km=row.distance_km,
            skills=row.skills,
            needs=frozenset(row.needs),
        ),
        categories=frozenset(categories),
        excluded=frozenset(history.settled),
        feedback=Feedback(
            cities=history.cities,
            occupations=history.occupations,
            blocked_employers=frozenset(history.employers),
        ),
    )


def offers(*, day: dt.date) -> list[PostingFacts]:
    """Read the postings that are open and whose deadline has not passed on a local day."""
    return [_offer(row) for row in db.session.execute(_LIVE_POSTINGS, {"day": day})]


def count_offers(*, day: dt.date) -> int:
    """Count the postings that `offers` would read."""
    return int(db.session.execute(_COUNT_POSTINGS, {"day": day}).scalar_one())


def offers_of(posting_ids: Sequence[int]) -> list[PostingFacts]:
    """Read some postings as they stand, whether they may still be proposed or not."""
    rows = db.session.execute(_THESE_POSTINGS, {"posting_ids": list(posting_ids)})
    return [_offer(row) for row in rows]


def _offer(row: Row[Any]) -> PostingFacts:
    # Majors that no catalogue knows stand in the employer's words; nothing can be compared.
    majors = tuple(code for code in row.majors if code.isdecimal())
    return PostingFacts(
        id=row.id,
        employer_id=row.employer_id,
        title=row.title,
        occupation=row.occupation_code or "",
        city=row.city or "",
        salary_min=row.salary_min,
        salary_max=row.salary_max,
        level=row.level or "",
        majors=majors,
        majors_strict=row.majors_strict and bool(majors),
        deadline=row.deadline,
        description=row.description,
        reserved_for=frozenset(row.reserved_for),
        accommodations=frozenset(row.accommodations),
        industry=row.industry or "",
        open=row.is_open,
        employer_verified=row.is_verified,
    )
