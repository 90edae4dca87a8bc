"""Who needs the counselor today, in order of need, each with the rules by which they stand there.

What was put aside comes back on its day, or at once when something new comes from the student.
"""

import datetime as dt
import functools
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import defaultload, load_only

from placement.accounts.viewer import Viewer
from placement.cases.models import Case, FollowUp, FollowUpResult
from placement.cases.queries import visible_cases
from placement.db import db
from placement.desk.needs_rules import RULES, not_put_aside, rules_of
from placement.rulebook.queries import standard_on
from placement.students.models import Student
from placement.web import Page

PAGE = 30
ON_A_LINE = (
    Case.student_id,
    Case.opened_on,
    Case.last_contact_on,
    Case.next_contact_on,
    Case.next_step,
)
OF_A_PERSON = (
    Student.uid,
    Student.name,
    Student.college,
    Student.major,
    Student.mobile_sealed,
    Student.data_key,
)
"""What a line shows of a case and its student; the whole of both takes twice as long to make."""


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
        words = (_word(rule, self.case, self.today) for rule in self.rules)
        return [text for text in (missed, *words) if text]


@dataclass(frozen=True, slots=True)
class Day:
    """One page of the list of today, and how many of all are overdue."""

    page: Page
    late: int


def needs_today(viewer: Viewer, *, today: dt.date, number: int = 1, why: str = "") -> Day:
    """The people to act on today, most urgent first: page `number` of them, from 1.

    `why`, one of RULES, narrows them to those who stand there by that rule.
    """
    listed = _listed(viewer.kind, today, standard_on(today).interval, why)
    rows = db.session.execute(listed.offset((number - 1) * PAGE), viewer.numbers).all()
    if not rows and number > 1:
        number, rows = 1, db.session.execute(listed, viewer.numbers).all()
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


@functools.lru_cache(maxsize=256)
def _listed(
    viewer: Viewer, today: dt.date, interval: dt.timedelta, why: str
) -> Select[*tuple[Any, ...]]:
    # Made once a day for all counselors: making it takes longer than answering it.
    rules = rules_of(viewer.user_id, today, interval)
    rank = case(*((held, place) for place, held in enumerate(rules.values())), else_=len(rules))
    return (
        visible_cases(viewer)
        .options(load_only(*ON_A_LINE), defaultload(Case.student).load_only(*OF_A_PERSON))
        .add_columns(
            func.count().over(),
            func.count().filter(Case.next_contact_on < today).over(),
            *(held.label(rule) for rule, held in rules.items()),
        )
        .where(
            Case.closed_on.is_(None),
            not_put_aside(today),
            rules[why] if why else or_(*rules.values()),
        )
        .order_by(rank, Case.next_contact_on.nulls_last(), Case.id)
        .limit(PAGE)
    )


def tomorrow_count(viewer: Viewer, *, today: dt.date) -> int:
    """How many people come up tomorrow."""
    tomorrow = today + dt.timedelta(days=1)
    query = visible_cases(viewer).where(Case.closed_on.is_(None), Case.next_contact_on == tomorrow)
    return int(db.session.execute(select(func.count()).select_from(query.subquery())).scalar_one())


_WORDS = {
    "help": _("asks for help"),
    "dispute": _("says that the recorded outcome is wrong"),
    "question": _("asks about a step of the plan"),
    "objection": _("does not want a paired helper"),
    "overdue": _("contact overdue"),
    "new": _("new in your caseload, no contact yet"),
    "silent": _("no contact for too long"),
    "due": _("contact due today"),
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


def rule_words() -> list[tuple[str, str]]:
    """Each rule with what it says of whoever stands there by it, the most urgent first."""
    return [(rule, str(_WORDS[rule])) for rule in RULES]


def _word(rule: str, shown: Case, today: dt.date) -> str:
    if rule in {"overdue", "due"}:
        return shown.next_step or ""
    if rule == "silent":
        days = (today - (shown.last_contact_on or shown.opened_on)).days
        return str(ngettext("no contact for %(num)d day", "no contact for %(num)d days", days))
    return str(_WORDS[rule])


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
