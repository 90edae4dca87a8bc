"""The words of postings, lists and answers, in the page's language."""

import enum
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import LazyString, get_locale, gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectChoice

from placement.jobs.models import (
    DeclineReason,
    Posting,
    PostingState,
    Recommendation,
    ReferralState,
    ResponseKind,
)
from placement.jobs.ranking.facts import city_of
from placement.jobs.ranking.weights import CURRENT_WEIGHTS, PARTS
from placement.jobs.reasons import describe, national_names
from placement.reference import categories, divisions, industries, levels, majors, occupations
from placement.web.filters import number
from placement.web.words import ByMember

WORDS: ByMember[LazyString] = ByMember(
    [
        (ResponseKind.APPLIED, _("applied")),
        (ResponseKind.DECLINED, _("not for me")),
        (DeclineReason.TOO_FAR, _("It is too far away")),
        (DeclineReason.SALARY, _("It pays too little")),
        (DeclineReason.NOT_MY_FIELD, _("It is not my field")),
        (DeclineReason.EMPLOYER, _("I do not want this employer")),
        (DeclineReason.CONDITIONS, _("The conditions do not suit me")),
        (DeclineReason.OTHER, _("Something else")),
        (ReferralState.OPEN, _("waits for an answer")),
        (ReferralState.APPLIED, _("applied")),
        (ReferralState.HIRED, _("hired")),
        (ReferralState.REFUSED, _("refused by the employer")),
        (ReferralState.DECLINED, _("not for the student")),
        (ReferralState.WITHDRAWN, _("withdrawn")),
        (PostingState.OPEN, _("open")),
        (PostingState.CLOSED, _("hiring ended")),
    ]
)
TONES: ByMember[str] = ByMember(
    [
        (ResponseKind.APPLIED, "good"),
        (ReferralState.OPEN, "due"),
        (ReferralState.APPLIED, "act"),
        (ReferralState.HIRED, "good"),
        (ReferralState.REFUSED, "late"),
        (PostingState.OPEN, "good"),
    ]
)
EFFECTS: dict[DeclineReason, LazyString] = {
    DeclineReason.TOO_FAR: _("Jobs in that city come further down for 90 days."),
    DeclineReason.SALARY: _("Only this job is left out; your wish stays as it is."),
    DeclineReason.NOT_MY_FIELD: _("Jobs of this kind come further down for 90 days."),
    DeclineReason.EMPLOYER: _("No jobs of this employer for 90 days."),
    DeclineReason.CONDITIONS: _("Only this job is left out."),
    DeclineReason.OTHER: _("Only this job is left out."),
}
"""What each reason changes, so that nobody wonders why a list looks as it does."""

ACCOMMODATIONS: dict[str, LazyString] = {
    "无障碍通道": _("Step-free access"),
    "电梯": _("Lift"),
    "无障碍卫生间": _("Accessible toilet"),
    "可远程办公": _("Work from home is possible"),
    "弹性工时": _("Flexible hours"),
    "坐姿作业": _("Work that can be done sitting"),
    "手语沟通": _("Sign language or written talk"),
    "读屏软件": _("Screen reader"),
    "提供住宿": _("Lodging"),
}
"""What files and forms store, with the words for it; others are shown as they stand."""

_PARTS: dict[str, LazyString] = {
    "major": _("Major"),
    "text": _("Skills against the description"),
    "occupation": _("Occupation wished for"),
    "city": _("Place"),
    "salary": _("Pay"),
    "industry": _("Industry"),
    "care": _("What the student needs"),
    "adjustment": _("What earlier answers changed"),
}
_RULES: dict[str, LazyString] = {
    "level": _("asks for a higher level of education"),
    "major": _("takes only other majors"),
    "reserved": _("is kept for others"),
    "accommodations": _("lacks what the student needs"),
    "place": _("is outside the places wished for"),
    "history": _("was answered or put forward before"),
    "live": _("takes nobody any more, or the employer is not verified"),
}


def locale() -> str:
    """The language of the page."""
    return str(get_locale() or "en")


def word(member: enum.StrEnum) -> LazyString:
    """The word of a member of one of the enumerations of jobs."""
    return WORDS[member]


def tone(member: enum.StrEnum) -> str:
    """The tone that a state is shown in."""
    return TONES.get(member, "")


