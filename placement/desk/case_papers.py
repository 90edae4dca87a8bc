"""The papers of one case: the official form, and the packet that goes on with consent.

Both are in Chinese, the language of the offices that read them.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from placement.accounts.models import User
from placement.cases.models import Case, Consent
from placement.cases.queries import Plan, opened_note, opened_summary
from placement.cases.words import kind_word, word
from placement.documents.typesetting import typeset
from placement.outcomes.queries import OutcomeStory
from placement.outcomes.words import destination, story_word
from placement.students import words
from placement.students.models import Membership
from placement.web.filters import day

CHINESE = "zh_Hans_CN"


def case_form(
    case: Case,
    plan: Plan,
    stories: Sequence[OutcomeStory],
    memberships: Sequence[Membership],
    counselor: User | None,
    *,
    made_at: dt.datetime,
) -> bytes:
    """The form of a graduate with difficulties (帮扶情况登记表) as PDF, with all of the case."""
    with force_locale(CHINESE):
        sections = [
            _person(case, counselor, whole=True),
            _categories(memberships),
            _wishes(plan),
            _barriers(case, plan),
            _help(plan),
            _contacts(case, plan, whole=True),
            _outcomes(stories),
        ]
        return typeset(
            "sections",
            _page(_("Form of help given"), case, sections, made_at)
            | {"signatures": [_("Counselor"), _("College"), _("University")]},
            made_at=made_at,
        )


def hand_over_packet(
    case: Case,
    plan: Plan,
    stories: Sequence[OutcomeStory],
    counselor: User | None,
    consent: Consent,
    *,
    made_at: dt.datetime,
) -> bytes:
    """What the next office needs to help on: no category, nothing of what was said in talks."""
    with force_locale(CHINESE):
        agreed = _(
            "The student agreed on %(day)s that this goes to: %(who)s",
            day=day(consent.given_at.date()),
            who=consent.recipient,
        )
        sections = [
            {"heading": _("Agreement"), "text": agreed},
            _person(case, counselor, whole=False),
            _wishes(plan),
            _help(plan),
            _contacts(case, plan, whole=False),
            _outcomes(stories),
        ]
        title = _("Packet for going on with the help")
        return typeset("sections", _page(title, case, sections, made_at), made_at=made_at)


def _page(
    title: str, case: Case, sections: list[dict[str, Any]], made_at: dt.datetime
) -> dict[str, Any]:
    university = case.student.university.name
    return {
        "title": title,
        "under": f"{university} · {case.student.name} · {case.student.student_number}",
        "foot": f"{university} · {day(made_at.date())}",
        "nothing": _("Nothing recorded."),
        "sections": sections,
    }


def _person(case: Case, counselor: User | None, *, whole: bool) -> dict[str, Any]:
    student = case.student
    pairs = [
        (_("Name"), student.name),
        (_("Student number"), student.student_number),
        (_("Sex"), words.sex(student.sex)),
        (_("Studies"), f"{student.major or ''} {words.level(student.level)}"),
        (_("College and class"), f"{student.college or ''} {student.class_name or ''}"),
        (_("Home"), words.division(student.origin_division)),
        (_("Mobile"), student.mobile or ""),
        (_("Counselor"), counselor.display_name if counselor else ""),
    ]
    if whole:
        pairs += [
            (_("ID number"), student.id_number or ""),
            (_("Ethnic group"), words.ethnic_group(student.ethnic_group)),
        ]
    return {"heading": _("Particulars"), "facts": [[label, value or "–"] for label, value in pairs]}


def _categories(memberships: Sequence[Membership]) -> dict[str, Any]:
    rows = [
        [
            words.category(held.category),
            words.hardship_class(held.hardship_class),
            held.source,
            day(held.holds_from),
            day(held.valid_to) if held.valid_to else "–",
        ]
        for held in memberships
    ]
    heads = [_("Category"), _("Class of hardship"), _("Source"), _("From"), _("Valid until")]
    return {"heading": _("Categories"), "heads": heads, "rows": rows}


def _wishes(plan: Plan) -> dict[str, Any]:
    rows = [
        [
            day(row.recorded_at.date()),
            row.occupation,
            row.places,
            str(row.salary_min or "–"),
            row.note,
        ]
        for row in plan.expectations
    ]
    heads = [_("Day"), _("Occupation"), _("Places wished for"), _("Pay, yuan a month"), _("Why")]
    return {"heading": _("Expectations"), "heads": heads, "rows": rows}


def _barriers(case: Case, plan: Plan) -> dict[str, Any]:
    rows = [
        [kind_word(row), opened_note(case.student, row), str(word(row.state))]
        for row in plan.barriers
    ]
    heads = [_("Barrier"), _("In your own words"), _("State")]
    return {"heading": _("Barriers"), "heads": heads, "rows": rows, "shares": [2, 5, 1]}


def _help(plan: Plan) -> dict[str, Any]:
    goals = {goal.id: goal.title for goal in plan.goals}
    rows = [
        [
            goals.get(row.goal_id or 0, "–"),
            kind_word(row),
            row.title,
            day(row.due_on) if row.due_on else "–",
            str(word(row.state)),
            day(row.done_on) if row.done_on else "–",
        ]
        for row in plan.actions
    ]
    heads = [_("Goal"), _("Kind of help"), _("Action"), _("By"), _("State"), _("Done on")]
    return {
        "heading": _("Goals and help"),
        "heads": heads,
        "rows": rows,
        "shares": [3, 2, 3, 2, 1, 2],
    }


def _contacts(case: Case, plan: Plan, *, whole: bool) -> dict[str, Any]:
    rows = []
    for row in plan.contacts:
        cells = [day(row.contacted_on), str(word(row.method)), str(word(row.result))]
        if whole:
            cells.append(opened_summary(case.student, row))
        rows.append([*cells, day(row.next_contact_on) if row.next_contact_on else "–"])
    heads = [_("Date of contact"), _("How"), _("What came of it")]
    heads += [_("What was said"), _("Next contact")] if whole else [_("Next contact")]
    shares = [2, 1, 1, 4, 2] if whole else [2, 1, 1, 2]
    return {"heading": _("Contacts"), "heads": heads, "rows": rows, "shares": shares}


def _outcomes(stories: Sequence[OutcomeStory]) -> dict[str, Any]:
    rows = [
        [
            destination(story.outcome.code),
            story.outcome.employer or "–",
            day(story.outcome.effective_on),
            story_word(story),
        ]
        for story in stories
        if story.state != "void"
    ]
    heads = [_("Outcome"), _("Employer or school"), _("From"), _("State")]
    return {"heading": _("Outcomes"), "heads": heads, "rows": rows, "shares": [2, 3, 2, 1]}
