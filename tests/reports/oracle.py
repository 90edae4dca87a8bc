"""A slow and obvious calculation of every figure, from the rules and not from the program.

Written with plain loops over plain rows, so that it can be checked by reading it beside the
rules. It imports nothing of the program.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

UNIT_2021 = {"10", "11", "27", "46", "50", "51"}
FLEXIBLE_2021 = {"12", "76", "77"}
UNIT_2024 = UNIT_2021 | {"12"}
FLEXIBLE_2024 = {"76", "77"}
STUDY = {"80", "81", "82", "85"}
PLACED = UNIT_2024 | FLEXIBLE_2024 | {"75"} | STUDY
LEFT_OUT = {"completed", "deferred", "withdrawn", "transferred", "deceased"}
CATEGORIES = (
    "family_hardship",
    "ethnic_minority",
    "rural_origin",
    "disability",
    "employment_difficulty",
)
PARTS = ("unit", "own_business", "flexible", "further_study", "seeking", "not_seeking")


@dataclass
class Fact:
    """A row of history: its values, from when it holds, when it was learnt and withdrawn."""

    student: int
    from_day: dt.date
    recorded: dt.datetime
    voided: dt.datetime | None
    values: dict[str, Any]
    number: int = 0
    entered: dt.datetime | None = None


@dataclass
class History:
    """All that was ever written about a few students."""

    versions: list[Fact] = field(default_factory=list)
    memberships: list[Fact] = field(default_factory=list)
    standings: list[Fact] = field(default_factory=list)
    outcomes: list[Fact] = field(default_factory=list)
    verifications: list[Fact] = field(default_factory=list)
    disputes: list[Fact] = field(default_factory=list)


@dataclass
class Asked:
    """A question, in the words of the command line."""

    class_year: int
    as_of: dt.date
    known_at: dt.datetime
    scheme: str
    base: str
    basis: str


@dataclass
class Seen:
    """What the rules make of one student of the register."""

    student: int
    values: dict[str, str]
    categories: set[str]
    standing: str
    code: str | None
    part: str
    known: bool
    placed: bool
    counted: bool
    reason: str


def known(facts: list[Fact], student: int, moment: dt.datetime) -> list[Fact]:
    """The facts of a student that were recorded by the moment and not withdrawn by it."""
    return [
        fact
        for fact in facts
        if fact.student == student
        and fact.recorded <= moment
        and (fact.voided is None or fact.voided > moment)
    ]


def last(facts: list[Fact]) -> Fact | None:
    """The fact of the last day; of one day, the one recorded later."""
    return max(facts, key=lambda f: (f.from_day, f.recorded, f.number), default=None)


def version_on(history: History, student: int, day: dt.date, moment: dt.datetime) -> Fact | None:
    """What a student was on the day; before any of it holds, the first that is known."""
    versions = known(history.versions, student, moment)
    holding = [v for v in versions if v.from_day <= day]
    if holding:
        return last(holding)
    first_day = min((v.from_day for v in versions), default=None)
    return last([v for v in versions if v.from_day == first_day])


def categories_on(
    history: History, student: int, day: dt.date, moment: dt.datetime, class_year: int
) -> set[str]:
    """The categories that a student is in; the register closes with the class year."""
    found = set()
    for membership in known(history.memberships, student, moment):
        if membership.values["state"] != "confirmed" or membership.from_day > day:
            continue
        first_day_without = membership.values["holds_to"]
        if first_day_without is not None:
            last_day_that_matters = min(day, dt.date(class_year, 12, 31))
            if first_day_without <= last_day_that_matters:
                continue
        found.add(membership.values["category"])
    return found


def decision_about(history: History, outcome: Fact, moment: dt.datetime) -> str | None:
    """The university's last word on an outcome."""
    decisions = [
        v
        for v in known(history.verifications, outcome.student, moment)
        if v.values["outcome"] == outcome.number
    ]
    newest = max(decisions, key=lambda v: (v.recorded, v.number), default=None)
    return None if newest is None else newest.values["decision"]


def part_of(code: str | None, scheme: str) -> str:
    """The part of the rate."""
    if code is None or code == "disputed":
        return "seeking"
    if code in (UNIT_2021 if scheme == "2021" else UNIT_2024):
        return "unit"
    if code in (FLEXIBLE_2021 if scheme == "2021" else FLEXIBLE_2024):
        return "flexible"
    if code == "75":
        return "own_business"
    if code in STUDY:
        return "further_study"
    return "seeking" if code == "70" else "not_seeking"


