"""Matching of partner lists with students: pure, so that every decision can be shown and tested.

An ID number decides who is meant; a name alone never does. What only might be
the same person is shown to the university and never becomes a membership by
itself.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from placement.intake.similarity import NameLikeness, likeness
from placement.reference.names import fold_name

MATCHED = "matched"
POSSIBLE = "possible"
NOT_OURS = "not_ours"
DUPLICATE = "duplicate"
LEFT = "left"

REASONS = {
    "same_id_and_name": "Same ID number, same name.",
    "same_id_masked_name": "Same ID number; the list hides part of the name.",
    "same_id_same_sound": "Same ID number; the name is written otherwise and sounds the same.",
    "same_id_similar_name": "Same ID number, similar name.",
    "same_id_other_name": "Same ID number, quite another name.",
    "same_name_and_number": "Same name, same student number.",
    "similar_name_and_number": "Similar name, same student number.",
    "same_name_and_birth": "Same name, same date of birth.",
    "same_name_and_school": "Same name, same university.",
    "same_name_and_place": "Same name, same place of origin.",
    "same_name_only": "Same name; the list says nothing else of the person.",
    "several_namesakes": "%(count)s students have this name; the list says nothing else.",
    "unknown": "No student of the class year.",
    "listed_before": "The same person as in row %(row)s.",
    "missing": "On an earlier list of this kind, and missing from this one, which is complete.",
}
"""Why a row got its state: English message ids, translated where they are shown."""

_SAME_ID = {
    NameLikeness.SAME: ("same_id_and_name", MATCHED, 1.0),
    NameLikeness.MASKED: ("same_id_masked_name", POSSIBLE, 0.95),
    NameLikeness.SOUND: ("same_id_same_sound", POSSIBLE, 0.9),
    NameLikeness.SIMILAR: ("same_id_similar_name", POSSIBLE, 0.85),
    NameLikeness.OTHER: ("same_id_other_name", POSSIBLE, 0.5),
}
_STRONG = (
    ("student_number", 0.85, "same_name_and_number"),
    ("birth_date", 0.8, "same_name_and_birth"),
)
_WEAK = (
    ("university", 0.6, "same_name_and_school"),
    ("division", 0.5, "same_name_and_place"),
)
_MOST_NAMESAKES = 5
"""More students of one name than this are no help to anybody who has to choose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A person on a list. `id_key` is the ID number or anything that stands for it alone."""

    row: int
    name: str
    id_key: Hashable | None = None
    birth_date: dt.date | None = None
    sex: str | None = None
    student_number: str | None = None
    university: str | None = None
    division: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A student who may be on the list; `key` is theirs, `id_key` made as that of Listed."""

    key: int
    name: str
    id_key: Hashable | None = None
    birth_date: dt.date | None = None
    sex: str | None = None
    student_number: str | None = None
    university: str | None = None
    division: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for a row: `key` of the student, `score` as a share from 0 to 1.

    `reason` is one of REASONS; `alternatives` are other students who fit as
    well, at most five.
    """

    row: int
    state: str
    key: int | None
    score: float
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)
    alternatives: tuple[int, ...] = ()

    @property
    def message(self) -> str:
        """The reason in English."""
        return REASONS[self.reason] % self.values


def match_list(listed: Sequence[Listed], candidates: Iterable[Candidate]) -> list[Match]:
    """Find the student of every row, in the order of the rows.

    Same ID number and same name (variants folded) is matched; same ID number
    and another name is possible; without a student of that ID number, the same
    name is possible where something else agrees and nothing contradicts. A
    person who is on the list twice is a duplicate in all rows but the best.
    """
    register = _Register(candidates)
    found = [register.find(person) for person in listed]
    return _without_repeats(listed, found)


def missing_from(matches: Iterable[Match], earlier: Iterable[int]) -> list[int]:
    """Return the students of `earlier` whom a complete list no longer holds, even possibly."""
    there = {match.key for match in matches} | {
        key for match in matches for key in match.alternatives
    }
    return [key for key in dict.fromkeys(earlier) if key not in there]


def missing_match(key: int) -> Match:
    """Say of a student of an earlier list that a complete one no longer holds them; no row is 0."""
    return Match(0, LEFT, key, 0.0, "missing")


class _Register:
    """The candidates by what a list may know of them."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self.by_id: dict[Hashable, Candidate] = {}
        self.by_name: defaultdict[str, list[Candidate]] = defaultdict(list)
        self.by_number: defaultdict[str, list[Candidate]] = defaultdict(list)
        for candidate in candidates:
            if candidate.id_key is not None:
                self.by_id[candidate.id_key] = candidate
            self.by_name[fold_name(candidate.name)].append(candidate)
            if candidate.student_number is not None:
                self.by_number[candidate.student_number].append(candidate)

    def find(self, person: Listed) -> Match:
        holder = self.by_id.get(person.id_key) if person.id_key is not None else None
        if holder is not None:
            reason, state, score = _SAME_ID[likeness(person.name, holder.name)]
            return Match(person.row, state, holder.key, score, reason)
        return (
            self._by_name(person)
            or self._by_number(person)
            or Match(person.row, NOT_OURS, None, 0.0, "unknown")
        )

    def _by_name(self, person: Listed) -> Match | None:
        namesakes = [
            (weighed, candidate)
            for candidate in self.by_name.get(fold_name(person.name), ())
            if (weighed := _weigh(person, candidate)) is not None
        ]
        if not namesakes:
            return None
        best = max(score for (score, _), _ in namesakes)
        fitting = [pair for pair in namesakes if pair[0][0] == best]
        (score, reason), chosen = fitting[0]
        if reason == "same_name_only" and len(fitting) > 1:
            return _several(person, [candidate for _, candidate in fitting])
        others = tuple(candidate.key for _, candidate in fitting[1 : _MOST_NAMESAKES + 1])
        return Match(person.row, POSSIBLE, chosen.key, score, reason, {}, others)

    def _by_number(self, person: Listed) -> Match | None:
        if person.student_number is None:
            return None
        holders = [
            candidate
            for candidate in self.by_number.get(person.student_number, ())
            if not _contradicts(person, candidate)
            and likeness(person.name, candidate.name) is not NameLikeness.OTHER
        ]
        if len(holders) != 1:
            return None
        return Match(person.row, POSSIBLE, holders[0].key, 0.6, "similar_name_and_number")


