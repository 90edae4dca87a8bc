"""Builds more of anything, with believable defaults; what a test cares about it names itself."""

import datetime as dt
import itertools
import uuid
from typing import Any

from pypinyin import lazy_pinyin

from placement.accounts.models import Role, University, User
from placement.accounts.operations.addresses import give_address
from placement.cases.models import Case
from placement.db import db
from placement.history import recorded
from placement.keys import keyring
from placement.outcomes.models import Decision, Outcome, Verification
from placement.students.models import (
    Assignment,
    Basis,
    Category,
    Membership,
    Standing,
    StandingKind,
    Student,
    StudentVersion,
)

_numbers = itertools.count(1)
CLASS_YEAR = 2016
NEW_YEAR = dt.date(CLASS_YEAR, 1, 1)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def save(*rows: Any) -> None:
    """Write rows and end the transaction, as another process would have."""
    db.session.add_all(rows)
    db.session.commit()


def make_id_number(sex: str = "2", born: str = "19930101") -> str:
    """A resident ID number with the prefix of nobody and a valid check digit."""
    number = next(_numbers)
    serial = (number % 500) * 2 + (1 if sex == "1" else 0)
    body = f"35000{number // 500 % 10}{born}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def make_university(**values: Any) -> University:
    """A university."""
    number = next(_numbers)
    university = University(
        **{
            "code": f"9{number:04d}",
            "name": f"示例大学{number}",
            "name_key": f"{number:04d}",
        }
        | values
    )
    save(university)
    return university


def make_user(role: Role, university: University | None = None, **values: Any) -> User:
    """Somebody who can sign in (by `browser.sign_in`; without a password unless given)."""
    number = next(_numbers)
    user = User(
        **{
            "username": f"user{number}",
            "display_name": f"用户{number}",
            "role": role,
            "university_id": None if university is None else university.id,
            "locale": "en",
        }
        | values
    )
    save(user)
    return user


def give_email(user: User, address: str) -> User:
    """A member of staff with a mail address that they have confirmed."""
    user.email_index = give_address(user, address, actor_id=None)
    save(user)
    return user


def make_student(
    university: University, *, counselor: User | None = None, **values: Any
) -> Student:
    """A student of the class of 2016, known since its first day, in no category."""
    number = next(_numbers)
    id_number = values.pop("id_number", None) or make_id_number(values.get("sex", "2"))
    mobile, email = values.pop("mobile", f"199{number:08d}"), values.pop("email", None)
    effective_on = values.pop("effective_on", NEW_YEAR)
    name = values.setdefault("name", f"林{'梅兰竹菊'[number % 4]}")
    uid = uuid.uuid4()
    key, wrapped = keyring().new_data_key(uid)
    email = email or f"s{number}@mail.example"
    student = Student(
        uid=uid,
        data_key=wrapped,
        id_type="resident",
        id_number_sealed=key.seal(id_number, "students.id_number", uid),
        id_number_index=keyring().blind_index("students.id_number", id_number),
        id_tail_index=keyring().blind_index("students.id_tail", id_number[-4:]),
        mobile_sealed=key.seal(mobile, "students.mobile", uid),
        mobile_index=keyring().blind_index("students.mobile", mobile),
        email_sealed=key.seal(email, "students.email", uid),
        email_index=keyring().blind_index("students.email", email),
        name_key=" ".join(lazy_pinyin(name)),
        initials="".join(part[0] for part in lazy_pinyin(name)),
        **{
            "class_year": CLASS_YEAR,
            "university_id": university.id,
            "student_number": f"2012{number:04d}",
            "sex": "2",
            "ethnic_group": "01",
            "level": "31",
            "college": "文学院",
            "class_name": "2012级1班",
            "major_code": "050101",
            "major": "汉语言文学",
            "origin": "urban",
            "origin_division": "350102",
        }
        | values,
    )
    save(student)
    columns = StudentVersion.__table__.columns.keys()
    same = {name: getattr(student, name) for name in columns if hasattr(Student, name)}
    same = {k: v for k, v in same.items() if k not in {"id", "import_id", "voided_at"}}
    save(StudentVersion(student_id=student.id, effective_on=effective_on, **same, **recorded()))
    if counselor is not None:
        assign(student, counselor)
    return student


def assign(student: Student, counselor: User, holds_from: dt.date = dt.date(2016, 1, 1)) -> None:
    """Make a counselor responsible for a student, whoever was so before."""
    db.session.query(Assignment).filter_by(student_id=student.id, holds_to=None).delete()
    save(Assignment(student_id=student.id, counselor_id=counselor.id, holds_from=holds_from))


def make_case(student: Student, **values: Any) -> Case:
    """The student's case."""
    case = Case(**{"student_id": student.id, "opened_on": NEW_YEAR} | values)
    save(case)
    return case


def make_member(student: Student, category: Category, **values: Any) -> Membership:
    """A confirmed membership; the case is opened with it if there is none."""
    if db.session.query(Case).filter_by(student_id=student.id).first() is None:
        db.session.add(Case(student_id=student.id, opened_on=NEW_YEAR))
    recorded_at = values.pop("recorded_at", None)
    membership = Membership(
        **{
            "student_id": student.id,
            "category": category,
            "basis": Basis.FILE,
            "source": "hardship_code",
            "holds_from": NEW_YEAR,
        }
        | values,
        **recorded(recorded_at),
    )
    save(membership)
    return membership


def make_standing(student: Student, kind: StandingKind, holds_from: dt.date = NEW_YEAR) -> Standing:
    """A standing from a day on."""
    standing = Standing(student_id=student.id, standing=kind, holds_from=holds_from, **recorded())
    student.standing = kind
    save(standing)
    return standing


def make_outcome(
    student: Student,
    code: str = "10",
    effective_on: dt.date = dt.date(2016, 7, 1),
    *,
    verified: bool = True,
    **values: Any,
) -> Outcome:
    """An outcome, verified unless said otherwise."""
    recorded_at = values.pop("recorded_at", None)
    outcome = Outcome(
        student_id=student.id,
        code=code,
        effective_on=effective_on,
        **{"employer": "福州示例软件有限公司"} | values,
        **recorded(recorded_at),
    )
    save(outcome)
    if verified:
        save(
            Verification(
                outcome_id=outcome.id,
                student_id=student.id,
                decision=Decision.VERIFIED,
                **recorded(recorded_at),
            )
        )
    return outcome
