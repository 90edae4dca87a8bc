"""Builds employers, postings and wishes, with believable defaults."""

import datetime as dt
import itertools
from typing import Any

from placement import clock
from placement.jobs.models import Employer, Posting, Wish
from placement.students.models import Student
from tests.factories import save

_numbers = itertools.count(1)


def make_employer(**values: Any) -> Employer:
    """An employer who is known."""
    employer = Employer(
        **{"name": f"福州示例第{next(_numbers)}公司", "verified_at": clock.now()} | values
    )
    save(employer)
    return employer


def make_posting(employer: Employer | None = None, **values: Any) -> Posting:
    """A live posting in Fuzhou that fits a graduate of Chinese language and literature."""
    posting = Posting(
        **{
            "employer_id": (employer or make_employer()).id,
            "number": f"G{next(_numbers):04d}",
            "title": "行政文员",
            "occupation_code": "3-01-02-02",
            "city": "350100",
            "salary_min": 4000,
            "salary_max": 5000,
            "openings": 2,
            "level": "41",
            "majors": ["0501"],
            "deadline": clock.today() + dt.timedelta(days=30),
            "description": "文字材料撰写、会议组织与档案管理",
        }
        | values
    )
    save(posting)
    return posting


def make_wish(student: Student, **values: Any) -> Wish:
    """What a student wants: Fuzhou, 4,000 yuan, office work, with two skills."""
    wish = Wish(
        **{
            "student_id": student.id,
            "places": ["350100"],
            "salary": 4000,
            "occupations": ["3-01-02"],
            "skills": "会议组织，档案管理",
        }
        | values
    )
    save(wish)
    return wish
