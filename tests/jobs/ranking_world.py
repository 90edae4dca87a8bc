"""A made-up world with a planted truth: each student has a hidden target occupation.

It proves that the code works and compares settings; it says nothing about how good lists are for
real students. Words are not copied: a posting uses the odd words of its occupation, a student
truncated even ones, which share only the characters that the occupation and its class are made of.
"""

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np

from placement.jobs.ranking.facts import (
    Feedback,
    PostingFacts,
    SeekerFacts,
    Tables,
    Wishes,
    occupation_class,
)

DAY = dt.date(2016, 10, 1)
CATEGORIES = ("family_hardship", "ethnic_minority", "rural_origin", "disability")
ACCOMMODATIONS = ("电梯", "无障碍通道", "无障碍卫生间", "可远程办公")
WORDS = 24
ZIPF = 1.1


@dataclass(frozen=True)
class Size:
    """How large a world is."""

    students: int
    postings: int
    occupations: int = 1600
    classes: int = 73
    cities: int = 49
    major_classes: int = 180
    employers: int = 6000
    words: int = 60
    """Words in a posting; two characters each."""


@dataclass(frozen=True)
class World:
    """Postings and students, and the middle class of each student's hidden target."""

    postings: list[PostingFacts]
    seekers: list[SeekerFacts]
    tables: Tables
    targets: list[str]


