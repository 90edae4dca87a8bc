"""What students are told without anybody sending it: once each, in their inbox and by mail.

A talk that is agreed for tomorrow, jobs that have come in for them, an outcome to look at, a
paper that expires. Only who has an account is told, and nothing says in which category anybody
is. What was told stands in a row of its own, so that any number of beats may run this.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from placement import clock
from placement.accounts.models import User
from placement.cases.models import Case
from placement.config import Settings
from placement.db import db, system_scope, use_scope
from placement.jobs.models import Employer, Posting, Recommendation
from placement.jobs.queries.recommended import proposed
from placement.notices.channels import is_offered
from placement.notices.models import Channel, NoticeKind, Telling
from placement.notices.neutral import neutral
from placement.notices.operations.announcement import Announcement
from placement.notices.operations.announcing import announce
from placement.notices.operations.once import take_tellings
from placement.outcomes.models import Dispute, Outcome, Reporter
from placement.students.models import Membership, MembershipState, Student

NEWS_FOR = dt.timedelta(days=14)
"""What was recorded longer ago is no news; so a new installation does not write of old rows."""
EXPIRES_WITHIN = dt.timedelta(days=30)
ONE_DAY = dt.timedelta(hours=20)
"""Between two mails about new jobs; a little less than a day, so that it does not drift."""
MOST_JOBS = 5
"""So many jobs a mail names; the page has all."""


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell: pairs of student and subject, what all share, what each alone gets."""

    pairs: list[tuple[int, int]]
    values: Mapping[str, Any]
    items: Mapping[tuple[int, int], dict[str, str]] = field(default_factory=dict)


def tell_students(settings: Settings, *, today: dt.date) -> int:
    """Tell students what there is to tell today; how many messages that made."""
    with use_scope(system_scope("what students are told by the program")):
        return sum(
            _tell(kind, news, settings)
            for kind, find in FINDERS.items()
            for news in find(today)
            if news.pairs
        )


def _talks(today: dt.date) -> Iterable[News]:
    """A talk is told of on the day before, once for each day that was agreed."""
    tomorrow = today + dt.timedelta(days=1)
    rows = _pairs(
        select(Case.student_id, func.coalesce(Case.id, 0))
        .join(Student, Student.id == Case.student_id)
        .where(
            Case.next_contact_on == tomorrow,
            Case.last_contact_on.is_not(None),
            Case.closed_on.is_(None),
            Case.voided_at.is_(None),
        )
    )
    pairs = [(student, tomorrow.toordinal()) for student, _case in rows]
    yield News(pairs, {"on": tomorrow.isoformat(), "path": "/my/plan"})


def _jobs(today: dt.date) -> Iterable[News]:
    """Postings that came in lately and stand on somebody's list; once a day at most."""
    del today
    told_today = exists().where(
        Telling.kind == NoticeKind.JOBS,
        Telling.student_id == Recommendation.student_id,
        Telling.at > clock.now() - ONE_DAY,
    )
    rows = db.session.execute(
        proposed()
        .with_only_columns(Recommendation.student_id, Posting.id, Posting.title, Employer.name)
        .join(Case, Case.student_id == Recommendation.student_id)
        .join(Student, Student.id == Recommendation.student_id)
        .where(
            Posting.published_at > clock.now() - NEWS_FOR,
            Case.closed_on.is_(None),
            ~told_today,
            *_reachable(),
        )
        .order_by(Recommendation.student_id, Recommendation.rank)
    ).all()
    items = {
        (student, posting): _job(posting, title, name) for student, posting, title, name in rows
    }
    yield News(list(items), {"path": "/my/jobs"}, items)


def _job(posting_id: int, title: str, employer: str) -> dict[str, str]:
    named = " · ".join(part for part in map(neutral, (title, employer)) if part)
    return {"title": named, "path": f"/my/jobs/{posting_id}"}


def _outcomes(today: dt.date) -> Iterable[News]:
    """An outcome that somebody else recorded and the student has not looked at."""
    del today
    pairs = _pairs(
        select(Outcome.student_id, Outcome.id)
        .join(Student, Student.id == Outcome.student_id)
        .where(
            Outcome.voided_at.is_(None),
            Outcome.reported_by != Reporter.STUDENT,
            Outcome.student_confirmed_at.is_(None),
            Outcome.recorded_at > clock.now() - NEWS_FOR,
            ~exists().where(Dispute.outcome_id == Outcome.id),
        )
    )
    yield News(pairs, {"path": "/my/outcome"})


def _papers(today: dt.date) -> Iterable[News]:
    """A membership whose evidence ends soon, named by nothing but its last day."""
    last = func.least(Membership.valid_to, Membership.holds_to - 1)
    rows = db.session.execute(
        select(Membership.student_id, Membership.id, last.label("last"))
        .join(Student, Student.id == Membership.student_id)
        .where(
            Membership.state == MembershipState.CONFIRMED,
            Membership.voided_at.is_(None),
            last.between(today, today + EXPIRES_WITHIN),
            *_reachable(),
        )
        .order_by(Membership.student_id, Membership.id)
    ).all()
    by_day: dict[dt.date, list[tuple[int, int]]] = defaultdict(list)
    for student, membership, day in rows:
        by_day[day].append((student, membership))
    for day, pairs in sorted(by_day.items()):
        yield News(pairs, {"on": day.isoformat(), "path": "/my"})


FINDERS: dict[NoticeKind, Callable[[dt.date], Iterable[News]]] = {
    NoticeKind.FOLLOW_UP: _talks,
    NoticeKind.JOBS: _jobs,
    NoticeKind.OUTCOME: _outcomes,
    NoticeKind.PAPERS: _papers,
}


def _pairs(query: Select[*tuple[Any, ...]]) -> list[tuple[int, int]]:
    rows = db.session.execute(query.where(*_reachable()).order_by(Student.id))
    return [(row[0], row[1]) for row in rows]


def _reachable() -> tuple[ColumnElement[bool], ...]:
    """Who can sign in: what is written leads to a page behind the door."""
    account = exists().where(User.student_id == Student.id, User.disabled_at.is_(None))
    return Student.voided_at.is_(None), account


def _tell(kind: NoticeKind, news: News, settings: Settings) -> int:
    taken = take_tellings(kind, news.pairs)
    if not taken:
        return 0
    channels = [Channel.INBOX] + [c for c in (Channel.MAIL,) if is_offered(c, settings)]
    told = announce(
        select(Student.id).where(Student.id == func.any(sorted({pair[0] for pair in taken}))),
        Announcement(
            kind=kind,
            subject_id=None,
            values=news.values,
            channels=channels,
            audience={"once": uuid.uuid4().hex},
            expires_at=clock.now() + NEWS_FOR,
            personal=_personal(news, taken),
        ),
        actor=None,
        settings=settings,
    )
    return told.audience


def _personal(
    news: News, taken: Iterable[tuple[int, int]]
) -> dict[int, dict[str, list[dict[str, str]]]]:
    """What each gets alone: the best of what is new for them, in the order of their list."""
    own: dict[int, list[dict[str, str]]] = defaultdict(list)
    right = set(taken)
    for pair, item in news.items.items():
        if pair in right and len(own[pair[0]]) < MOST_JOBS:
            own[pair[0]].append(item)
    return {student: {"items": items} for student, items in own.items()}
