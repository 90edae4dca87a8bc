"""The accounts of the demo: the counselors that the files name, and four people to sign in as."""

import json
from pathlib import Path

from sqlalchemy import insert, select

from placement.accounts.models import Role, University, User
from placement.accounts.operations import hash_password
from placement.accounts.operations.passwords import one_time_password
from placement.audit.operations import record_event
from placement.db import db
from placement.demo.province.plan import Plan
from placement.keys import write_secret
from placement.students.models import Student

ACCOUNTS_FILE = "demo-accounts.json"


def add_counselors(plan: Plan) -> int:
    """Make the accounts that the students' files name; nobody has a password yet."""
    universities = _university_ids()
    rows = [
        {
            "username": account.username,
            "display_name": account.display_name,
            "role": Role.COUNSELOR,
            "university_id": universities[account.university],
            "staff_number": account.staff_number,
            "phone": account.phone,
        }
        for account in plan.counselors
    ]
    db.session.execute(insert(User), rows)
    record_event("users.added", actor_id=None, subject="users", details={"accounts": len(rows)})
    return len(rows)


def add_logins(plan: Plan, instance: Path) -> dict[str, dict[str, str]]:
    """Give the four people of the demo random passwords; writes them to a file of mode 0600."""
    logins = plan.logins
    university_id = _university_ids()[logins.university]
    student = db.session.execute(
        select(Student).where(
            Student.university_id == university_id,
            Student.student_number == logins.student_number,
        )
    ).scalar_one()
    accounts = {
        name: one_time_password() for name in ("student", "counselor", "university", "province")
    }
    counselor = db.session.execute(
        select(User).where(User.username == logins.counselor)
    ).scalar_one()
    counselor.password_hash = hash_password(accounts["counselor"])
    common = {"university_id": university_id}
    db.session.add_all(
        [
            User(
                username=f"{logins.university}/{logins.student_number}",
                display_name=student.name,
                role=Role.STUDENT,
                student_id=student.id,
                password_hash=hash_password(accounts["student"]),
                **common,
            ),
            User(
                username="university",
                display_name="学校管理员",
                role=Role.UNIVERSITY,
                password_hash=hash_password(accounts["university"]),
                **common,
            ),
            User(
                username="province",
                display_name="省级管理员",
                role=Role.PROVINCE,
                password_hash=hash_password(accounts["province"]),
            ),
        ]
    )
    record_event("users.added", actor_id=None, subject="users", details={"accounts": 3})
    names = {
        "student": f"{logins.university}/{logins.student_number}",
        "counselor": logins.counselor,
        "university": "university",
        "province": "province",
    }
    written = {
        role: {"username": names[role], "password": password} for role, password in accounts.items()
    }
    write_secret(instance / ACCOUNTS_FILE, json.dumps(written, ensure_ascii=False, indent=2))
    return written


def read_logins(instance: Path) -> dict[str, dict[str, str]]:
    """The four accounts as they were written when the demo was loaded."""
    found: dict[str, dict[str, str]] = json.loads(
        (instance / ACCOUNTS_FILE).read_text(encoding="utf-8")
    )
    return found


def _university_ids() -> dict[str, int]:
    rows = db.session.execute(select(University.code, University.id))
    return {row[0]: row[1] for row in rows}
