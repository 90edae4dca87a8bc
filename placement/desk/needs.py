"""Who needs the counselor today, in order of need, each with the rules by which they stand there.

What was put aside comes back on its day, or at once when something new comes from the student.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from placement import clock
from placement.accounts.viewer import Viewer
from placement.cases.models import ActionAnswer, AnswerKind, Case, FollowUp, FollowUpResult
from placement.cases.queries import visible_cases
from placement.db import db
from placement.fairs.models import Fair, FairResult, ResultKind, SignUp
from placement.jobs.models import Referral, ReferralState
from placement.notices.models import Delivery, DeliveryState, NoticeKind, Telling
from placement.outcomes.models import Dispute, Outcome
from placement.outcomes.queries import awaits_verification
from placement.pairing.queries import objected_to, word_missing
from placement.reference import destinations
from placement.rulebook.queries import standard_on
from placement.students.models import Assignment, Membership, MembershipState, Student
from placement.students.queries import held_on
from placement.web import Page

PAGE = 30
WAITING = dt.timedelta(days=7)
"""How long a referral stays without answer, or an outcome unverified, before it is asked about."""
AFTER_REMINDER = dt.timedelta(days=2)
"""How long after the reminder of a fair its silence becomes the counselor's."""
EXPIRES_SOON = dt.timedelta(days=30)
NEW_FOR = dt.timedelta(days=14)
RULES = (
    "dispute",
    "question",
    "objection",
    "overdue",
    "new",
    "silent",
    "due",
    "fair_result",
    "no_date",
    "no_step",
    "message",
    "unanswered",
    "referral",
    "unverified",
    "helper",
    "expiring",
)
"""From the most urgent to the least."""


@dataclass(frozen=True, slots=True)
class Need:
    """One person who needs something today."""

    case: Case
    rules: tuple[str, ...]
    """Those that hold, of RULES, in their order."""
    missed: int
    """How many calls in a row, the last ones, were not answered."""
    today: dt.date

    @property
    def student(self) -> Student:
        """Who it is."""
        return self.case.student

    @property
    def reasons(self) -> list[str]:
        """Why the person stands here, the most urgent first."""
        missed = (
            ngettext("%(num)d call not answered", "%(num)d calls not answered", self.missed)
            if self.missed > 1
            else ""
        )
        words = _words(self.case, self.today)
        return [text for text in (missed, *(words[rule] for rule in self.rules)) if text]


@dataclass(frozen=True, slots=True)
class Day:
    """One page of the list of today, and how many of all are overdue."""

    page: Page
    late: int


def needs_today(viewer: Viewer, *, today: dt.date, number: int = 1) -> Day:
    """The people to act on today, most urgent first: page `number` of them, from 1."""
    rules = _rules(viewer, today)
    rank = case(*((held, place) for place, held in enumerate(rules.values())), else_=len(rules))
    listed = (
        visible_cases(viewer)
        .add_columns(
            func.count().over(),
            func.count().filter(Case.next_contact_on < today).over(),
            *(held.label(rule) for rule, held in rules.items()),
        )
        .where(Case.closed_on.is_(None), _not_put_aside(today), or_(*rules.values()))
        .order_by(rank, Case.next_contact_on.nulls_last(), Case.id)
        .limit(PAGE)
    )
    rows = db.session.execute(listed.offset((number - 1) * PAGE)).all()
    if not rows and number > 1:
        number, rows = 1, db.session.execute(listed).all()
    missed = _missed_calls([row[0].id for row in rows])
    needs = [
        Need(
            case=row[0],
            rules=tuple(rule for rule in RULES if row._mapping[rule]),
            missed=missed.get(row[0].id, 0),
            today=today,
        )
        for row in rows
    ]
    total, late = (rows[0][1], rows[0][2]) if rows else (0, 0)
    return Day(Page(items=needs, number=number, size=PAGE, total=total), late)


def tomorrow_count(viewer: Viewer, *, today: dt.date) -> int:
    """How many people come up tomorrow."""
    tomorrow = today + dt.timedelta(days=1)
    query = visible_cases(viewer).where(Case.closed_on.is_(None), Case.next_contact_on == tomorrow)
    return int(db.session.execute(select(func.count()).select_from(query.subquery())).scalar_one())


def _not_put_aside(today: dt.date) -> ColumnElement[bool]:
    disputed_since = _disputed() & exists().where(
        Dispute.student_id == Case.student_id,
        Dispute.voided_at.is_(None),
        Dispute.recorded_at > Case.later_since,
    )
    in_its_time = or_(Case.later_until.is_(None), Case.later_until <= today)
    asked_since = exists().where(_question_open(), ActionAnswer.answered_at > Case.later_since)
    objected_since = objected_to(Case.student_id, since=Case.later_since)
    return or_(in_its_time, disputed_since, asked_since, objected_since, _has_fair_result())


