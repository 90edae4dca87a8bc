"""What the students of the class under way hope for, as they would fill in the form."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from placement.demo.province.cohort import Cohort
from placement.demo.province.draws import Flags, Ints, Texts, draw, texts
from placement.demo.province.employers import CITIES, CITY_WEIGHTS, all_trades
from placement.demo.province.hardship import DISABILITY
from placement.demo.province.words import read_words, split_words
from placement.reference import majors, occupations

NEEDS = ("电梯", "无障碍卫生间", "可远程办公")
"""Accommodations, in the words that postings use for them too."""

_SKILLS = (
    "熟练使用办公软件", "普通话二级甲等", "英语四级", "英语六级", "计算机二级", "有驾驶证",
    "会用图像处理软件", "会用三维制图软件", "初级会计证", "教师资格证", "护士资格证", "会写公文",
    "会剪辑视频", "做过学生干部", "有半年实习经历", "熟悉 SQL 与 Python", "会闽南语", "会福州话",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wishes:
    """Columns of wishes; `person` is a place in the class year, several values stand with ';'."""

    person: Ints
    places: Texts
    salary: Texts
    occupations: Texts
    industries: Texts
    distance_km: Texts
    skills: Texts
    needs: Texts


def draw_wishes(rng: np.random.Generator, cohort: Cohort, seeking: Flags) -> Wishes:
    """Return the wishes of those who look for work and have filled in the form."""
    people = np.flatnonzero(seeking)
    size = len(people)
    jobs = [_fitting(code) for code in cohort.places.major_code[people].tolist()]
    titles = [_wished(rng, found) for found in jobs]
    base = np.select(
        [cohort.places.level[people] == "01", cohort.places.level[people] == "11",
         cohort.places.level[people] == "31"], [7500, 5500, 4300], 3700,
    )  # fmt: skip
    salary = base + 100 * rng.integers(-4, 12, size)
    return Wishes(
        person=people,
        places=_places(rng, cohort.division[people]),
        salary=_some(rng, 0.9, texts([str(value) for value in salary.tolist()])),
        occupations=_some(rng, 0.75, texts([found for found, _ in titles])),
        industries=_some(rng, 0.5, texts([found for _, found in titles])),
        distance_km=_some(rng, 0.3, texts(["50", "100", "150", "300"])[rng.integers(0, 4, size)]),
        skills=_some(rng, 0.8, _skills(rng, size)),
        needs=_needs(rng, cohort.hardship.has(DISABILITY)[people]),
    )


@cache
def _fitting(major_code: str) -> tuple[tuple[str, str], ...]:
    """Return occupation and industry of the jobs that ask for a major's class; any if none does."""
    found = [
        (row["occupation"], row["trade"])
        for row in read_words("posts")
        for name in split_words(row["majors"])
        if any(major.class_code == major_code[:4] for major in majors.named(name))
    ]
    general = [(row["occupation"], row["trade"]) for row in read_words("posts")[::9]]
    industries = {trade.name: trade.industry for trade in all_trades()}
    return tuple(
        (occupations.find(occupation) or "", industries[trade])
        for occupation, trade in (found or general)
    )


def _wished(rng: np.random.Generator, jobs: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    chosen = [jobs[i] for i in rng.integers(0, len(jobs), 2).tolist()]
    return (
        ";".join(dict.fromkeys(code for code, _ in chosen)),
        ";".join(dict.fromkeys(industry[:1] for _, industry in chosen)),
    )


def _places(rng: np.random.Generator, home: Texts) -> Texts:
    first = texts(CITIES)[draw(rng, CITY_WEIGHTS, len(home))]
    second = texts(CITIES)[draw(rng, CITY_WEIGHTS, len(home))]
    in_fujian = np.asarray([code.startswith("35") for code in home.tolist()], dtype=np.bool_)
    to_home = in_fujian & (rng.random(len(home)) < 0.55)
    second[to_home] = texts([code[:4] + "00" for code in home.tolist()])[to_home]
    pairs = zip(first.tolist(), second.tolist(), strict=True)
    return texts([";".join(dict.fromkeys(pair)) for pair in pairs])


def _skills(rng: np.random.Generator, size: int) -> Texts:
    chosen = rng.integers(0, len(_SKILLS), (size, 3)).tolist()
    return texts([";".join(dict.fromkeys(_SKILLS[i] for i in row)) for row in chosen])


def _needs(rng: np.random.Generator, disabled: Flags) -> Texts:
    found = texts(NEEDS)[rng.integers(0, len(NEEDS), len(disabled))]
    found[~disabled | (rng.random(len(disabled)) < 0.4)] = ""
    return found


def _some(rng: np.random.Generator, share: float, values: Texts) -> Texts:
    """Return the values with the rest left empty: few fill in every field."""
    values = values.copy()
    values[rng.random(len(values)) >= share] = ""
    return values
