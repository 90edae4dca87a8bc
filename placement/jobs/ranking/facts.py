"""The facts that the engine ranks by, as plain values, and the reference tables it needs.

What is not in here cannot influence a list: there is no field for sex, ethnic group or origin.
`SeekerFacts.categories` is read only to open reserved postings.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

LEVEL_RANKS = {"61": 1, "41": 1, "31": 2, "25": 3, "11": 4, "01": 5}
"""National level codes (XLDM) in the order in which employers ask for them at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a student said they want; an empty field means 'not said', never 'no'.

    `places` are up to three six-digit division codes, the dearest first; `salary` is in yuan a
    month; `occupations` are occupation codes of any depth ('2-02-10-03', '2-02'); `industries`
    codes of GB/T 4754 of any depth; `distance_km` is the farthest from home; `needs` are the
    accommodations without which the student cannot work.
    """

    places: tuple[str, ...] = ()
    anywhere: bool = False
    salary: float | None = None
    occupations: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    distance_km: float | None = None
    skills: str = ""
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What a student's own answers to earlier postings changed; the caller drops what expired.

    `cities` maps a posting's city to the factor of its city part (0.5 after 'too far');
    `occupations` maps an occupation's middle class ('2-02') to what is added to the score
    (-0.15 after 'not my field', +0.05 after an acceptance).
    """

    cities: Mapping[str, float] = field(default_factory=dict)
    occupations: Mapping[str, float] = field(default_factory=dict)
    blocked_employers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerFacts:
    """A student who looks for work. Only `id` is needed: one without wishes gets a list too.

    `level` is a national level code, `major_code` the six-digit code of the student's own
    catalogue, `home` the six-digit division that distances count from. `categories` open
    postings reserved for them. `excluded` are postings applied for, declined or referred before.
    """

    id: int
    level: str = ""
    major_code: str = ""
    major_name: str = ""
    home: str = ""
    wishes: Wishes = Wishes()
    categories: frozenset[str] = frozenset()
    excluded: frozenset[int] = frozenset()
    feedback: Feedback = Feedback()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingFacts:
    """A posting as its employer wrote it; an empty field means 'not stated'.

    `level` is the lowest level that is taken. `majors` are codes of a major (6 digits), class
    (4) or field (2); with `majors_strict` nobody else is taken. Pay is in yuan a month. With
    `reserved_for` only students of one of these categories are taken. A posting that is not
    `open`, whose employer is not verified or whose deadline has passed is never proposed.
    """

    id: int
    employer_id: int
    title: str
    occupation: str = ""
    city: str = ""
    salary_min: float | None = None
    salary_max: float | None = None
    level: str = ""
    majors: tuple[str, ...] = ()
    majors_strict: bool = False
    deadline: dt.date | None = None
    description: str = ""
    reserved_for: frozenset[str] = frozenset()
    accommodations: frozenset[str] = frozenset()
    industry: str = ""
    open: bool = True
    employer_verified: bool = True

    def is_live(self, day: dt.date) -> bool:
        """Say whether the posting may be proposed on this local day (deadline included)."""
        in_time = self.deadline is None or self.deadline >= day
        return self.open and self.employer_verified and in_time


def no_distance(home: str, city: str) -> float | None:
    """Know no distance: the default where no table of places is given."""
    return None


def first_four_digits(code: str, level: str) -> str:
    """Read the class of a major off its code, as both catalogues number it."""
    return code[:4]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Reference tables as plain callables and mappings, so that the engine needs none of its own.

    `distance_km(home, city)` gives kilometres between two divisions, None if unknown.
    `major_class(code, level)` gives the class of a major in the catalogue that postings use.
    `occupation_majors` maps an occupation code of any depth to the major classes that commonly
    lead to it; it speaks only where a posting names no majors.
    """

    distance_km: Callable[[str, str], float | None] = no_distance
    major_class: Callable[[str, str], str] = first_four_digits
    occupation_majors: Mapping[str, frozenset[str]] = field(default_factory=dict)


def occupation_stem(code: str) -> str:
    """Give an occupation code without the zeros that fill up a class: '2-02' for '2-02-00-00'."""
    while code.endswith("-00"):
        code = code.removesuffix("-00")
    return code


def occupation_class(code: str) -> str:
    """Give the middle class of an occupation: '2-02' for '2-02-10-03'."""
    return "-".join(occupation_stem(code).split("-")[:2])


def city_of(division: str) -> str:
    """Give the city that a division belongs to, as postings and wishes are compared by it.

    A municipality is one city, a county that a province administers directly is its own;
    a province stays a province, which is not a city.
    """
    if division[:2] in {"11", "12", "31", "50"}:
        return division[:2] + "0000"
    if division[2:4] == "90" or division[2:] == "0000":
        return division
    return division[:4] + "00"


def place_includes(place: str, city: str) -> bool:
    """Say whether a wished place (province, city or county) means this posting's city."""
    if not place or not city:
        return False
    if place[2:] == "0000":
        return place[:2] == city[:2]
    return city_of(place) == city_of(city)
