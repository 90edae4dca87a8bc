"""The one cause under which somebody stands whom two figures take differently.

Along the way from the first question to the second a person's place changes, perhaps more than
once. What differs first between both ends decides at which level they are explained: whether
they are in the selection, else whether they are counted, else what outcome decides. The last
step at which that changed is the one that made them what they are, and what happened in it is
their cause.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from placement.reference import change_causes
from placement.reports.dimensions import DISPUTED, Dimension, place_in_order
from placement.reports.questions import Basis
from placement.reports.reconciliation.places import (
    NOBODY,
    REJECTED,
    VERIFIED,
    Grounds,
    OutcomeLife,
    Place,
)
from placement.reports.reconciliation.steps import Aspect, Step

_DIMENSION_OF_KEY = {"standing": Dimension.STANDING, "code": Dimension.CODE}


@dataclass(frozen=True, slots=True)
class Cause:
    """A code of the table `change_causes`, with the key that tells its cases apart, if any."""

    code: str
    key: str = ""

    def __str__(self) -> str:
        """As addresses and answers write it, such as `left_out:deferred`."""
        return f"{self.code}:{self.key}" if self.key else self.code

    @property
    def order(self) -> tuple[int, tuple[int, str]]:
        """Where it stands among the causes."""
        dimension = _DIMENSION_OF_KEY.get(change_causes.key_of(self.code))
        place = (0, self.key) if dimension is None else place_in_order(dimension, self.key)
        return change_causes.codes.index(self.code), place


def read_cause(text: str) -> Cause | None:
    """Read what `str` wrote; None for what is no cause."""
    code, _, key = text.partition(":")
    return Cause(code, key) if code in change_causes.entries else None


@dataclass(frozen=True, slots=True)
class Turn:
    """The step that made somebody what they are; before and after it, at one level.

    `number` is the step's, from 0. None is for who was not in the register.
    """

    level: str
    number: int
    step: Step
    before: Place | None
    after: Place | None

    @property
    def in_time(self) -> tuple[Place | None, Place | None]:
        """Their places at the earlier and at the later of two days or moments."""
        pair = (self.before, self.after)
        return pair if self.step.is_forward else pair[::-1]

    @property
    def keys(self) -> tuple[str, str]:
        """What they were and are in the dimension of the first condition that they changed to."""
        if self.level != "register" or self.before is None or self.after is None:
            return ("", "")
        pairs = zip(self.before.selected, self.after.selected, strict=False)
        place = next((n for n, (was, is_now) in enumerate(pairs) if was != is_now), None)
        if place is None or self.step.aspect is Aspect.WHERE:
            return ("", "")
        return (self.before.keys[place], self.after.keys[place])

    @property
    def moments(self) -> tuple[dt.datetime, dt.datetime]:
        """The earlier and the later moment of knowledge."""
        found = (_moment(self.step.before.known_at), _moment(self.step.after.known_at))
        return (min(found), max(found))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the history says of those whose places changed.

    `grounds` are by question, counted from 0 along the way, and student.
    """

    grounds: Mapping[tuple[int, int], Grounds] = field(default_factory=dict)
    outcomes: Mapping[int, OutcomeLife] = field(default_factory=dict)


def turn_of(places: Sequence[Place | None], steps: Sequence[Step]) -> Turn | None:
    """The step that decides about somebody, None if both figures take them alike.

    `places` are those under each question along the way, one more than the steps.
    """
    first, last = places[0], places[-1]
    if _is_in(first) != _is_in(last):
        return _last_change("register", places, steps, _is_in)
    if first is None or last is None or not first.is_selected:
        return None
    if first.left_out != last.left_out:
        return _last_change("denominator", places, steps, lambda place: place.left_out)
    if first.count_as != last.count_as:
        return _last_change("outcome", places, steps, lambda place: (place.code, place.part))
    return None


def cause_of(turn: Turn, student_id: int, evidence: Evidence) -> Cause:
    """What happened in the step that decides about somebody."""
    if turn.level == "register":
        return _register_cause(turn, student_id, evidence)
    if turn.level == "denominator":
        return _denominator_cause(turn)
    return _outcome_cause(turn, evidence)


def _moment(moment: dt.datetime | None) -> dt.datetime:
    if moment is None:
        raise ValueError("a question along the way names no moment")
    return moment


def _is_in(place: Place | None) -> bool:
    return place is not None and place.is_selected


def _last_change(
    level: str,
    places: Sequence[Place | None],
    steps: Sequence[Step],
    value: Callable[[Any], Any],
) -> Turn:
    """The last step at which a value changed, which nobody has outside the register."""
    found = None
    before = places[0]
    for number, step in enumerate(steps):
        after = places[number + 1]
        if after is None and level != "register":
            continue
        if value(before) != value(after):
            found = Turn(level, number, step, before, after)
        before = after
    if found is None:
        raise ValueError("both ends are alike")
    return found


