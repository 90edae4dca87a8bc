"""Why two figures take a student differently, told slowly from the rules.

The rules: one question becomes the other one aspect at a time, in the order of `ASPECTS`. If only
one figure has the student in its selection, that is explained; else, if only one counts them,
that; else the outcome. The last aspect at which the thing explained changed is the cause, and
what was written into the history between both says what happened.
"""

import datetime as dt
import itertools
from dataclasses import dataclass, replace

from tests.reports.oracle import (
    PLACED,
    Asked,
    Fact,
    History,
    Seen,
    categories_on,
    deciding_outcome,
    decision_about,
    keys,
    known,
    see,
    version_on,
)

ASPECTS = ("where", "base", "scheme", "basis", "as_of", "known_at")
Where = tuple[tuple[str, str], ...]


@dataclass
class Stage:
    """A question along the way and what the rules make of the student under it."""

    aspect: str
    asked: Asked
    where: Where
    seen: Seen | None

    @property
    def is_in(self) -> bool:
        """Whether the student is in the selection."""
        return self.seen is not None and all(
            key in keys(self.seen, name) for name, key in self.where
        )


def selection(history: History, asked: Asked, where: Where) -> dict[int, Seen]:
    """Everybody of the register whom the conditions take in, by student."""
    found = {}
    for student in sorted({v.student for v in history.versions}):
        stage = Stage("", asked, where, see(history, student, asked))
        if stage.is_in:
            found[student] = stage.seen
    return found


def way(history: History, student: int, first: tuple[Asked, Where], second: tuple[Asked, Where]):
    """The questions from the first to the second."""
    asked, where = first
    stages = [Stage("", asked, where, see(history, student, asked))]
    for aspect in ASPECTS:
        if aspect == "where":
            following = (asked, second[1])
        else:
            following = (replace(asked, **{aspect: getattr(second[0], aspect)}), where)
        if following == (asked, where):
            continue
        asked, where = following
        stages.append(Stage(aspect, asked, where, see(history, student, asked)))
    return stages


def counts_as(seen: Seen) -> tuple[str | None, str] | None:
    """What the figures make of somebody of the selection."""
    return (seen.code, seen.part) if seen.counted else None


def expected_cause(
    history: History, student: int, first: tuple[Asked, Where], second: tuple[Asked, Where]
) -> str | None:
    """The cause, or None for who is taken alike."""
    stages = way(history, student, first, second)
    start, end = stages[0], stages[-1]
    if start.is_in != end.is_in:
        changed = [(a, b) for a, b in itertools.pairwise(stages) if a.is_in != b.is_in]
        return register_cause(history, student, *changed[-1])
    if not start.is_in or counts_as(start.seen) == counts_as(end.seen):
        return None
    in_register = [stage for stage in stages if stage.seen is not None]
    pairs = list(itertools.pairwise(in_register))
    if start.seen.counted != end.seen.counted:
        changed = [(a, b) for a, b in pairs if a.seen.counted != b.seen.counted]
        return denominator_cause(*changed[-1])
    changed = [(a, b) for a, b in pairs if (a.seen.code, a.seen.part) != (b.seen.code, b.seen.part)]
    return outcome_cause(history, student, *changed[-1])


def in_time(before: Stage, after: Stage) -> tuple[Stage, Stage]:
    """The earlier and the later of two stages that differ in the day or in the moment."""
    name = "as_of" if after.aspect == "as_of" else "known_at"
    if getattr(before.asked, name) <= getattr(after.asked, name):
        return before, after
    return after, before


def register_cause(history: History, student: int, before: Stage, after: Stage) -> str:
    """Why only one of two questions, alike but for one aspect, has a student in its selection."""
    if after.aspect == "where":
        return "selection"
    if before.seen is not None and after.seen is not None:
        word = {"as_of": "moved", "known_at": "corrected"}.get(after.aspect, "regrouped")
        for name, key in after.where:
            if (key in keys(before.seen, name)) != (key in keys(after.seen, name)):
                return f"{word}:{name}"
    earlier, later = (presence(history, student, stage.asked) for stage in in_time(before, after))
    words = {
        "as_of": ("", "", "class_changed", "class_changed", "membership_began", "membership_ended"),
        "known_at": (
            "person_recorded",
            "person_withdrawn",
            "class_corrected",
            "class_corrected",
            "membership_recorded",
            "membership_withdrawn",
        ),
    }[after.aspect]
    for place in range(3):
        if earlier[place] != later[place]:
            return words[2 * place + (not later[place])]
    raise AssertionError("both are alike")


def presence(history: History, student: int, asked: Asked) -> tuple[bool, bool, bool]:
    """Whether a student is known, of the class, and in a category."""
    version = version_on(history, student, asked.as_of, asked.known_at)
    if version is None:
        return False, False, False
    of_class = version.values["class_year"] == asked.class_year
    in_any = categories_on(history, student, asked.as_of, asked.known_at, asked.class_year)
    return True, of_class, bool(in_any)


def denominator_cause(before: Stage, after: Stage) -> str:
    """Why only one of two questions counts somebody of the register."""
    if after.aspect == "base":
        return f"left_out:{after.seen.standing}"
    earlier, later = in_time(before, after)
    gone = not later.seen.counted
    words = {
        "as_of": ("standing_ended", "standing_began"),
        "known_at": ("standing_corrected", "standing_recorded"),
    }[after.aspect]
    return f"{words[gone]}:{(later if gone else earlier).seen.standing}"


def outcome_cause(history: History, student: int, before: Stage, after: Stage) -> str:
    """Why somebody counted counts otherwise."""
    if after.aspect == "scheme":
        return f"mapped:{after.seen.code}"
    if after.aspect == "basis":
        ids = [deciding_outcome(history, student, stage.asked) for stage in (before, after)]
        if None in (before.seen.code, after.seen.code):
            return "unverified"
        return "in_dispute" if ids[0] is ids[1] else "later_unverified"
    earlier, later = in_time(before, after)
    if after.aspect == "known_at":
        learnt = learnt_cause(history, student, earlier.asked, later.asked)
        if learnt:
            return learnt
    return "outcome_began" if earlier.seen.code is None else "outcome_followed"


def learnt_cause(history: History, student: int, earlier: Asked, later: Asked) -> str | None:
    """What was written between two moments about the outcomes that decide at them."""
    old = deciding_outcome(history, student, earlier)
    new = deciding_outcome(history, student, later)
    if old is not None and old is new:
        open_later = [
            d
            for d in known(history.disputes, student, later.known_at)
            if d.values["outcome"] == old.number
        ]
        return "disputed" if open_later else "dispute_settled"
    came = new is not None and new.recorded > earlier.known_at
    went = old is not None and old.voided is not None and old.voided <= later.known_at
    if came or went:
        return {(1, 1): "outcome_corrected", (1, 0): "outcome_recorded"}.get(
            (came, went), "outcome_withdrawn"
        )
    if old is not None and not takes(history, old, later.known_at, later.basis):
        rejected = decision_about(history, old, later.known_at) == "rejected"
        return "rejected" if rejected else "verification_withdrawn"
    if new is not None and not takes(history, new, earlier.known_at, earlier.basis):
        verified = decision_about(history, new, later.known_at) == "verified"
        return "verified" if verified else "rejection_withdrawn"
    return None


def takes(history: History, outcome: Fact, moment: dt.datetime, basis: str) -> bool:
    """Whether a basis takes an outcome at a moment."""
    decision = decision_about(history, outcome, moment)
    if decision == "rejected":
        return False
    return decision == "verified" or basis == "reported" or outcome.values["code"] not in PLACED
