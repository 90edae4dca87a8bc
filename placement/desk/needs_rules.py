"""The rules by which a case stands on the list of today, and when it was put aside."""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, DateTime, and_, exists, func, literal, or_

from placement.cases.models import ActionAnswer, AnswerKind, Case, FollowUp
from placement.fairs.models import Fair, FairResult, ResultKind, SignUp
from placement.jobs.models import Referral, ReferralState
from placement.notices.models import Delivery, DeliveryState, NoticeKind, Telling
from placement.outcomes.models import Dispute, Outcome
from placement.outcomes.queries import awaits_verification
from placement.pairing.queries import objected_to, word_missing
from placement.reference import destinations
from placement.students.models import Assignment, Membership, MembershipState
from placement.students.queries import held_on

WAITING = dt.timedelta(days=7)
"""How long a referral stays without answer, or an outcome unverified, before it is asked about."""
AFTER_REMINDER = dt.timedelta(days=2)
"""How long after the reminder of a fair its silence becomes the counselor's."""
EXPIRES_SOON = dt.timedelta(days=30)
NEW_FOR = dt.timedelta(days=14)
RULES = (
    "help",
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


def not_put_aside(today: dt.date) -> ColumnElement[bool]:
    """The condition on `Case` that nobody put it off beyond today, or that something came since."""
    disputed_since = _disputed() & exists().where(
        Dispute.student_id == Case.student_id,
        Dispute.voided_at.is_(None),
        Dispute.recorded_at > Case.later_since,
    )
    in_its_time = or_(Case.later_until.is_(None), Case.later_until <= today)
    asked_since = exists().where(_question_open(), ActionAnswer.answered_at > Case.later_since)
    objected_since = objected_to(Case.student_id, since=Case.later_since)
    return or_(in_its_time, disputed_since, asked_since, objected_since, _has_fair_result())


def rules_of(
    counselor_id: int, today: dt.date, interval: dt.timedelta
) -> dict[str, ColumnElement[bool]]:
    """The condition of each rule on `Case`, in the order of RULES.

    `interval` is the longest time that may pass between two contacts.
    """
    silent_since = today - interval
    touched = func.coalesce(Case.last_contact_on, Case.opened_on)
    mine, before = Case.student_id, _ago(WAITING)
    last_good = func.least(Membership.valid_to, Membership.holds_to - 1)
    return {
        "help": help_wanted(),
        "dispute": _disputed(),
        "question": exists().where(_question_open()),
        "objection": objected_to(mine),
        "overdue": func.coalesce(Case.next_contact_on < today, False),
        "new": exists().where(
            Assignment.student_id == mine,
            Assignment.counselor_id == counselor_id,
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


def help_wanted() -> ColumnElement[bool]:
    """The condition on `Case` that help was asked for and nobody talked with the student since."""
    return Case.help_asked_at.is_not(None) & ~exists().where(
        FollowUp.case_id == Case.id,
        FollowUp.voided_at.is_(None),
        FollowUp.recorded_at > Case.help_asked_at,
    )


def _unanswered(mine: Any, today: dt.date) -> ColumnElement[bool]:
    """Reminded of a coming fair a while ago, and no answer still: a word from somebody known."""
    placed = [code for code in destinations.codes if destinations.is_placed(code)]
    return exists().where(
        Telling.kind == NoticeKind.REMINDER,
        Telling.student_id == mine,
        Telling.at < _ago(AFTER_REMINDER),
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
        FairResult.noted_at > _ago(EXPIRES_SOON),
        func.coalesce(Case.later_since < FairResult.noted_at, True),
        ~talked,
    )


def _not_arrived() -> ColumnElement[bool]:
    return exists().where(
        Delivery.student_id == Case.student_id,
        Delivery.state.in_((DeliveryState.FAILED, DeliveryState.BOUNCED)),
        Delivery.created_at > _ago(EXPIRES_SOON),
    )


def _question_open() -> ColumnElement[bool]:
    return and_(
        ActionAnswer.student_id == Case.student_id,
        ActionAnswer.kind == AnswerKind.QUESTIONED,
        ActionAnswer.replied_at.is_(None),
        ActionAnswer.withdrawn_at.is_(None),
    )


def _ago(span: dt.timedelta) -> ColumnElement[dt.datetime]:
    # By the database's own clock, so that a statement made once holds for every moment of its day.
    return func.placement_now(type_=DateTime(timezone=True)) - literal(span)