def effect(reason: DeclineReason) -> LazyString:
    """What a declined posting changes in what else is proposed."""
    return EFFECTS[reason]


def select_choices(members: Iterable[enum.StrEnum]) -> list[SelectChoice]:
    """The members as the choices of a field."""
    return [SelectChoice(member.value, WORDS[member]) for member in members]


def pay(posting: Posting) -> str:
    """The pay of a posting: 4,000–5,000 yuan a month; empty if it is not stated."""
    return pay_between(posting.salary_min, posting.salary_max)


def pay_between(low: int | None, high: int | None) -> str:
    """A pay in yuan a month, from and to; empty if neither is stated."""
    sums = list(dict.fromkeys(number(value) for value in (low, high) if value is not None))
    return str(gettext("%(pay)s yuan a month", pay="–".join(sums))) if sums else ""


def place(code: str | None) -> str:
    """The name of a place with its city; empty for none."""
    if not code:
        return ""
    city = city_of(code)
    names = dict.fromkeys(divisions.name(part, locale()) for part in (city, code))
    parts = list(names)
    return "".join(parts) if locale().startswith("zh") else ", ".join(reversed(parts))


def place_names(codes: Iterable[str]) -> str:
    """The places that somebody wishes for, the dearest first."""
    return str(gettext(", ")).join(place(code) for code in codes)


def occupation_names(codes: Iterable[str]) -> str:
    """The occupations that somebody wishes for."""
    return str(gettext(", ")).join(occupation(code) for code in codes)


def distance(home: str | None, city: str | None) -> str:
    """How far a place of work is from home; empty if unknown."""
    km = divisions.distance_km(home, city) if home and city else None
    if km is None:
        return ""
    if km < 10:
        return str(gettext("less than 10 km"))
    return str(gettext("about %(km)s km", km=number(round(km))))


def occupation(code: str | None) -> str:
    """The name of an occupation; empty for none."""
    return occupations.name(code, locale()) if code else ""


def industry(code: str | None) -> str:
    """The name of an industry; empty for none."""
    return industries.name(code, locale()) if code else ""


def lowest_level(code: str | None) -> str:
    """The lowest level that is taken, in words."""
    if not code:
        return str(gettext("any level"))
    return str(gettext("%(level)s or higher", level=levels.name(code, locale())))


def major(code: str) -> str:
    """The name of a major or class of majors; what no catalogue knows stands as it is."""
    found = majors.get(code)
    return found.zh if found else majors.classes().get(code, code)


def major_names(codes: Iterable[str]) -> str:
    """The majors that a posting names, each name once."""
    return str(gettext(", ")).join(dict.fromkeys(major(code) for code in codes))


def category_names(codes: Iterable[str]) -> str:
    """The groups that a posting is kept for."""
    return str(gettext(", ")).join(categories.name(code, locale()) for code in codes)


def accommodation(text: str) -> str:
    """The word for an accommodation; one that is not common stands as it was written."""
    return str(ACCOMMODATIONS.get(text, text))


def accommodation_names(texts: Iterable[str]) -> str:
    """What a posting provides for."""
    return str(gettext(", ")).join(accommodation(text) for text in texts)


def reasons(found: Recommendation) -> list[str]:
    """Why a posting is on the list, in up to three sentences."""
    return [_said(statement) for statement in found.reasons]


def caution(found: Recommendation) -> str:
    """What speaks against it; empty for nothing."""
    return "" if found.caution is None else _said(found.caution)


def missing(found: Recommendation) -> list[str]:
    """Why there are fewer than three reasons; empty where there are three."""
    return [_said(statement) for statement in found.missing]


def parts(found: Recommendation) -> list[tuple[str, float, float | None]]:
    """The parts of a score: name, weight and value, None where nothing is known."""
    weights = dict(zip(PARTS, CURRENT_WEIGHTS.of_parts, strict=True))
    return [(str(_PARTS[name]), weight, found.parts.get(name)) for name, weight in weights.items()]


def rules(names: Iterable[str]) -> list[str]:
    """Which hard rules a posting breaks for a student, in words."""
    return [str(_RULES[name]) for name in names]


def _said(statement: Mapping[str, Any]) -> str:
    return describe(statement, gettext, national_names(locale()))
