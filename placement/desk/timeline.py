"""The whole history of a case in one line: contacts, outcomes, notices, jobs, fairs, changes."""

import datetime as dt
import functools
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import BigInteger, and_, bindparam
from sqlalchemy.orm import joinedload

from placement import clock
from placement.cases.models import Case
from placement.cases.queries import Plan, opened_summary
from placement.cases.words import tone, word
from placement.fairs import words as fair_words
from placement.fairs.models import FairResult, SignUp, SignUpState
from placement.fairs.queries import opened_note
from placement.jobs.models import PostingResponse, Referral, ResponseKind
from placement.notices.models import Delivery, DeliveryState
from placement.outcomes.queries import OutcomeStory
from placement.pairing.queries import WITH_HELP, Helping, help_of, helpings_in, opened_word
from placement.reference import destinations
from placement.statements import SideBySide

KINDS = ("contacts", "outcomes", "jobs", "messages")
_TOLD = (
    DeliveryState.SENT,
    DeliveryState.DELIVERED,
    DeliveryState.FAILED,
    DeliveryState.BOUNCED,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: its day, its words, who did it, how it looks, of which kind."""

    on: dt.date
    what: str
    kind: str
    who: str = ""
    tone: str = ""
    more: str = ""
    undo_id: int | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """What a student was offered and told, and what came of it, the oldest first."""

    answers: list[PostingResponse]
    referrals: list[Referral]
    deliveries: list[Delivery]
    sign_ups: list[SignUp]
    results: list[FairResult]
    helpings: list[Helping]


@functools.cache
def _all_steps() -> SideBySide:
    student = bindparam("student_id", type_=BigInteger)
    return SideBySide(
        {
            PostingResponse: and_(
                PostingResponse.student_id == student, PostingResponse.withdrawn_at.is_(None)
            ),
            Referral: Referral.student_id == student,
            Delivery: and_(Delivery.student_id == student, Delivery.state.in_(_TOLD)),
            SignUp: SignUp.student_id == student,
            FairResult: and_(FairResult.student_id == student, FairResult.voided_at.is_(None)),
            **help_of(student),
        },
        joinedload(PostingResponse.posting),
        joinedload(Referral.posting),
        joinedload(Referral.counselor),
        joinedload(Delivery.notice),
        joinedload(SignUp.fair),
        joinedload(FairResult.fair),
        joinedload(FairResult.stand),
        joinedload(FairResult.noter),
        *WITH_HELP,
    )


def steps_of(student_id: int) -> Steps:
    """What a student was offered and told, in one statement."""
    rows = _all_steps().read(student_id=student_id)
    return Steps(
        rows[PostingResponse],
        rows[Referral],
        rows[Delivery],
        rows[SignUp],
        rows[FairResult],
        helpings_in(rows),
    )


def timeline_of(
    case: Case,
    plan: Plan,
    outcomes: list[OutcomeStory],
    steps: Steps,
    *,
    kind: str = "",
) -> list[Entry]:
    """What happened in a case, the last first; `kind` narrows it to one of KINDS."""
    entries = [
        *_contacts(case, plan),
        *_outcomes(outcomes),
        *_jobs(steps),
        *_messages(steps),
        *_fairs(case, steps),
        *_help(steps.helpings),
        Entry(on=case.opened_on, what=_("Case opened"), kind="contacts"),
    ]
    if case.help_asked_at is not None:
        asked = clock.day_of(case.help_asked_at)
        entries.append(Entry(on=asked, what=_("Asked for help"), kind="contacts", tone="due"))
    if case.closed_on is not None and case.close_reason is not None:
        closed = _("Case closed: %(reason)s", reason=word(case.close_reason))
        entries.append(Entry(on=case.closed_on, what=closed, kind="contacts", tone="good"))
    chosen = [entry for entry in entries if not kind or entry.kind == kind]
    return sorted(chosen, key=lambda entry: entry.on, reverse=True)


def _contacts(case: Case, plan: Plan) -> list[Entry]:
    entries = []
    for follow_up in plan.contacts:
        words = [str(word(follow_up.method)), str(word(follow_up.result))]
        if follow_up.duration_minutes:
            words.append(_("%(minutes)d minutes", minutes=follow_up.duration_minutes))
        entries.append(
            Entry(
                on=follow_up.contacted_on,
                what=" · ".join(words),
                kind="contacts",
                who=follow_up.counselor.display_name if follow_up.counselor else "",
                tone=tone(follow_up.result),
                more=opened_summary(case.student, follow_up),
                undo_id=follow_up.id,
            )
        )
    return entries


def _help(helpings: Sequence[Helping]) -> list[Entry]:
    return [
        Entry(
            on=written.helped_on,
            what=_("Paired help: %(name)s", name=each.pairing.helper),
            kind="contacts",
            who=written.noter.display_name if written.noter else "",
            tone="good",
            more=opened_word(each.pairing, written),
        )
        for each in helpings
        for written in each.words
    ]


def _outcomes(stories: list[OutcomeStory]) -> list[Entry]:
    locale = str(get_locale())
    tones = {"verified": "good", "rejected": "late", "disputed": "late", "void": ""}
    entries = []
    for story in stories:
        name = destinations.name(story.outcome.code, locale)
        what = " · ".join(part for part in (name, story.outcome.employer) if part)
        entries.append(
            Entry(
                on=story.outcome.effective_on,
                what=_("Outcome: %(what)s", what=what),
                kind="outcomes",
                tone=tones.get(story.state, "due"),
                more=story.outcome.void_reason or "",
            )
        )
    return entries


def _jobs(steps: Steps) -> list[Entry]:
    entries = []
    for answer in steps.answers:
        applied = answer.kind is ResponseKind.APPLIED
        title = answer.posting.title
        what = (
            _("Applied: %(title)s", title=title)
            if applied
            else _("Not for me: %(title)s", title=title)
        )
        entries.append(
            Entry(
                on=clock.day_of(answer.answered_at),
                what=what,
                kind="jobs",
                tone="good" if applied else "",
            )
        )
    entries.extend(
        Entry(
            on=clock.day_of(referral.referred_at),
            what=_("Referred to: %(title)s", title=referral.posting.title),
            kind="jobs",
            who=referral.counselor.display_name,
            tone="act",
            more=referral.note,
        )
        for referral in steps.referrals
    )
    return entries


def _messages(steps: Steps) -> list[Entry]:
    entries = []
    for delivery in steps.deliveries:
        arrived = delivery.state in (DeliveryState.SENT, DeliveryState.DELIVERED)
        title = str(delivery.notice.values.get("title", ""))
        what = (
            _("Notice sent: %(title)s", title=title)
            if arrived
            else _("Notice did not arrive: %(title)s", title=title)
        )
        at = delivery.sent_at or delivery.created_at
        entries.append(
            Entry(on=clock.day_of(at), what=what, kind="messages", tone="" if arrived else "late")
        )
    return entries


def _fairs(case: Case, steps: Steps) -> list[Entry]:
    entries = [
        Entry(
            on=clock.day_of(sign_up.signed_up_at),
            what=_("Signed up for: %(title)s", title=sign_up.fair.title),
            kind="messages",
            tone="good",
        )
        for sign_up in steps.sign_ups
        if sign_up.state is SignUpState.COMING
    ]
    entries.extend(
        Entry(
            on=clock.day_of(sign_up.came_at),
            what=_("Was at the fair: %(title)s", title=sign_up.fair.title),
            kind="messages",
            tone="good",
        )
        for sign_up in steps.sign_ups
        if sign_up.came_at is not None
    )
    return entries + [_result(case, result) for result in steps.results]


def _result(case: Case, result: FairResult) -> Entry:
    stand = f"{result.stand.number} {result.stand.employer_name}" if result.stand else ""
    parts = [fair_words.word(result.kind), stand, result.fair.title]
    return Entry(
        on=clock.day_of(result.noted_at),
        what=_("At the fair: %(what)s", what=" · ".join(part for part in parts if part)),
        kind="messages",
        who=_("the student") if result.by_student else getattr(result.noter, "display_name", ""),
        tone=fair_words.tone(result.kind),
        more=opened_note(case.student, result),
    )