def _rules(viewer: Viewer, today: dt.date) -> dict[str, ColumnElement[bool]]:
    """The condition of each rule on `Case`, in the order of RULES."""
    silent_since = today - standard_on(today).interval
    touched = func.coalesce(Case.last_contact_on, Case.opened_on)
    mine, before = Case.student_id, clock.now() - WAITING
    last_good = func.least(Membership.valid_to, Membership.holds_to - 1)
    return {
        "dispute": _disputed(),
        "question": exists().where(_question_open()),
        "objection": objected_to(mine),
        "overdue": func.coalesce(Case.next_contact_on < today, False),
        "new": exists().where(
            Assignment.student_id == mine,
            Assignment.counselor_id == viewer.user_id,
            held_on(today),
            Assignment.holds_from > today - NEW_FOR,
            func.coalesce(Case.last_contact_on < Assignment.holds_from, True),
        ),
        "silent": touched < silent_since,
        "due": func.coalesce(Case.next_contact_on == today, False),
        "fair_result": _has_fair_result(),
        "no_date": Case.next_contact_on.is_(None),
        "no_step": Case.next_step.is_(None),
        "message": _not_arrived(),
        "unanswered": _unanswered(mine, today),
        "referral": exists().where(
            Referral.student_id == mine,
            Referral.state == ReferralState.OPEN,
            Referral.referred_at < before,
        ),
        "unverified": exists().where(
            Outcome.student_id == mine, awaits_verification(), Outcome.recorded_at < before
        ),
        "helper": word_missing(mine, today),
        "expiring": exists().where(
            Membership.student_id == mine,
            Membership.state == MembershipState.CONFIRMED,
            Membership.voided_at.is_(None),
            last_good.between(today, today + EXPIRES_SOON),
        ),
    }


def _unanswered(mine: Any, today: dt.date) -> ColumnElement[bool]:
    """Reminded of a coming fair a while ago, and no answer still: a word from somebody known."""
    placed = [code for code in destinations.codes if destinations.is_placed(code)]
    return exists().where(
        Telling.kind == NoticeKind.REMINDER,
        Telling.student_id == mine,
        Telling.at < clock.now() - AFTER_REMINDER,
        Fair.id == Telling.subject_id,
        Fair.on >= today,
        Fair.cancelled_at.is_(None),
        ~exists().where(SignUp.fair_id == Fair.id, SignUp.student_id == mine),
        ~exists().where(
            Outcome.student_id == mine,
            Outcome.voided_at.is_(None),
            Outcome.code.in_(placed),
            Outcome.recorded_at > Telling.at,
        ),
    )


def _disputed() -> ColumnElement[bool]:
    return exists().where(
        Dispute.student_id == Case.student_id,
        Dispute.voided_at.is_(None),
        Outcome.id == Dispute.outcome_id,
        Outcome.voided_at.is_(None),
    )


def _has_fair_result() -> ColumnElement[bool]:
    """The condition that a fair led on to something of which nobody has talked since.

    A next step that was set with the result is its own reminder.
    """
    talked = exists().where(
        FollowUp.student_id == FairResult.student_id,
        FollowUp.voided_at.is_(None),
        FollowUp.recorded_at > FairResult.noted_at,
    )
    return exists().where(
        FairResult.student_id == Case.student_id,
        FairResult.kind != ResultKind.NO_INTEREST,
        FairResult.voided_at.is_(None),
        FairResult.noted_at > clock.now() - EXPIRES_SOON,
        func.coalesce(Case.later_since < FairResult.noted_at, True),
        ~talked,
    )


def _not_arrived() -> ColumnElement[bool]:
    return exists().where(
        Delivery.student_id == Case.student_id,
        Delivery.state.in_((DeliveryState.FAILED, DeliveryState.BOUNCED)),
        Delivery.created_at > clock.now() - EXPIRES_SOON,
    )


def _question_open() -> ColumnElement[bool]:
    return and_(
        ActionAnswer.student_id == Case.student_id,
        ActionAnswer.kind == AnswerKind.QUESTIONED,
        ActionAnswer.replied_at.is_(None),
        ActionAnswer.withdrawn_at.is_(None),
    )


def _words(shown: Case, today: dt.date) -> dict[str, str]:
    days = (today - (shown.last_contact_on or shown.opened_on)).days
    return {
        "dispute": _("says that the recorded outcome is wrong"),
        "question": _("asks about a step of the plan"),
        "objection": _("does not want a paired helper"),
        "overdue": shown.next_step or "",
        "new": _("new in your caseload, no contact yet"),
        "silent": ngettext("no contact for %(num)d day", "no contact for %(num)d days", days),
        "due": shown.next_step or "",
        "fair_result": _("something came of a fair; talk about it"),
        "no_date": _("no next date"),
        "no_step": _("no next step"),
        "message": _("a message did not arrive"),
        "unanswered": _("no answer to a job fair, reminded already"),
        "referral": _("no answer to a job referral for a week"),
        "unverified": _("outcome reported a week ago and not verified"),
        "helper": _("a paired helper has written nothing for a month"),
        "expiring": _("evidence or category ends within 30 days"),
    }


def _missed_calls(case_ids: list[int]) -> dict[int, int]:
    """How many contacts in a row, the last ones, were not answered."""
    reached = (
        select(func.max(FollowUp.contacted_on))
        .where(
            FollowUp.case_id == Case.id,
            FollowUp.voided_at.is_(None),
            FollowUp.result != FollowUpResult.NO_ANSWER,
        )
        .correlate(Case)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(FollowUp.case_id, func.count())
        .join(Case, Case.id == FollowUp.case_id)
        .where(
            FollowUp.case_id.in_(case_ids),
            FollowUp.voided_at.is_(None),
            FollowUp.result == FollowUpResult.NO_ANSWER,
            (reached.is_(None)) | (FollowUp.contacted_on > reached),
        )
        .group_by(FollowUp.case_id)
    )
    return {row[0]: row[1] for row in rows}
