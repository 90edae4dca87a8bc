"""Who the students are: names, birth dates, ID numbers and ways to reach them, all made up."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from placement.demo.province.draws import (
    Days,
    Flags,
    Ints,
    Reals,
    Texts,
    digits,
    draw,
    rank_within,
    texts,
)
from placement.demo.province.words import read_words

MALE, FEMALE = 1, 2

MAIL_DOMAINS = tuple(f"mail{number}.example" for number in range(1, 13))
"""Reserved for examples (RFC 2606), so that no mail of the demo reaches anybody."""

FIRST_MOBILE = 17_900_000_000
"""179 is the prefix by which the carriers' IP calls are dialled, so that no mobile number in the
national numbering plan begins with it: the numbers look like mobiles and ring nowhere."""

_WEIGHTS = np.asarray([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK_DIGITS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_ETHNIC_WEIGHTS = {
    "22": 62.0, "03": 9.0, "15": 7.0, "06": 5.0, "08": 4.5, "11": 3.0, "12": 2.0, "09": 2.0,
    "02": 1.5, "05": 1.3, "07": 1.0, "13": 0.8, "23": 0.5, "04": 0.4,
}  # fmt: skip
"""Minorities among Fujian's students: most are She (畲族, 22), the province's own."""


@dataclass(frozen=True, slots=True)
class Surnames:
    """The surnames of one group of people with the chance of each."""

    names: Texts
    weights: Reals


@cache
def _surnames() -> Mapping[str, Surnames]:
    groups: dict[str, list[tuple[str, float]]] = {}
    for row in read_words("surnames"):
        groups.setdefault(row["group"], []).append((row["surname"], float(row["weight"])))
    return {
        group: Surnames(texts([n for n, _ in rows]), np.asarray([w for _, w in rows]))
        for group, rows in groups.items()
    }


@cache
def _given(group: str, sex: int, place: str) -> Texts:
    return texts(
        next(
            row["texts"].split(" ")
            for row in read_words("given_names")
            if (row["group"], row["sex"], row["place"]) == (group, str(sex), place)
        )
    )


@cache
def _without_surnames() -> frozenset[str]:
    return frozenset(row["group"] for row in read_words("given_names")) - {"han"}


def draw_ethnic_groups(rng: np.random.Generator, minority: Flags) -> Texts:
    """Return the code of the ethnic group: 01 for all but the minority."""
    groups = texts(["01"] * len(minority))
    codes = texts(list(_ETHNIC_WEIGHTS))
    found = draw(rng, list(_ETHNIC_WEIGHTS.values()), int(minority.sum()))
    groups[minority] = codes[found]
    return groups


def draw_names(rng: np.random.Generator, ethnic: Texts, sex: Ints) -> Texts:
    """Return names as they are common in Fujian and among the ethnic groups."""
    size = len(sex)
    names = _surnames()["han"].names[draw(rng, _surnames()["han"].weights, size)]
    for group, surnames in _surnames().items():
        rows = np.flatnonzero(ethnic == group)
        names[rows] = surnames.names[draw(rng, surnames.weights, len(rows))]
    for code in (MALE, FEMALE):
        rows = np.flatnonzero(sex == code)
        first, second = _two_parts(rng, "han", code, len(rows))
        # One in seven has a given name of one character.
        first[rng.random(len(rows)) < 1 / 7] = ""
        names[rows] += first + second
        for group in _without_surnames():
            own = np.flatnonzero((ethnic == group) & (sex == code))
            first, second = _two_parts(rng, group, code, len(own))
            names[own] = first + second
    return names


def _two_parts(rng: np.random.Generator, group: str, sex: int, size: int) -> tuple[Texts, Texts]:
    first, second = _given(group, sex, "first"), _given(group, sex, "second")
    return (
        first[rng.integers(0, len(first), size)],
        second[rng.integers(0, len(second), size)],
    )


def draw_birthdays(rng: np.random.Generator, level: Texts, class_year: int) -> Days:
    """Return birth dates that fit the level and the year of graduation."""
    ages = np.select([level == "01", level == "11", level == "31"], [29, 25, 22], 21)
    middle = np.asarray([f"{class_year}-03-01"], dtype="datetime64[D]")
    days = ages * 365.25 + np.clip(rng.normal(0, 220, len(level)), -700, 700)
    birthdays: Days = middle - days.astype("timedelta64[D]")
    return birthdays


def make_id_numbers(birthdays: Days, sex: Ints) -> Texts:
    """Return ID numbers of the form of GB 11643 under 350000, which is no county: nobody's.

    No two are equal: among those of one day and sex the sequence counts up, odd for men.
    Raises ValueError where a day has more than 499 of one sex.
    """
    days = birthdays.astype("datetime64[D]")
    rank = rank_within(days.astype(np.int64) * 2 + (sex == MALE))
    if len(rank) and rank.max() > 498:
        raise ValueError("A birth date has more people than there are numbers.")
    months = days.astype("datetime64[M]").astype(np.int64)
    number = (1970 + months // 12) * 10_000 + (months % 12 + 1) * 100
    number += (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    number = number * 1000 + 2 * rank + np.where(sex == MALE, 1, 2)
    number += 350_000 * 10**11
    single = number[:, None] // 10 ** np.arange(16, -1, -1) % 10
    letters = np.empty((len(number), 18), dtype=np.uint8)
    letters[:, :17] = single + ord("0")
    letters[:, 17] = _CHECK_DIGITS[single @ _WEIGHTS % 11]
    line = letters.tobytes().decode("ascii")
    return texts([line[start : start + 18] for start in range(0, len(line), 18)])


@dataclass(frozen=True, slots=True)
class Contacts:
    """Columns: how students can be reached; an empty text where nothing is known."""

    mobile: Texts
    email: Texts


def make_contacts(rng: np.random.Generator, first: int, size: int) -> Contacts:
    """Return numbers and addresses; `first` is how many people got theirs before."""
    order = np.arange(first, first + size)
    mobile = digits(FIRST_MOBILE + order)
    domains = texts([f"@{domain}" for domain in MAIL_DOMAINS])
    email = "s" + digits(10_000_000 + order) + domains[rng.integers(0, len(domains), size)]
    mobile[rng.random(size) < 0.01] = ""
    email[rng.random(size) < 0.03] = ""
    return Contacts(mobile, email)