def see(history: History, student: int, asked: Asked) -> Seen | None:
    """What the rules make of a student, or None for somebody who is not in the register."""
    day, moment = asked.as_of, asked.known_at
    version = version_on(history, student, day, moment)
    if version is None or version.values["class_year"] != asked.class_year:
        return None
    categories = categories_on(history, student, day, moment, asked.class_year)
    if not categories:
        return None
    holding = [s for s in known(history.standings, student, moment) if s.from_day <= day]
    newest = last(holding)
    standing = "graduated" if newest is None else newest.values["standing"]
    code, reason = deciding_code(history, student, asked)
    counted = asked.base == "registered" or standing not in LEFT_OUT
    return Seen(
        student=student,
        values={
            name: version.values[name] or "unknown"
            for name in ("level", "sex", "ethnic", "origin", "university", "college", "county")
        },
        categories=categories,
        standing=standing,
        code=code,
        part=part_of(code, asked.scheme),
        known=code is not None,
        placed=code in PLACED,
        counted=counted,
        reason=reason if counted else standing,
    )


def deciding_outcome(history: History, student: int, asked: Asked) -> Fact | None:
    """The last outcome that the basis takes."""
    moment = asked.known_at
    candidates = []
    for outcome in known(history.outcomes, student, moment):
        decision = decision_about(history, outcome, moment)
        if outcome.from_day > asked.as_of or decision == "rejected":
            continue
        believed = outcome.values["code"] not in PLACED
        if asked.basis == "reported" or decision == "verified" or believed:
            candidates.append(outcome)
    return last(candidates)


def deciding_code(history: History, student: int, asked: Asked) -> tuple[str | None, str]:
    """The code that decides, and why."""
    moment = asked.known_at
    outcomes = [o for o in known(history.outcomes, student, moment) if o.from_day <= asked.as_of]
    decisions = {o.number: decision_about(history, o, moment) for o in outcomes}
    deciding = deciding_outcome(history, student, asked)
    if deciding is None:
        if not outcomes:
            return None, "no_outcome"
        all_rejected = all(d == "rejected" for d in decisions.values())
        return None, "rejected" if all_rejected else "unverified"
    code = deciding.values["code"]
    is_verified = decisions[deciding.number] == "verified"
    if asked.basis == "reported":
        return code, why(code, is_verified=is_verified, overtaken=False)
    if any(
        d.values["outcome"] == deciding.number for d in known(history.disputes, student, moment)
    ):
        return "disputed", "disputed"
    verified = last([o for o in outcomes if decisions[o.number] == "verified"])
    overtaken = not is_verified and verified is not None and verified.values["code"] in PLACED
    return code, why(code, is_verified=is_verified, overtaken=overtaken)


def why(code: str, *, is_verified: bool, overtaken: bool) -> str:
    """Why somebody with a deciding code counts as they do."""
    if overtaken:
        return "overtaken"
    if code not in PLACED:
        return "not_placed"
    return "verified" if is_verified else "reported"


def register(history: History, asked: Asked) -> list[Seen]:
    """Everybody of the register."""
    students = sorted({v.student for v in history.versions})
    seen = [see(history, student, asked) for student in students]
    return [one for one in seen if one is not None]


def keys(one: Seen, dimension: str) -> list[str]:
    """The keys of a student in a dimension; several only for categories."""
    if dimension == "category":
        return [c for c in CATEGORIES if c in one.categories]
    if dimension == "combination":
        headline = ["family_hardship", "ethnic_minority", "rural_origin", "disability"]
        return [".".join(c for c in headline if c in one.categories) or "none"]
    if dimension == "code":
        return [one.code or "unknown"]
    if dimension in {"part", "standing", "reason"}:
        return [getattr(one, dimension)]
    return [one.values[dimension]]


def crossing_keys(one: Seen, dimensions: list[str]) -> list[str]:
    """The keys of a student in a crossing, such as `1+31`."""
    found = [""]
    for dimension in dimensions:
        found = [f"{start}+{key}" for start in found for key in keys(one, dimension)]
    return [key[1:] for key in found]
