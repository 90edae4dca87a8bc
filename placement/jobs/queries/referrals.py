"""Reads of referrals and answers: what counselors put forward, what students said to it."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import aliased, contains_eager, joinedload

from placement.accounts.viewer import Viewer
from placement.cases.models import FollowUp, FollowUpResult
from placement.db import db
from placement.jobs.models import (
    Posting,
    PostingResponse,
    Referral,
    ReferralState,
    ResponseKind,
    Wish,
)
from placement.students.models import Student
from placement.students.queries import in_scope

DECLINES_THAT_COUNT = 3
"""So many declined postings in a row ask for a talk; nothing else follows from them."""

_earlier = aliased(PostingResponse)


def visible_referrals(viewer: Viewer) -> Select[Referral]:
    """Select the referrals of the students that the viewer may see."""
    return (
        select(Referral)
        .join(Student, Student.id == Referral.student_id)
        .where(in_scope(viewer))
        .options(
            contains_eager(Referral.student),
            joinedload(Referral.posting).joinedload(Posting.employer),
            joinedload(Referral.counselor),
        )
    )


def referrals_of(student_id: int) -> Sequence[Referral]:
    """Everything that a student was referred to, the newest first."""
    return (
        db.session.execute(
            select(Referral)
            .where(Referral.student_id == student_id)
            .options(
                joinedload(Referral.posting).joinedload(Posting.employer),
                joinedload(Referral.counselor),
            )
            .order_by(Referral.referred_at.desc(), Referral.id.desc())
        )
        .scalars()
        .all()
    )


def referral_of(student_id: int, posting_id: int) -> Referral | None:
    """The referral of one student to one posting, whatever became of it."""
    return db.session.execute(
        select(Referral).where(Referral.student_id == student_id, Referral.posting_id == posting_id)
    ).scalar_one_or_none()


def open_referrals_of(student_id: int) -> list[Referral]:
    """What a student was referred to and has not answered yet, the newest first."""
    return [found for found in referrals_of(student_id) if found.state is ReferralState.OPEN]


def referrals_to(viewer: Viewer, posting_id: int) -> Select[Referral]:
    """Select the referrals of the viewer's students to one posting, the newest first."""
    return (
        visible_referrals(viewer)
        .where(Referral.posting_id == posting_id)
        .order_by(Referral.referred_at.desc(), Referral.id.desc())
    )


def answers_of(student_id: int) -> Sequence[PostingResponse]:
    """What a student answered and did not take back, the newest first."""
    return (
        db.session.execute(
            select(PostingResponse)
            .where(PostingResponse.student_id == student_id, PostingResponse.withdrawn_at.is_(None))
            .options(joinedload(PostingResponse.posting).joinedload(Posting.employer))
            .order_by(PostingResponse.answered_at.desc(), PostingResponse.id.desc())
        )
        .scalars()
        .all()
    )


def answer_of(student_id: int, posting_id: int) -> PostingResponse | None:
    """The answer of one student to one posting that is in force."""
    return db.session.execute(
        select(PostingResponse).where(
            PostingResponse.student_id == student_id,
            PostingResponse.posting_id == posting_id,
            PostingResponse.withdrawn_at.is_(None),
        )
    ).scalar_one_or_none()


def wish_of(student_id: int) -> Wish | None:
    """What a student wants of a job, if they have said so."""
    return db.session.execute(
        select(Wish).where(Wish.student_id == student_id)
    ).scalar_one_or_none()


def declines_in_a_row(viewer: Viewer) -> dict[int, int]:
    """How many postings each of the viewer's students declined one after the other, three or more.

    Counted are the last answers. An application begins the count anew, and so does a talk with
    the student: what was talked about is not shown again. A student without so many is not in it.
    """
    applied = (
        select(func.max(_earlier.answered_at))
        .where(
            _earlier.student_id == PostingResponse.student_id,
            _earlier.kind == ResponseKind.APPLIED,
            _earlier.withdrawn_at.is_(None),
        )
        .correlate(PostingResponse)
        .scalar_subquery()
    )
    talked = (
        select(func.max(FollowUp.recorded_at))
        .where(
            FollowUp.student_id == PostingResponse.student_id,
            FollowUp.result == FollowUpResult.REACHED,
            FollowUp.voided_at.is_(None),
        )
        .correlate(PostingResponse)
        .scalar_subquery()
    )
    begun = func.coalesce(func.greatest(applied, talked), text("'-infinity'::timestamptz"))
    rows = db.session.execute(
        select(PostingResponse.student_id, func.count())
        .join(Student, Student.id == PostingResponse.student_id)
        .where(
            in_scope(viewer),
            PostingResponse.kind == ResponseKind.DECLINED,
            PostingResponse.withdrawn_at.is_(None),
            PostingResponse.answered_at > begun,
        )
        .group_by(PostingResponse.student_id)
        .having(func.count() >= DECLINES_THAT_COUNT)
    )
    return dict(rows.all())
