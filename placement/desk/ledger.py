"""The ledger (台账): everybody of a register with what was done for them, one row a person."""

import datetime as dt
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from placement.accounts.viewer import Viewer
from placement.cases.models import Case
from placement.cases.words import word
from placement.db import db
from placement.desk.case_papers import CHINESE
from placement.desk.register import RegisterFilter, listed_students
from placement.desk.service import service_marks
from placement.desk.words import requirement_word
from placement.outcomes.words import destination
from placement.pairing.models import Pairing
from placement.pairing.queries import running_pairings
from placement.reference.service_standards import Requirement
from placement.reports.workbooks import Sheet, as_workbook
from placement.rulebook.queries import standard_on
from placement.students import words
from placement.students.models import Membership, Student
from placement.students.queries import in_scope, membership_holds
from placement.web.filters import day

MOST = 50_000


def ledger_of(viewer: Viewer, *, class_year: int, today: dt.date) -> tuple[bytes, list[int]]:
    """The ledger of a class within the scope as a workbook, and the students that are in it.

    In Chinese, with ID numbers and telephone numbers in clear: for a university's own files.
    """
    held = _memberships(viewer, class_year=class_year, today=today)
    wanted = RegisterFilter(class_year=class_year, sort="number")
    query = listed_students(viewer, wanted, today=today, first=0, size=MOST, what=(Student, Case))
    found = [
        row
        for row in db.session.execute(query.options(joinedload(Student.university))).all()
        if row[1] is not None and row[0].id in held
    ]
    helped = _helpers(viewer, class_year=class_year, today=today)
    marks = service_marks([row[1] for row in found], standard=standard_on(today), today=today)
    with force_locale(CHINESE):
        rows = [
            _row(row, held[row[0].id], helped.get(row[0].id, []), marks[row[0].id]) for row in found
        ]
        owed = [mark.requirement for mark in next(iter(marks.values()), ())]
        sheet = Sheet(_("Ledger"), _headings(owed), rows)
        title = _("Ledger of help for graduates with difficulties")
        asked = _("Class of %(year)d, as of %(day)s", year=class_year, day=day(today))
        data = as_workbook([sheet], title=title, sentence=viewer.university_name or "", asked=asked)
    return data, [row[0].id for row in found]


def _memberships(viewer: Viewer, *, class_year: int, today: dt.date) -> dict[int, list[Membership]]:
    query: Select[Membership] = (
        select(Membership)
        .join(Student, Student.id == Membership.student_id)
        .where(in_scope(viewer), Student.class_year == class_year, membership_holds(today))
        .order_by(Membership.student_id, Membership.category, Membership.id)
    )
    held: dict[int, list[Membership]] = {}
    for membership in db.session.execute(query).scalars():
        held.setdefault(membership.student_id, []).append(membership)
    return held


def _helpers(viewer: Viewer, *, class_year: int, today: dt.date) -> dict[int, list[Pairing]]:
    """Who stands by each student of the class by paired help that has not ended."""
    running = running_pairings(viewer, today=today).where(Student.class_year == class_year)
    helped: dict[int, list[Pairing]] = {}
    for pairing, _last in db.session.execute(running):
        helped.setdefault(pairing.student_id, []).append(pairing)
    return helped


def _headings(owed: list[Requirement | None]) -> list[str]:
    from_words = [
        _("University"), _("College"), _("Major"), _("Class"), _("Student number"), _("Name"),
        _("Sex"), _("Ethnic group"), _("ID number"), _("Level"), _("Home"), _("Origin"),
        _("Mobile"), _("Category"), _("Source"), _("From"), _("Valid until"), _("Counselor"),
        _("Paired helper"), _("Paired since"), _("Next step"), _("Last contact"), _("Next contact"),
    ]  # fmt: skip
    return [
        *from_words,
        *map(requirement_word, owed),
        _("Outcome"),
        _("Employer or school"),
        _("From which day"),
        _("Verified"),
        _("Case closed"),
    ]


def _row(row: Any, held: list[Membership], helped: list[Pairing], marks: Any) -> list[Any]:
    student, case = row[0], row[1]
    return [
        *_who(student),
        "；".join(dict.fromkeys(words.category(m.category) for m in held)),
        "；".join(dict.fromkeys(m.source for m in held)),
        day(min(m.holds_from for m in held)),
        "；".join(day(m.valid_to) for m in held if m.valid_to),
        row.counselor or "",
        "；".join(" ".join(filter(None, (p.helper, p.organisation))) for p in helped),
        "；".join(day(p.starts_on) for p in helped),
        *_progress(case),
        *(f"{mark.done}/{mark.needed}" for mark in marks),
        destination(row.code) if row.code else "",
        row.employer or "",
        day(row.effective_on) if row.code else "",
        (_("yes") if row.verified else _("no")) if row.code else "",
        str(word(case.close_reason)) if case.close_reason else "",
    ]


def _who(student: Student) -> list[str]:
    return [
        student.university.name,
        student.college or "",
        student.major or "",
        student.class_name or "",
        student.student_number,
        student.name,
        words.sex(student.sex),
        words.ethnic_group(student.ethnic_group),
        student.id_number or "",
        words.level(student.level),
        words.division(student.origin_division),
        words.origin(student.origin),
        student.mobile or "",
    ]


def _progress(case: Case) -> list[str]:
    return [
        case.next_step or "",
        day(case.last_contact_on) if case.last_contact_on else "",
        day(case.next_contact_on) if case.next_contact_on else "",
    ]
