"""The jobs that the made-up employers offer to the class under way."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

import numpy as np

from placement.demo.province.draws import Ints, Texts, iso, texts
from placement.demo.province.employers import Employers, all_trades
from placement.demo.province.events import day
from placement.demo.province.wishes import NEEDS
from placement.demo.province.words import read_words
from placement.reference import occupations

FULL = 5_400
"""Postings for the whole province."""

FEWEST = 48

_RESERVED = ("disability", "rural_origin", "family_hardship", "ethnic_minority")


@dataclass(frozen=True, slots=True)
class Postings:
    """Columns of the postings; `employer` counts in the employers, `post` in the kinds of jobs."""

    number: Texts
    employer: Ints
    post: Ints
    openings: Ints
    salary_min: Ints
    salary_max: Ints
    deadline: Texts
    reserved_for: Texts
    accommodations: Texts
    description: Texts


@cache
def posts_column(name: str) -> Texts:
    """Return a column of the kinds of jobs."""
    return texts([row[name] for row in read_words("posts")])


@cache
def occupation_codes() -> Texts:
    """Return the occupation code of each kind of job."""
    return texts([occupations.find(row["occupation"]) or "" for row in read_words("posts")])


def make_postings(
    rng: np.random.Generator, employers: Employers, count: int, today: dt.date
) -> Postings:
    """Make `count` postings; nine in ten still take people `today`, large employers offer more."""
    employer = (len(employers) * rng.random(count) ** 1.4).astype(np.int64)
    employer[: min(count, len(employers))] = np.arange(min(count, len(employers)))
    post = _post_of(rng, employers.trade[employer])
    low = posts_column("low")[post].astype(np.int64)
    high = posts_column("high")[post].astype(np.int64)
    in_xiamen = np.where(employers.city[employer] == "350200", 300, 0)
    shift = 100 * rng.integers(-3, 6, count) + in_xiamen
    ages = rng.integers(-12, 100, count)
    seated = posts_column("seated")[post] == "1"
    return Postings(
        number=texts([f"{today.year}{number:06d}" for number in range(1, count + 1)]),
        employer=employer,
        post=post,
        openings=np.minimum(60, 1 + np.floor(rng.pareto(1.3, count) * 2)).astype(np.int64),
        salary_min=low + shift,
        salary_max=high + shift + 100 * rng.integers(0, 6, count),
        deadline=iso(day(today) + ages.astype("timedelta64[D]")),
        reserved_for=_reserved(rng, seated),
        accommodations=_accommodations(rng, seated),
        description=_descriptions(rng, post),
    )


def _post_of(rng: np.random.Generator, trade: Ints) -> Ints:
    """Draw a kind of job of the employer's own trade."""
    names = [t.name for t in all_trades()]
    owner = np.asarray([names.index(name) for name in posts_column("trade")], dtype=np.int64)
    found = np.zeros(len(trade), dtype=np.int64)
    for index in range(len(names)):
        rows = np.flatnonzero(trade == index)
        own = np.flatnonzero(owner == index)
        found[rows] = own[rng.integers(0, len(own), len(rows))]
    return found


def _reserved(rng: np.random.Generator, seated: Ints) -> Texts:
    found = texts([""] * len(seated))
    chance = rng.random(len(seated))
    found[(chance < 0.10) & seated] = "disability"
    some = np.flatnonzero(chance > 0.94)
    found[some] = texts(_RESERVED[1:])[rng.integers(0, 3, len(some))]
    return found


def _accommodations(rng: np.random.Generator, seated: Ints) -> Texts:
    flags = rng.random((len(seated), len(NEEDS))) < np.where(seated, 0.45, 0.12)[:, None]
    return texts(
        [";".join(n for n, has in zip(NEEDS, row, strict=True) if has) for row in flags.tolist()]
    )


def _descriptions(rng: np.random.Generator, post: Ints) -> Texts:
    endings = texts(
        [
            "。五险一金，双休。",
            "。缴纳社保，单休，提供工作餐。",
            "。可接收应届毕业生，有师傅带教三个月。",
            "。包食宿，节日福利。",
            "。试用期两个月，表现好可提前转正。",
            "。",
        ]
    )
    found: Texts = posts_column("duties")[post] + endings[rng.integers(0, len(endings), len(post))]
    return found
