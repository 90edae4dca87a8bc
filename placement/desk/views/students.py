"""The list of students and the search box."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.cases.queries import case_of_student
from placement.db import db, transaction
from placement.desk.choices import all_universities, years_and_colleges
from placement.desk.register import (
    RegisterFilter,
    counted_students,
    student_rows,
    suggested_students,
)
from placement.desk.service import service_met
from placement.desk.student_lines import student_lines
from placement.desk.views.blueprint import STAFF, bp
from placement.rulebook.queries import standard_on
from placement.students import words
from placement.students.models import Category
from placement.students.operations.reading import record_listing, record_reading
from placement.students.queries import counselor_of, memberships_on, visible_students
from placement.students.responsible import counselors_of
from placement.web import PAGE_SIZE, Page, get_or_404


@bp.get("/students")
@requires(*STAFF)
def list_students() -> ResponseReturnValue:
    """Show the students in scope, filtered and sorted by what stands in the URL."""
    current, today = viewer(), clock.today()
    years, colleges = years_and_colleges(current, request.args.get("university", type=int))
    standard = standard_on(today)
    wanted = _wanted(years[0] if years else None, standard.interval)
    with transaction():
        page = _page(wanted)
        met = service_met(
            [row for row in page if row.case_id is not None],
            standard=standard,
            today=today,
        )
        record_listing([row.student_id for row in page], actor=current, page="students")
    return render_template(
        "desk/students.html",
        page=page,
        wanted=wanted,
        silent_days=standard.interval.days,
        choices={
            "years": [(str(year), str(year)) for year in years],
            "colleges": [(name, name) for name in colleges],
            "universities": _universities(),
            "counselors": _counselors(),
            "categories": [(code.value, words.category(code)) for code in Category],
        },
        lines=student_lines(
            page,
            met,
            masked=current.role is Role.PROVINCE,
        ),
    )


def _universities() -> list[tuple[str, str]]:
    if viewer().role is not Role.PROVINCE:
        return []
    return [(str(row.id), row.name) for row in all_universities()]


def _counselors() -> list[tuple[str, str]]:
    if viewer().role is not Role.UNIVERSITY:
        return []
    people = db.session.execute(counselors_of(viewer().university_id)).scalars()
    return [(str(user.id), user.display_name) for user in people] + [("0", _("to be assigned"))]


def _wanted(newest: int | None, silent_after: dt.timedelta) -> RegisterFilter:
    arguments = request.args
    year = arguments.get("year", type=int)
    return RegisterFilter(
        text=arguments.get("q", "").strip(),
        class_year=year if year is not None or arguments.get("q") else newest,
        university_id=arguments.get("university", type=int),
        college=arguments.get("college", ""),
        category=arguments.get("category", ""),
        state=arguments.get("state", ""),
        silent_after=silent_after,
        counselor=arguments.get("counselor", type=int),
        sort=arguments.get("sort", "next"),
    )


def _page(wanted: RegisterFilter) -> Page:
    number = max(1, request.args.get("page", 1, type=int))
    rows = _rows(wanted, number)
    if not rows and number > 1:
        counted = counted_students(viewer(), wanted, today=clock.today()).subquery()
        total = db.session.execute(select(func.count()).select_from(counted)).scalar_one()
        number = max(1, -(-total // PAGE_SIZE))
        rows = _rows(wanted, number)
    return Page(items=rows, number=number, size=PAGE_SIZE, total=rows[0].total if rows else 0)


def _rows(wanted: RegisterFilter, number: int) -> Sequence[Any]:
    first = (number - 1) * PAGE_SIZE
    return student_rows(viewer(), wanted, today=clock.today(), first=first, size=PAGE_SIZE)


@bp.get("/search")
@requires(*STAFF)
def search() -> ResponseReturnValue:
    """Lead from the search box to the only student found, or to the list of those found."""
    text = request.args.get("q", "").strip()
    wanted = RegisterFilter(text=text)
    if text:
        found = (
            db.session.execute(counted_students(viewer(), wanted, today=clock.today()).limit(2))
            .scalars()
            .all()
        )
        if len(found) == 1:
            return redirect(url_for("desk.show_student", student_id=found[0]))
    return redirect(url_for("desk.list_students", q=text))


@bp.get("/search/suggestions")
@requires(*STAFF)
def suggest() -> ResponseReturnValue:
    """Show the few whom the typed beginning may mean; the search box asks for it by script."""
    current, text = viewer(), request.args.get("q", "").strip()
    with transaction():
        found = suggested_students(current, text)
        record_listing([student.id for student in found], actor=current, page="search")
    return render_template("desk/_suggested.html", found=found, text=text)


@bp.get("/students/<int:student_id>")
@requires(*STAFF)
def show_student(student_id: int) -> ResponseReturnValue:
    """Show a student: the case page, or the particulars of one who has no case."""
    current = viewer()
    student = get_or_404(visible_students(current), student_id)
    case = case_of_student(current, student.id)
    if case is not None:
        return redirect(url_for("desk.show_case", case_id=case.id))
    with transaction():
        record_reading(student, actor=current, page="student")
    today = clock.today()
    return render_template(
        "desk/student.html",
        student=student,
        memberships=db.session.execute(memberships_on(student.id, day=today)).scalars().all(),
        counselor=counselor_of(student.id, today=today),
        words=words,
    )
