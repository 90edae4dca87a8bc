"""Populations to publish: random small ones, and one with the sizes of the demo."""

import random

from hypothesis import strategies as st

from placement.reports.disclosure.releases import Release, rows_of
from placement.reports.disclosure.suppression import measures_by_table
from placement.reports.snapshots.frozen import Counted, tables_of

TABLES = ("category", "level", "university", "category+university")
CODES = ("10", "10", "10", "27", "75", "76", "80", "70", "71", None)


def person(number, university, level, categories, code, standing="graduated"):
    """Somebody of a register."""
    return Counted(
        uid=str(number),
        university=university,
        college=None,
        level=level,
        sex=None,
        ethnic=None,
        origin=None,
        county=None,
        categories=categories,
        standing=standing,
        code=code,
        effective_on=None,
        reason="verified",
    )


def release_of(people, tables=TABLES):
    """What would be published of these people if nothing were hidden."""
    rows = rows_of(tables_of(people, scheme="2021", names=TABLES))
    return Release(frozenset(), rows, measures_by_table(("total", *tables)))


@st.composite
def populations(draw):
    """From a handful to some hundreds of people, unevenly spread."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    size = draw(st.sampled_from([3, 8, 20, 60, 200]))
    universities = draw(st.integers(1, 3))
    held = draw(st.sampled_from([(0.5, 0.1, 0.7), (0.9, 0.02, 0.3), (0.3, 0.3, 0.3)]))
    seeking = draw(st.sampled_from([0.05, 0.3]))
    return [someone(chance, number, universities, held, seeking) for number in range(size)]


def someone(chance, number, universities, held, seeking):
    names = ("family_hardship", "disability", "rural_origin")
    categories = tuple(n for n, share in zip(names, held, strict=True) if chance.random() < share)
    return person(
        number,
        f"1000{chance.choices(range(universities), range(1, universities + 1))[0]}",
        chance.choice(("31", "31", "61")),
        categories or ("rural_origin",),
        chance.choice(("70", None)) if chance.random() < seeking else chance.choice(CODES[:-3]),
        "deferred" if chance.random() < 0.03 else "graduated",
    )


def demo_sized(universities=89, size=34_267):
    """As many people and universities as the demo has, with about its rates."""
    chance = random.Random(2016)
    shares = [chance.random() ** 2 + 0.05 for _ in range(universities)]
    names = ("family_hardship", "ethnic_minority", "rural_origin", "disability")
    codes = ["10", "11", "12", "27", "75", "76", "80", "85", "70", "71", None]
    weights = [50, 20, 8, 6, 2, 3, 6, 1, 2, 0.5, 0.8]
    people = []
    for number in range(size):
        held = (0.5, 0.05, 0.75, 0.01)
        categories = tuple(n for n, s in zip(names, held, strict=True) if chance.random() < s)
        people.append(
            person(
                number,
                f"{10000 + chance.choices(range(universities), shares)[0]}",
                chance.choice(("31", "31", "61")),
                categories or ("rural_origin",),
                chance.choices(codes, weights)[0],
                chance.choices(("graduated", "deferred"), (200, 1))[0],
            )
        )
    return people
