"""Who signed up for the fairs of the class under way, who came, and what came of it."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from placement.demo.province.cohort import Cohort
from placement.demo.province.draws import choose
from placement.demo.province.fairs import FairPlan
from placement.demo.province.progress import CLAIMED, LOOKING, UNKNOWN, Progress

SHARE = 0.06
"""So many of those whom a fair is for sign up for it."""
CAME, TOLD = 0.72, 0.55
WITHDREW = 0.06
_KINDS = ("interview", "no_interest", "offer", "intent")
_SHARES = (0.45, 0.30, 0.15, 0.10)
_NOTES = ("对方约定进一步面试。", "岗位与专业不太相符。", "现场谈得不错，等待书面通知。", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A student at a fair. Without `came_at` they did not come, without `kind` nothing is known.

    `stand` is the place in the fair's list of stands.
    """

    university: str
    student_number: str
    signed_up_at: dt.datetime
    withdrew: bool
    came_at: dt.datetime | None
    kind: str | None
    stand: int
    by_student: bool
    noted_at: dt.datetime | None
    next_on: dt.date | None
    note: str


def draw_guests(
    rng: np.random.Generator,
    cohort: Cohort,
    progress: Progress,
    fairs: tuple[FairPlan, ...],
    *,
    now: dt.datetime,
    always: int,
) -> tuple[tuple[Guest, ...], ...]:
    """Draw the guests of each fair up to a moment.

    `always` is a student who went to all that are over, and goes to the next two. Those of the
    register who look for work come, be it known or not.
    """
    next_two = sorted(fair.on for fair in fairs if fair.on >= now.date())[:2]
    looking = np.isin(progress.state.astype(str), [LOOKING, UNKNOWN, CLAIMED])
    university = cohort.university
    gathered = []
    for fair in fairs:
        able = looking & cohort.registered
        if fair.university is not None:
            able &= university == fair.university
        people = choose(rng, np.flatnonzero(able), max(3, round(SHARE * int(able.sum()))))
        people = people[people != always]
        if able[always] and (fair.on < now.date() or fair.on in next_two):
            people = np.append(people, always)
        draw = _Draw(rng, fair, now)
        gathered.append(
            tuple(
                draw.guest(
                    str(university[row]), str(cohort.student_number[row]), sure=row == always
                )
                for row in people.tolist()
            )
        )
    return tuple(gathered)


@dataclass(frozen=True, slots=True)
class _Draw:
    rng: np.random.Generator
    fair: FairPlan
    now: dt.datetime

    def guest(self, university: str, number: str, *, sure: bool) -> Guest:
        """One student at the fair; one who is `sure` to come came and told."""
        opens = dt.datetime.combine(self.fair.on, self.fair.starts_at, tzinfo=self.now.tzinfo)
        over = opens.date() < self.now.date()
        signed_up = min(opens, self.now) - dt.timedelta(hours=float(self.rng.uniform(2, 12 * 24)))
        withdrew = not sure and self.rng.random() < WITHDREW
        came = over and not withdrew and (sure or self.rng.random() < CAME)
        told = came and (sure or self.rng.random() < TOLD)
        kind = str(self.rng.choice(_KINDS, p=_SHARES)) if told else None
        kind = "interview" if kind and sure else kind
        came_at = opens + dt.timedelta(minutes=float(self.rng.uniform(0, 240))) if came else None
        noted_at = None
        if came_at is not None:
            later = came_at + dt.timedelta(hours=float(self.rng.uniform(1, 30)))
            noted_at = min(later, self.now)
        goes_on = self.fair.on + dt.timedelta(days=int(self.rng.integers(5, 14)))
        return Guest(
            university=university,
            student_number=number,
            signed_up_at=signed_up,
            withdrew=withdrew,
            came_at=came_at,
            kind=kind,
            stand=int(self.rng.integers(0, len(self.fair.stands))),
            by_student=bool(self.rng.random() < 0.4),
            noted_at=noted_at if kind else None,
            next_on=goes_on if kind == "interview" else None,
            note=str(self.rng.choice(_NOTES)) if kind else "",
        )
