"""Columns of the plan as rows of the files, under the headings that real files have."""

from collections.abc import Iterator, Sequence

import numpy as np

from placement.demo.province.cohort import Cohort
from placement.demo.province.draws import Flags, Ints, Texts, iso, texts
from placement.demo.province.employers import Employers, all_trades
from placement.demo.province.events import Details, Events
from placement.demo.province.history import Year
from placement.demo.province.postings import Postings, occupation_codes, posts_column
from placement.demo.province.schools import all_schools
from placement.demo.province.wishes import Wishes

Row = Sequence[str]

UNIVERSITIES = ("院校代码", "院校名称", "所在城市", "办学层次")
STUDENTS = (
    "学号", "考生号", "姓名", "身份证号", "证件类型", "性别代码", "民族代码", "院校代码",
    "院校名称", "所在院系", "所在班级", "专业代码", "专业名称", "学历代码", "生源地", "城乡生源",
    "困难生类别", "学籍状态", "学籍变动日期", "手机", "邮箱", "辅导员",
)  # fmt: skip
OUTCOMES = (
    "学号", "姓名", "院校代码", "毕业去向", "单位名称", "统一社会信用代码", "单位行业", "单位性质",
    "单位所在地", "职位类别", "落实日期",
)  # fmt: skip
WISHES = (
    "学号", "院校代码", "意向地区", "期望月薪", "意向职业", "意向行业", "离家距离", "技能",
    "特殊需求",
)  # fmt: skip
POSTINGS = (
    "岗位编号", "单位名称", "统一社会信用代码", "岗位名称", "职业代码", "工作地", "单位行业",
    "最低月薪", "最高月薪", "招聘人数", "学历要求", "专业要求", "截止日期", "岗位描述", "面向群体",
    "无障碍条件",
)  # fmt: skip

_KINDS = {"undergraduate": "本科", "vocational": "高职"}
_STILL_ENROLLED = "正常"


def university_rows() -> Iterator[Row]:
    """Return the universities with their headings."""
    yield UNIVERSITIES
    for school in all_schools():
        yield (school.code, school.name, school.city, _KINDS[school.kind])


def _rows(headings: Row, columns: Sequence[Texts]) -> Iterator[Row]:
    yield headings
    yield from zip(*(column.tolist() for column in columns), strict=True)


def student_rows(cohort: Cohort, who: Flags | Ints, year: Year | None = None) -> Iterator[Row]:
    """Return students with their headings; with `year` their standing after it, else none yet."""
    places = cohort.places
    standing = np.full(len(cohort), _STILL_ENROLLED, dtype=np.object_)
    standing_on = np.full(len(cohort), "", dtype=np.object_)
    if year is not None:
        standing, standing_on = year.standing, iso(year.standing_on)
    school = places.school[who]
    columns = [
        cohort.student_number[who],
        cohort.examinee_number[who],
        cohort.name[who],
        cohort.id_number[who],
        np.full(len(school), "居民身份证", dtype=np.object_),
        texts(["0", "1", "2"])[cohort.sex[who]],
        cohort.ethnic[who],
        texts([s.code for s in all_schools()])[school],
        texts([s.name for s in all_schools()])[school],
        places.college[who],
        places.class_name[who],
        places.major_code[who],
        places.major[who],
        places.level[who],
        cohort.division[who],
        cohort.origin[who],
        texts(list("01234567"))[cohort.hardship.code[who]],
        standing[who],
        standing_on[who],
        cohort.contacts.mobile[who],
        cohort.contacts.email[who],
        texts([keeper.username for keeper in cohort.counselors])[cohort.counselor[who]],
    ]
    return _rows(STUDENTS, columns)


def outcome_rows(cohort: Cohort, events: Events, details: Details) -> Iterator[Row]:
    """Return outcomes with their headings; the details are those of the same events."""
    columns = [
        cohort.student_number[events.person],
        cohort.name[events.person],
        cohort.university[events.person],
        events.code,
        details.employer,
        details.employer_code,
        details.industry,
        details.nature,
        details.division,
        details.position,
        iso(events.day),
    ]
    return _rows(OUTCOMES, columns)


def wish_rows(cohort: Cohort, wishes: Wishes) -> Iterator[Row]:
    """Return wishes with their headings."""
    columns = [
        cohort.student_number[wishes.person],
        cohort.university[wishes.person],
        wishes.places,
        wishes.salary,
        wishes.occupations,
        wishes.industries,
        wishes.distance_km,
        wishes.skills,
        wishes.needs,
    ]
    return _rows(WISHES, columns)


def posting_rows(employers: Employers, postings: Postings) -> Iterator[Row]:
    """Return postings with their headings."""
    industry = texts([trade.industry for trade in all_trades()])
    employer, post = postings.employer, postings.post
    columns = [
        postings.number,
        employers.name[employer],
        employers.code[employer],
        posts_column("title")[post],
        occupation_codes()[post],
        employers.city[employer],
        industry[employers.trade[employer]],
        _numbers(postings.salary_min),
        _numbers(postings.salary_max),
        _numbers(postings.openings),
        posts_column("level")[post],
        posts_column("majors")[post],
        postings.deadline,
        postings.description,
        postings.reserved_for,
        postings.accommodations,
    ]
    return _rows(POSTINGS, columns)


def _numbers(values: Ints) -> Texts:
    return texts([str(value) for value in values.tolist()])