def _several(person: Listed, namesakes: Sequence[Candidate]) -> Match:
    values = {"count": len(namesakes)}
    if len(namesakes) > _MOST_NAMESAKES:
        return Match(person.row, NOT_OURS, None, 0.0, "several_namesakes", values)
    keys = [candidate.key for candidate in namesakes]
    return Match(person.row, POSSIBLE, keys[0], 0.2, "several_namesakes", values, tuple(keys[1:]))


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _agree(one: object, other: object) -> bool:
    return one is not None and one == other


def _contradicts(person: Listed, candidate: Candidate) -> bool:
    return (
        _differ(person.birth_date, candidate.birth_date)
        or _differ(person.sex, candidate.sex)
        or _differ(person.university, candidate.university)
    )


def _weigh(person: Listed, candidate: Candidate) -> tuple[float, str] | None:
    """Return score and reason for a candidate of the same name, or None for another person."""
    if _contradicts(person, candidate):
        return None
    for fact, score, reason in _STRONG:
        if _agree(getattr(person, fact), getattr(candidate, fact)):
            return score, reason
    # Who shows another ID number in full is a namesake, unless the number was
    # mistyped, which the agreements above would have shown.
    if _differ(person.id_key, candidate.id_key):
        return None
    for fact, score, reason in _WEAK:
        if _agree(getattr(person, fact), getattr(candidate, fact)):
            return score, reason
    return 0.3, "same_name_only"


def _without_repeats(listed: Sequence[Listed], found: Sequence[Match]) -> list[Match]:
    """Leave one row for each person: the best, of equals the first; the others are duplicates."""
    order = sorted(range(len(found)), key=lambda place: (-found[place].score, place))
    settled = list(found)
    first_of: dict[Hashable, Match] = {}
    matched: dict[int | None, Match] = {}
    for place in order:
        match = found[place]
        before = first_of.setdefault(_who(listed[place]), match)
        if before is match and match.state == POSSIBLE:
            before = matched.get(match.key, match)
        if before is not match:
            settled[place] = replace(
                match,
                state=DUPLICATE,
                key=before.key,
                score=before.score,
                reason="listed_before",
                values={"row": before.row},
                alternatives=(),
            )
        elif match.state == MATCHED:
            matched[match.key] = match
    return settled


def _who(person: Listed) -> Hashable:
    if person.id_key is not None:
        return "id", person.id_key
    return (
        fold_name(person.name),
        person.birth_date,
        person.student_number,
        person.university,
        person.division,
        person.sex,
    )
