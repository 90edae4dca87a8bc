"""Reads of what is recommended to whom: the current run only, and of it what still holds."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import contains_eager

from placement.accounts.viewer import Viewer
from placement.cases.models import Case
from placement.db import db, system_scope, use_scope
from placement.jobs.models import (
    Employer,
    Posting,
    PostingResponse,
    Recommendation,
    RecommendationRun,
    Referral,
    ReferralState,
    RunState,
)
from placement.jobs.queries.postings import is_live, is_verified
from placement.students.models import Student
from placement.students.queries import in_scope

LONGEST_LIST = 10
"""How many postings a student's list shows."""


def recommended_to(student_id: int, *, limit: int = LONGEST_LIST) -> Sequence[Recommendation]:
    """The postings that the current run proposes to a student and that still hold, best first.

    Left out is what closed since, and what the student has answered or was referred to.
    """
    return (
        db.session.execute(
            proposed()
            .where(Recommendation.student_id == student_id)
            .order_by(Recommendation.rank, Recommendation.id)
            .limit(limit)
        )
        .scalars()
        .all()
    )


def recommendation_of(student_id: int, posting_id: int) -> Recommendation | None:
    """What the current run says of one student and one posting, answered or not."""
    return db.session.execute(
        select(Recommendation)
        .join(RecommendationRun, RecommendationRun.id == Recommendation.run_id)
        .where(
            RecommendationRun.is_current,
            Recommendation.student_id == student_id,
            Recommendation.posting_id == posting_id,
        )
    ).scalar_one_or_none()


def fitting_students(viewer: Viewer, posting_id: int) -> Select[Recommendation, Student, int]:
    """Select who of the viewer's students has a posting on the list, by its rank in their own.

    Rows are recommendation, student and the number of the open case. Scores of two students are
    not comparable, so that the rank in the own list decides.
    """
    return (
        proposed()
        .add_columns(Student, Case.id)
        .join(Student, Student.id == Recommendation.student_id)
        .join(Case, Case.student_id == Student.id)
        .where(in_scope(viewer), Recommendation.posting_id == posting_id, Case.closed_on.is_(None))
        .order_by(Recommendation.rank, Student.name_key, Student.id)
    )


def fitting_counts(viewer: Viewer, posting_ids: Sequence[int]) -> dict[int, int]:
    """How many of the viewer's students have each of these postings on their list."""
    rows = db.session.execute(
        select(Recommendation.posting_id, func.count())
        .join(RecommendationRun, RecommendationRun.id == Recommendation.run_id)
        .join(Student, Student.id == Recommendation.student_id)
        .where(
            RecommendationRun.is_current,
            Recommendation.posting_id.in_(posting_ids),
            in_scope(viewer),
            ~_settled(),
        )
        .group_by(Recommendation.posting_id)
    )
    return dict(rows.all())


def current_run(class_year: int) -> RecommendationRun | None:
    """The run that readers of a class year see."""
    return db.session.execute(
        select(RecommendationRun).where(
            RecommendationRun.class_year == class_year, RecommendationRun.is_current
        )
    ).scalar_one_or_none()


def last_runs() -> Sequence[RecommendationRun]:
    """The current run of each class year that was computed as a whole, the newest class first."""
    return (
        db.session.execute(
            select(RecommendationRun)
            .where(RecommendationRun.is_current, RecommendationRun.state == RunState.DONE)
            .order_by(RecommendationRun.class_year.desc())
        )
        .scalars()
        .all()
    )


def years_looking() -> list[int]:
    """The class years with open cases, the newest first; counted over everybody."""
    with use_scope(system_scope("class years with open cases")):
        return list(
            db.session.execute(
                select(Student.class_year)
                .join(Case, Case.student_id == Student.id)
                .where(
                    Student.voided_at.is_(None), Case.voided_at.is_(None), Case.closed_on.is_(None)
                )
                .distinct()
                .order_by(Student.class_year.desc())
            ).scalars()
        )


def stored_lists(run_id: int, student_ids: Sequence[int]) -> Select[int, str, Recommendation]:
    """Select rows of student, the posting's own number and recommendation, by student and rank."""
    return (
        select(Recommendation.student_id, Posting.number, Recommendation)
        .join(Posting, Posting.id == Recommendation.posting_id)
        .where(Recommendation.run_id == run_id, Recommendation.student_id.in_(student_ids))
        .order_by(Recommendation.student_id, Recommendation.rank, Recommendation.id)
    )


def proposed() -> Select[Recommendation]:
    """Select what the current run proposes to anybody and still holds, unanswered."""
    return (
        select(Recommendation)
        .join(RecommendationRun, RecommendationRun.id == Recommendation.run_id)
        .join(Posting, Posting.id == Recommendation.posting_id)
        .join(Employer, Employer.id == Posting.employer_id)
        .options(contains_eager(Recommendation.posting).contains_eager(Posting.employer))
        .where(
            RecommendationRun.is_current,
            is_live(func.placement_today()),
            is_verified(),
            ~_settled(),
        )
    )


def _settled() -> ColumnElement[bool]:
    """The condition that the student answered the posting, or was referred to it."""
    answered = exists().where(
        PostingResponse.student_id == Recommendation.student_id,
        PostingResponse.posting_id == Recommendation.posting_id,
        PostingResponse.withdrawn_at.is_(None),
    )
    referred = exists().where(
        Referral.student_id == Recommendation.student_id,
        Referral.posting_id == Recommendation.posting_id,
        Referral.state != ReferralState.WITHDRAWN,
    )
    return answered | referred
