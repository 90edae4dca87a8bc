"""Activation of students: an account for each, a code by mail or on a sheet for the class."""

import datetime as dt
import itertools
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import joinedload

from placement import clock
from placement.accounts.models import ActivationCode, Role, User
from placement.accounts.operations.users import ACTIVATION_DAYS, code_hash, new_code_text
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.models import Case
from placement.config import Settings
from placement.db import SQL_NOW, db
from placement.errors import InvalidValueError
from placement.notices.models import Channel, NoticeKind
from placement.notices.operations.announcement import Announced, Announcement
from placement.notices.operations.announcing import announce
from placement.reference import standings
from placement.students.models import Student

# A page of its own that is printed and cut, never served: so it carries its style itself.
_SHEET = """<!DOCTYPE html>
<html lang="zh-Hans-CN"><head><meta charset="utf-8"><title>激活码 Activation codes</title>
<style>
body {{ font: 14px/1.6 system-ui, sans-serif }}
h2 {{ break-before: page }}
h2:first-of-type {{ break-before: auto }}
p {{ border: 1px dashed; padding: 8px; break-inside: avoid }}
code {{ font-size: 18px }}
</style></head>
<body>
{classes}
</body></html>
"""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A student with the code that lets them set their password."""

    student: Student
    username: str
    code: str


def invite_students(
    *, class_year: int, university_id: int | None, actor: Viewer | None
) -> list[Invitation]:
    """Give every student of a register who has no password yet an account and a fresh code.

    Codes issued before stop working. Those who withdrew, transferred or died are left out.
    """
    students = _uninvited(class_year, university_id)
    if not students:
        raise InvalidValueError(
            "Nobody is left to invite.", remedy="All of this class have set their password."
        )
    users = _accounts_of(students)
    invitations = [
        Invitation(student, users[student.id].username, new_code_text()) for student in students
    ]
    db.session.execute(
        update(ActivationCode)
        .where(
            ActivationCode.user_id.in_([user.id for user in users.values()]),
            ActivationCode.used_at.is_(None),
        )
        .values(expires_at=SQL_NOW)
    )
    expires_at = clock.now() + dt.timedelta(days=ACTIVATION_DAYS)
    codes = [
        {
            "user_id": users[invitation.student.id].id,
            "code_hash": code_hash(invitation.code),
            "created_by": actor.user_id if actor else None,
            "expires_at": expires_at,
        }
        for invitation in invitations
    ]
    db.session.execute(insert(ActivationCode), codes)
    record_event(
        "students.invited",
        actor_id=actor.user_id if actor else None,
        subject="students",
        details={"class_year": class_year, "people": len(invitations)},
    )
    return invitations


def mail_invitations(
    invitations: Sequence[Invitation], *, class_year: int, settings: Settings
) -> Announced:
    """Send each invitation through the outbox; who has no address is told by the state.

    Raises ChannelNotOfferedError where no mail server is set.
    """
    url = f"{settings.base_url.rstrip('/')}/activate"
    expires_at = clock.now() + dt.timedelta(days=ACTIVATION_DAYS)
    personal = {
        invitation.student.id: {
            "username": invitation.username,
            "code": invitation.code,
            "url": url,
        }
        for invitation in invitations
    }
    # Using a code that went out by mail confirms the address.
    _note_addresses(invitations)
    announcement = Announcement(
        kind=NoticeKind.ACTIVATION,
        subject_id=None,
        values={"expires_on": expires_at.date().isoformat()},
        channels=(Channel.MAIL,),
        audience={"class_year": class_year, "round": secrets.token_hex(4)},
        expires_at=expires_at,
        personal=personal,
    )
    chosen = select(Student.id).where(Student.id.in_(list(personal))).order_by(Student.id)
    return announce(chosen, announcement, actor=None, settings=settings, again=True)


def sheet_of(invitations: Sequence[Invitation], *, base_url: str) -> str:
    """The invitations as a printable page, class by class, each code on a strip to cut off."""
    url = f"{base_url.rstrip('/')}/activate"
    by_class = itertools.groupby(
        sorted(invitations, key=_place), key=lambda invitation: _heading(invitation.student)
    )
    classes = "\n".join(
        f"<h2>{escape(heading)}</h2>\n" + "\n".join(_strip(one, url) for one in strips)
        for heading, strips in by_class
    )
    return _SHEET.format(classes=classes)


def _strip(invitation: Invitation, url: str) -> str:
    student = invitation.student
    lines = (
        f"{escape(student.name)} · {escape(student.student_number)}",
        f"用户名 user name: {escape(invitation.username)}",
        f"激活码 code: <code>{escape(invitation.code)}</code>",
        escape(url),
        f"{ACTIVATION_DAYS} 天内有效，只能用一次 · once within {ACTIVATION_DAYS} days",
    )
    return f"<p>{'<br>'.join(lines)}</p>"


def _place(invitation: Invitation) -> tuple[str, str, str, str]:
    student = invitation.student
    return (
        student.university.code,
        student.college or "",
        student.class_name or "",
        student.student_number,
    )


def _heading(student: Student) -> str:
    parts = (student.university.name, student.college, student.class_name)
    return " · ".join(part for part in parts if part)


def _uninvited(class_year: int, university_id: int | None) -> Sequence[Student]:
    notified = [code for code in standings.codes if standings.is_notified(code)]
    has_password = select(User.student_id).where(
        User.student_id.is_not(None), User.password_hash.is_not(None)
    )
    query = (
        select(Student)
        .join(Case, Case.student_id == Student.id)
        .where(
            Student.class_year == class_year,
            Student.voided_at.is_(None),
            Case.voided_at.is_(None),
            Student.standing.in_(notified),
            Student.id.not_in(has_password),
        )
        .options(joinedload(Student.university))
        .order_by(Student.id)
    )
    if university_id is not None:
        query = query.where(Student.university_id == university_id)
    return db.session.execute(query).scalars().all()


def _accounts_of(students: Sequence[Student]) -> dict[int, Row[int, int | None, str]]:
    ids = [student.id for student in students]
    have = set(
        db.session.execute(select(User.student_id).where(User.student_id.in_(ids))).scalars()
    )
    fresh = [
        {
            "username": f"{student.university.code}/{student.student_number}",
            "display_name": student.name,
            "role": Role.STUDENT,
            "university_id": student.university_id,
            "student_id": student.id,
        }
        for student in students
        if student.id not in have
    ]
    if fresh:
        db.session.execute(insert(User), fresh)
    rows = db.session.execute(
        select(User.id, User.student_id, User.username).where(User.student_id.in_(ids))
    ).all()
    return {row.student_id: row for row in rows if row.student_id is not None}


def _note_addresses(invitations: Sequence[Invitation]) -> None:
    addresses = {
        code_hash(invitation.code): invitation.student.email_index
        for invitation in invitations
        if invitation.student.email_index is not None
    }
    for found in db.session.execute(
        select(ActivationCode).where(ActivationCode.code_hash.in_(list(addresses)))
    ).scalars():
        found.email_index = addresses[found.code_hash]