class _Maker:
    def __init__(self, size: Size, seed: int, *, hidden: bool, reserved: bool) -> None:
        self.size, self.hidden, self.reserved = size, hidden, reserved
        self.random = np.random.default_rng(seed)
        per_class = math.ceil(size.occupations / size.classes)
        self.occupations = [
            f"{1 + c % 8}-{c:02d}-{1 + o // 9:02d}-{1 + o % 9:02d}"
            for c in range(size.classes)
            for o in range(per_class)
        ][: size.occupations]
        self.places = self.random.uniform(0, 500, (size.cities, 2))
        self.cities = [f"35{1 + c:02d}00" for c in range(size.cities)]
        self.majors = [f"{1 + m // 15:02d}{1 + m % 15:02d}" for m in range(size.major_classes)]
        self.leads_to = {
            o: self.majors[hash_of(occupation_class(o)) % len(self.majors)]
            for o in self.occupations
        }
        shares = 1.0 / np.arange(1, len(self.occupations) + 1) ** ZIPF
        self.shares = self.random.permutation(shares / shares.sum())
        self.common = [chr(0x4E00 + i) for i in range(400)]
        self.vocabulary: dict[str, list[str]] = {}

    def km(self, home: str, city: str) -> float | None:
        if home[:2] != "35" or city[:2] != "35":
            return None
        a, b = self.places[int(home[2:4]) - 1], self.places[int(city[2:4]) - 1]
        return float(np.hypot(*(a - b)))

    def words(self, occupation: str) -> list[str]:
        """Words out of characters of the occupation's own, of its class and of everybody."""
        if occupation not in self.vocabulary:
            of_class = self.alphabet(occupation_class(occupation), 40)
            own = self.alphabet(occupation, 12)
            pools = [of_class if i % 4 < 2 else own for i in range(WORDS)]
            picks = [self.random.choice(pool, 2) for pool in pools]
            self.vocabulary[occupation] = ["".join(pair) for pair in picks]
        return self.vocabulary[occupation]

    def alphabet(self, name: str, size: int) -> list[str]:
        start = hash_of(name)
        return [chr(0x5400 + (start * (i + 7) + i * i * 31) % 6000) for i in range(size)]

    def text(self, words: list[str], count: int) -> str:
        noise = self.random.choice(self.common, (count, 2))
        meant = self.random.random(count) < 0.4
        picks = self.random.integers(len(words), size=count)
        pieces = [
            words[p] if m else "".join(n) for p, m, n in zip(picks, meant, noise, strict=True)
        ]
        return "，".join("".join(pieces[i : i + 5]) for i in range(0, count, 5))

    def posting(self, number: int) -> PostingFacts:
        random, size = self.random, self.size
        occupation = self.occupations[random.choice(len(self.occupations), p=self.shares)]
        pay = 200 * random.integers(12, 45)
        kind = random.random()
        majors = (self.leads_to[occupation],) if random.random() < 0.7 else ()
        lowest = str(random.choice(["", "41", "31", "11"], p=[0.1, 0.55, 0.3, 0.05]))
        return PostingFacts(
            id=number,
            employer_id=int(random.integers(size.employers)),
            title=f"岗位{number}",
            occupation=occupation,
            city=self.cities[int(size.cities * random.random() ** 2)],
            salary_min=float(pay) if kind < 0.95 else None,
            salary_max=float(pay + 1500) if kind < 0.9 else None,
            level=lowest,
            majors=majors,
            majors_strict=bool(majors and random.random() < 0.1),
            deadline=DAY + dt.timedelta(days=int(random.integers(-5, 90))),
            description=self.text(self.words(occupation)[1::2], size.words),
            reserved_for=frozenset(random.choice(CATEGORIES, 1))
            if self.reserved and random.random() < 0.03
            else frozenset(),
            accommodations=frozenset(random.choice(ACCOMMODATIONS, 3))
            if random.random() < 0.15
            else frozenset(),
            industry=f"{'ABCDEFGH'[hash_of(occupation) % 8]}{1 + hash_of(occupation) % 40:02d}",
        )

    def seeker(self, number: int) -> tuple[SeekerFacts, str]:
        random, size = self.random, self.size
        target = self.occupations[random.choice(len(self.occupations), p=self.shares)]
        other = self.occupations[random.choice(len(self.occupations), p=self.shares)]
        shown = other if self.hidden else target
        major = self.leads_to[shown]
        if random.random() < 0.4:
            major = self.majors[random.integers(len(self.majors))]
        text = self.text(self.words(shown)[0::2], 12) if random.random() < 0.7 else ""
        places = [self.cities[i] for i in random.integers(size.cities, size=random.integers(4))]
        disabled = random.random() < 0.04
        flags = random.random(3) < (0.5, 0.1, 0.6)
        categories = {c for c, flag in zip(CATEGORIES, flags, strict=False) if flag}
        return SeekerFacts(
            id=number,
            level=str(random.choice(["41", "31", "11", "01"], p=[0.55, 0.4, 0.04, 0.01])),
            major_code=f"{major}{random.integers(1, 9):02d}",
            major_name=f"专业{major}",
            home=self.cities[random.integers(size.cities)][:4] + f"{random.integers(1, 30):02d}",
            wishes=Wishes(
                places=tuple(dict.fromkeys(places)),
                anywhere=bool(random.random() < 0.1),
                salary=float(100 * random.integers(25, 60)) if random.random() < 0.8 else None,
                occupations=(shown,) if random.random() < 0.6 else (),
                industries=("ABCDEFGH"[hash_of(shown) % 8],) if random.random() < 0.3 else (),
                distance_km=float(random.integers(30, 300)) if random.random() < 0.1 else None,
                skills=text,
                needs=frozenset(random.choice(ACCOMMODATIONS, 1)) if disabled else frozenset(),
            ),
            categories=frozenset(categories | ({"disability"} if disabled else set())),
            excluded=frozenset(random.integers(size.postings, size=3).tolist())
            if random.random() < 0.2
            else frozenset(),
            feedback=self.feedback(target) if random.random() < 0.1 else Feedback(),
        ), occupation_class(target)

    def feedback(self, target: str) -> Feedback:
        random = self.random
        other = self.occupations[random.integers(len(self.occupations))]
        return Feedback(
            cities={self.cities[random.integers(self.size.cities)]: 0.5},
            occupations={occupation_class(other): -0.15, occupation_class(target): 0.05},
            blocked_employers=frozenset(random.integers(self.size.employers, size=2).tolist()),
        )


def hash_of(text: str) -> int:
    """Give a number that depends on the text alone, in every process."""
    number = 7
    for character in text:
        number = (number * 131 + ord(character)) % 1_000_003
    return number


def make_world(size: Size, seed: int, *, hidden: bool = False, reserved: bool = True) -> World:
    """Make a world; `hidden` cuts every tie between a student's record and the target."""
    maker = _Maker(size, seed, hidden=hidden, reserved=reserved)
    postings = [maker.posting(number) for number in range(size.postings)]
    seekers = [maker.seeker(number) for number in range(size.students)]
    tables = Tables(
        distance_km=maker.km,
        occupation_majors={
            o: frozenset([m]) for o, m in maker.leads_to.items() if hash_of(o) % 5 > 0
        },
    )
    return World(postings, [s for s, _ in seekers], tables, [target for _, target in seekers])
