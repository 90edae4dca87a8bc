"""Reads of postings and recommendations."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from placement.db import db
from placement.jobs.models import Posting, Recommendation, RecommendationRun


def recommended_to(student_id: int, *, limit: int = 10) -> Sequence[Recommendation]:
    """The postings that the current run proposes to a student, the best first."""
    return (
        db.session.execute(
            select(Recommendation)
            .join(RecommendationRun, RecommendationRun.id == Recommendation.run_id)
            .where(RecommendationRun.is_current, Recommendation.student_id == student_id)
            .options(joinedload(Recommendation.posting).joinedload(Posting.employer))
            .order_by(Recommendation.rank)
            .limit(limit)
        )
        .scalars()
        .all()
    )
