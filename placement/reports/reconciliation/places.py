"""Where a person stands under a question, and what is known of how they came there."""

import datetime as dt
from dataclasses import dataclass, replace

from placement.reference import destinations
from placement.reports.questions import Base
from placement.reports.rates import is_counted, part_of

VERIFIED, REJECTED = "verified", "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somebody of the register under a question, whether or not its conditions take them in.

    `selected` says it for each condition in their order, `keys` what they are in its dimension
    (several categories with +). `code` is None for who is unknown; `outcome_id` is there too
    for an outcome that does not count, of which `reason` tells why.
    """

    selected: tuple[bool, ...]
    keys: tuple[str, ...]
    university_id: int
    left_out: bool
    standing: str
    code: str | None
    scheme: str
    reason: str
    outcome_id: int | None
    outcome_on: dt.date | None

    @property
    def is_selected(self) -> bool:
        """Whether all conditions take them in."""
        return all(self.selected)

    @property
    def part(self) -> str:
        """The part of the rate in which they are if they are counted."""
        return part_of(self.code, self.scheme)

    @property
    def deciding_id(self) -> int | None:
        """The outcome that decides, None for who is unknown."""
        return None if self.code is None else self.outcome_id

    @property
    def count_as(self) -> tuple[str | None, str] | None:
        """What the figures make of somebody who is selected: code and part, None for left out."""
        return None if self.left_out else (self.code, self.part)


def under_rules(place: Place, base: Base, scheme: str) -> Place:
    """The same person's place over another base and by another scheme, nothing else changed."""
    return replace(place, left_out=not is_counted(place.standing, base), scheme=scheme)


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why somebody is in the register or not, on a day and as known at a moment."""

    is_known: bool
    """Some version of them was recorded, and they were not taken out again."""

    is_of_class: bool
    is_member: bool


NOBODY = Grounds(is_known=False, is_of_class=False, is_member=False)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the university found about an outcome: `verified` or `rejected`."""

    number: int
    decision: str
    recorded_at: dt.datetime
    voided_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class OutcomeLife:
    """When an outcome was recorded and withdrawn, and how it was judged."""

    code: str
    recorded_at: dt.datetime
    voided_at: dt.datetime | None
    judgements: tuple[Judgement, ...]

    def decision_at(self, moment: dt.datetime) -> str | None:
        """The last word on the outcome at a moment."""
        known = [
            judgement
            for judgement in self.judgements
            if judgement.recorded_at <= moment
            and (judgement.voided_at is None or judgement.voided_at > moment)
        ]
        newest = max(known, key=lambda one: (one.recorded_at, one.number), default=None)
        return None if newest is None else newest.decision

    def counts_at(self, moment: dt.datetime, *, verified_only: bool) -> bool:
        """Whether a basis takes the outcome at a moment at which it is recorded.

        A need is believed, a placement is checked under the verified basis.
        """
        decision = self.decision_at(moment)
        if decision == REJECTED:
            return False
        return decision == VERIFIED or not verified_only or not destinations.is_placed(self.code)
