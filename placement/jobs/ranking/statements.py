"""What can truly be said of a pair, part by part: the reason, the caution, the silence.

Each function looks at the two records again and never only at the value of the part: a value can
come from a table or a setting, a statement must stand in both records.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from placement.jobs.ranking.facts import (
    PostingFacts,
    SeekerFacts,
    city_of,
    occupation_class,
    place_includes,
)
from placement.jobs.ranking.phrases import Phrase, shared_skills
from placement.jobs.ranking.postings import Prepared, major_demand
from placement.jobs.ranking.weights import (
    CARE,
    CITY,
    INDUSTRY,
    MAJOR,
    OCCUPATION,
    SALARY,
    TEXT,
)


class Statement(TypedDict):
    """A statement as it is stored: a code for what it says, and the values it says it of."""

    code: str
    values: dict[str, Any]


def _statement(code: str, **values: Any) -> Statement:
    return {"code": code, "values": values}


@dataclass(frozen=True, slots=True)
class Pair:
    """A student before a posting; `phrases` are their skills, `text` the posting's folded text."""

    seeker: SeekerFacts
    posting: PostingFacts
    text: str
    phrases: Sequence[Phrase]
    prepared: Prepared

    @property
    def km(self) -> int | None:
        """The distance from home in whole kilometres, None if unknown."""
        if not (self.seeker.home and self.posting.city):
            return None
        km = self.prepared.tables.distance_km(self.seeker.home, self.posting.city)
        return None if km is None else round(km)

    @property
    def wished_place(self) -> str | None:
        """The first wished place that means the posting's city."""
        places = (p for p in self.seeker.wishes.places if place_includes(p, self.posting.city))
        return next(places, None)

    @property
    def pay(self) -> list[float]:
        """The pay stated, in yuan a month: lowest and highest, one of them, or nothing."""
        stated = (self.posting.salary_min, self.posting.salary_max)
        return [pay for pay in stated if pay is not None]

    @property
    def major(self) -> dict[str, str]:
        """The student's major as their record has it."""
        return {"major": self.seeker.major_name, "major_code": self.seeker.major_code}


def _say_major(pair: Pair, value: float) -> Statement | None:
    demand = major_demand(pair.posting, pair.prepared.tables)
    if value < 1.0:
        return _statement("major_field", **pair.major)
    if demand.stated:
        return _statement("major", **pair.major)
    return _statement("major_occupation", occupation=pair.posting.occupation, **pair.major)


def _say_skills(pair: Pair, value: float) -> Statement | None:
    shared = shared_skills(pair.phrases, pair.text, pair.prepared.weights)
    return _statement("skills", skills=list(shared)) if shared else None


def _say_occupation(pair: Pair, value: float) -> Statement | None:
    offered = pair.posting.occupation
    if value >= 1.0:
        return _statement("occupation", occupation=offered)
    own = occupation_class(offered)
    wished = next(o for o in pair.seeker.wishes.occupations if occupation_class(o) == own)
    return _statement("occupation_related", occupation=offered, wished=wished)


def _say_city(pair: Pair, value: float) -> Statement | None:
    if pair.wished_place is not None:
        return _statement("city", city=pair.posting.city, place=pair.wished_place)
    return None if pair.km is None else _statement("near_home", km=pair.km)


def _say_salary(pair: Pair, value: float) -> Statement | None:
    wish = pair.seeker.wishes.salary
    code = "salary" if wish is not None and max(pair.pay) >= wish else "salary_near"
    return _statement(code, pay=pair.pay, wish=wish)


def _say_industry(pair: Pair, value: float) -> Statement | None:
    return _statement("industry", industry=pair.posting.industry)


def _say_care(pair: Pair, value: float) -> Statement | None:
    return _statement("care", accommodations=sorted(pair.seeker.wishes.needs))


REASONS: dict[int, Callable[[Pair, float], Statement | None]] = {
    MAJOR: _say_major,
    TEXT: _say_skills,
    OCCUPATION: _say_occupation,
    CITY: _say_city,
    SALARY: _say_salary,
    INDUSTRY: _say_industry,
    CARE: _say_care,
}
"""By part: what speaks for the pair, None where the value cannot be put into a true sentence."""


def say_reserved(pair: Pair) -> Statement | None:
    """Say that the posting is kept for a group that the student belongs to."""
    shared = sorted(pair.seeker.categories & pair.posting.reserved_for)
    return _statement("reserved", categories=shared) if shared else None


def _warn_major(pair: Pair) -> Statement:
    return _statement("other_major", **pair.major)


def _warn_skills(pair: Pair) -> Statement:
    return _statement("few_skills")


def _warn_occupation(pair: Pair) -> Statement:
    return _statement("other_occupation", occupation=pair.posting.occupation)


def _warn_city(pair: Pair) -> Statement:
    far = {city_of(code) for code in pair.seeker.feedback.cities}
    if city_of(pair.posting.city) in far:
        return _statement("called_far", city=pair.posting.city)
    if pair.km is not None:
        return _statement("far", km=pair.km)
    return _statement("other_city", city=pair.posting.city)


def _warn_salary(pair: Pair) -> Statement:
    return _statement("low_pay", pay=pair.pay, wish=pair.seeker.wishes.salary)


def _warn_industry(pair: Pair) -> Statement:
    return _statement("other_industry", industry=pair.posting.industry)


CAUTIONS: dict[int, Callable[[Pair], Statement]] = {
    MAJOR: _warn_major,
    TEXT: _warn_skills,
    OCCUPATION: _warn_occupation,
    CITY: _warn_city,
    SALARY: _warn_salary,
    INDUSTRY: _warn_industry,
}
"""By part: what speaks against the pair. Needs are a hard rule, so nothing can be said of care."""


def _has_place(seeker: SeekerFacts) -> bool:
    wishes = seeker.wishes
    return bool(any(wishes.places) or wishes.anywhere or wishes.distance_km is not None)


SAID_BY_STUDENT: dict[int, Callable[[SeekerFacts], bool]] = {
    MAJOR: lambda seeker: bool(seeker.major_code),
    TEXT: lambda seeker: bool(seeker.wishes.skills.strip()),
    OCCUPATION: lambda seeker: any(seeker.wishes.occupations),
    CITY: _has_place,
    SALARY: lambda seeker: bool(seeker.wishes.salary),
    INDUSTRY: lambda seeker: any(seeker.wishes.industries),
}
"""By part: whether the student's record has what the part compares."""

WISH_FIELDS = {
    MAJOR: "major",
    TEXT: "skills",
    OCCUPATION: "occupations",
    CITY: "places",
    SALARY: "salary",
    INDUSTRY: "industries",
}
"""By part: the word for the field that would let it speak."""