def _register_cause(turn: Turn, student_id: int, evidence: Evidence) -> Cause:
    aspect = turn.step.aspect
    if aspect is Aspect.WHERE:
        return Cause("selection")
    if turn.before is not None and turn.after is not None:
        code = {Aspect.AS_OF: "moved", Aspect.KNOWN_AT: "corrected"}.get(aspect, "regrouped")
        return Cause(code, _changed_dimension(turn.step, turn.before, turn.after))
    ends = [
        evidence.grounds.get((number, student_id), NOBODY)
        for number in (turn.number, turn.number + 1)
    ]
    earlier, later = ends if turn.step.is_forward else reversed(ends)
    if aspect is Aspect.AS_OF:
        return Cause(_happened(earlier, later))
    return Cause(_learnt(earlier, later))


def _changed_dimension(step: Step, before: Place, after: Place) -> str:
    """The dimension of the first condition that takes them in on one side only."""
    pairs = zip(step.after.where, before.selected, after.selected, strict=True)
    return next(condition.dimension.value for condition, was, is_now in pairs if was != is_now)


def _happened(earlier: Grounds, later: Grounds) -> str:
    if earlier.is_of_class != later.is_of_class:
        return "class_changed"
    return "membership_began" if later.is_member else "membership_ended"


def _learnt(earlier: Grounds, later: Grounds) -> str:
    if earlier.is_known != later.is_known:
        return "person_recorded" if later.is_known else "person_withdrawn"
    if earlier.is_of_class != later.is_of_class:
        return "class_corrected"
    return "membership_recorded" if later.is_member else "membership_withdrawn"


def _denominator_cause(turn: Turn) -> Cause:
    earlier, later = _both(turn)
    standing = later.standing if later.left_out else earlier.standing
    if turn.step.aspect is Aspect.BASE:
        return Cause("left_out", standing)
    if turn.step.aspect is Aspect.AS_OF:
        return Cause("standing_began" if later.left_out else "standing_ended", standing)
    return Cause("standing_recorded" if later.left_out else "standing_corrected", standing)


def _both(turn: Turn) -> tuple[Place, Place]:
    earlier, later = turn.in_time
    if earlier is None or later is None:
        raise ValueError("nobody is counted outside the register")
    return earlier, later


def _outcome_cause(turn: Turn, evidence: Evidence) -> Cause:
    earlier, later = _both(turn)
    aspect = turn.step.aspect
    if aspect is Aspect.SCHEME:
        return Cause("mapped", later.code or "")
    if aspect is Aspect.BASIS:
        return Cause(_unproven(*sorted((earlier, later), key=lambda one: one is not turn.after)))
    if aspect is Aspect.KNOWN_AT:
        learnt = _learnt_of_outcome(turn, earlier, later, evidence.outcomes)
        if learnt is not None:
            return Cause(learnt)
    return Cause("outcome_began" if earlier.code is None else "outcome_followed")


def _unproven(one: Place, other: Place) -> str:
    """Why what is reported does not count as verified; who of both is which does not matter."""
    if None in (one.code, other.code):
        return "unverified"
    return "in_dispute" if one.outcome_id == other.outcome_id else "later_unverified"


def _learnt_of_outcome(
    turn: Turn, earlier: Place, later: Place, outcomes: Mapping[int, OutcomeLife]
) -> str | None:
    """What was recorded or withdrawn between two moments so that another outcome decides.

    None where nothing was: then the day differs too, and what decides is from another day.
    """
    old, new = earlier.deciding_id, later.deciding_id
    if old is not None and old == new:
        return "disputed" if later.code == DISPUTED else "dispute_settled"
    began, ended = turn.moments
    is_new = new is not None and outcomes[new].recorded_at > began
    is_gone = old is not None and _is_gone(outcomes[old], ended)
    if is_new:
        return "outcome_corrected" if is_gone else "outcome_recorded"
    if is_gone:
        return "outcome_withdrawn"
    verified_only = turn.step.after.basis is Basis.VERIFIED
    if old is not None and not outcomes[old].counts_at(ended, verified_only=verified_only):
        is_rejected = outcomes[old].decision_at(ended) == REJECTED
        return "rejected" if is_rejected else "verification_withdrawn"
    if new is not None and not outcomes[new].counts_at(began, verified_only=verified_only):
        is_verified = outcomes[new].decision_at(ended) == VERIFIED
        return "verified" if is_verified else "rejection_withdrawn"
    return None


def _is_gone(outcome: OutcomeLife, moment: dt.datetime) -> bool:
    return outcome.voided_at is not None and outcome.voided_at <= moment
