"""The job fairs of the last and the coming weeks, with the employers who have a stand."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from placement.demo.province.draws import choose
from placement.demo.province.employers import CITIES, Employers
from placement.demo.province.postings import Postings, posts_column
from placement.demo.province.schools import DEMO_SCHOOL, all_schools
from placement.reference import divisions


@dataclass(frozen=True, slots=True, kw_only=True)
class StandPlan:
    """An employer's place at a fair and what is offered there."""

    number: str
    employer: str
    employer_code: str
    offers: str
    openings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FairPlan:
    """A fair to be made.

    Without `class_year` it is open to all, without `university` the province holds it.
    """

    title: str
    on: dt.date
    starts_at: dt.time
    ends_at: dt.time
    place: str
    class_year: int | None
    university: str | None
    description: str
    stands: tuple[StandPlan, ...]


def make_fairs(
    rng: np.random.Generator, employers: Employers, postings: Postings, today: dt.date
) -> tuple[FairPlan, ...]:
    """Make the fairs: three that are over and ten to come, the first for the register."""
    year = today.year
    school = next(s for s in all_schools() if s.code == DEMO_SCHOOL)
    plans: list[tuple[int, str, str, str, int | None, str | None]] = [
        (9, f"{year}届高校毕业生专场招聘会", "350100", "示例会展中心一号馆", year, None),
        (5, f"{school.name}校园双选会", school.city, "学生活动中心", None, school.code),
        (-6, "高校毕业生公益招聘会", "350200", "示例人才市场", None, None),
        (-20, f"{school.name}秋季双选会", school.city, "体育馆", None, school.code),
        (-41, "民营企业服务月专场招聘会", "350500", "示例会展中心二号馆", year, None),
    ]
    for place, city in enumerate(CITIES[1:], start=1):
        name = divisions.name(city).removesuffix("市")
        for_class = year if place % 2 else None
        title = f"{name}市高校毕业生就业服务招聘会"
        plans.append((11 + 4 * place, title, city, "示例人才市场大厅", for_class, None))
    return tuple(
        FairPlan(
            title=title,
            on=_working_day(today + dt.timedelta(days=after), past=after < 0),
            starts_at=dt.time(9),
            ends_at=dt.time(15, 30),
            place=f"{divisions.name(city)}{hall}",
            class_year=class_year,
            university=university,
            description="请带身份证和简历。现场设政策咨询台和一对一指导台，场馆有无障碍通道。",
            stands=_stands(rng, employers, postings, city),
        )
        for after, title, city, hall, class_year, university in plans
    )


def _working_day(day: dt.date, *, past: bool) -> dt.date:
    """Move a weekend to the next working day, or to the one before in the past."""
    while day.weekday() > 4:
        day += dt.timedelta(days=-1 if past else 1)
    return day


def _stands(
    rng: np.random.Generator, employers: Employers, postings: Postings, city: str
) -> tuple[StandPlan, ...]:
    """Give a stand to the employers of the city and some others who have postings."""
    here = np.unique(postings.employer[employers.city[postings.employer] == city])
    others = np.setdiff1d(np.unique(postings.employer), here)
    chosen = np.concatenate([choose(rng, here, 24), choose(rng, others, 8)])
    titles = posts_column("title")
    stands = []
    for number, employer in enumerate(chosen.tolist(), start=1):
        rows = np.flatnonzero(postings.employer == employer)
        offered = dict.fromkeys(titles[postings.post[rows]].tolist())
        stands.append(
            StandPlan(
                number=f"{'ABCD'[(number - 1) // 10]}{(number - 1) % 10 + 1:02d}",
                employer=str(employers.name[employer]),
                employer_code=str(employers.code[employer]),
                offers="、".join(list(offered)[:4]),
                openings=int(postings.openings[rows].sum()),
            )
        )
    return tuple(stands)
