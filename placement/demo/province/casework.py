"""One plan for each student of the class under way: barriers, goals, actions and what was said.

The words of kinds, states, methods and results are those of `placement.cases.models`.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from placement.demo.province.cohort import Cohort
from placement.demo.province.draws import Ints
from placement.demo.province.hopes import HopePlan, hopes_of
from placement.demo.province.progress import (
    CLAIMED,
    LOOKING,
    NOT_SEEKING,
    PLACED,
    UNKNOWN,
    Progress,
)
from placement.demo.province.words import read_words, split_words

_WAIT = {LOOKING: 14, CLAIMED: 14, UNKNOWN: 10, NOT_SEEKING: 45, PLACED: 30}
"""Days between two contacts, by where the student stands."""

_NEXT_STEPS = {
    LOOKING: ("带你参加下一场招聘会", "跟进上周推介的三个岗位", "一起修改简历", "做一次模拟面试"),
    CLAIMED: ("请把就业协议或合同拍照上传", "核对单位名称和落实日期"),
    UNKNOWN: ("约一次面谈，了解打算", "电话联系，登记求职意愿"),
    NOT_SEEKING: ("考试结束后再联系",),
    PLACED: ("入职一个月后回访",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BarrierPlan:
    """What stands in the way; `kind` and `state` are words of the cases."""

    kind: str
    note: str
    state: str
    noted_on: dt.date
    settled_on: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalPlan:
    """What is aimed at; it answers the barrier of the same place in the list."""

    title: str
    state: str
    set_on: dt.date
    target_on: dt.date
    settled_on: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPlan:
    """What is done about it; `goal` counts in the goals of the case."""

    goal: int
    kind: str
    title: str
    by_student: bool
    due_on: dt.date
    state: str
    done_on: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPlan:
    """One contact with the student; minutes only where somebody was reached."""

    contacted_on: dt.date
    method: str
    result: str
    duration_minutes: int | None
    summary: str
    next_contact_on: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWork:
    """All that happened in one case up to today, in the order of days.

    Nothing of it is before `opened_on`, the first day on which the student is known to be in
    the register. `next_contact_on` in the past is a case that has been let lapse.
    """

    university: str
    student_number: str
    counselor: str
    opened_on: dt.date
    barriers: tuple[BarrierPlan, ...]
    goals: tuple[GoalPlan, ...]
    actions: tuple[ActionPlan, ...]
    contacts: tuple[ContactPlan, ...]
    hopes: tuple[HopePlan, ...]
    next_step: str
    next_contact_on: dt.date | None
    closed_on: dt.date | None
    close_reason: str | None


def case_work(
    rng: np.random.Generator,
    cohort: Cohort,
    progress: Progress,
    opened: Ints,
    today: dt.date,
) -> Iterator[CaseWork]:
    """Yield the work of every case of the class; `opened` is each student's day as an ordinal."""
    universities = cohort.university
    for row in np.flatnonzero(cohort.registered).tolist():
        writer = _Writer(rng, str(progress.state[row]), dt.date.fromordinal(opened[row]), today)
        since = progress.since[row]
        placed_on = None if np.isnat(since) else dt.date.fromisoformat(str(since))
        yield writer.write(
            university=str(universities[row]),
            student_number=str(cohort.student_number[row]),
            counselor=cohort.counselors[cohort.counselor[row]].username,
            settled_on=placed_on if writer.state == PLACED else None,
        )


class _Writer:
    """Writes one case; its draws are taken at once, since there are thousands of cases."""

    def __init__(
        self, rng: np.random.Generator, state: str, opened_on: dt.date, today: dt.date
    ) -> None:
        self.state = state
        self.opened_on = opened_on
        self.today = today
        self._draws = iter(rng.random(64).tolist())
        self._last_talk = self._below(20)

    def _below(self, count: int) -> int:
        return int(next(self._draws) * count)

    def write(
        self, *, university: str, student_number: str, counselor: str, settled_on: dt.date | None
    ) -> CaseWork:
        """Write the case down; one whose student is placed ends its plan on `settled_on`."""
        is_closed = settled_on is not None and self._is_over(settled_on)
        last = self._last_contact(settled_on)
        days = self._contact_days(last)
        plans = self._plans(days)
        next_on = None if is_closed else self._next_day(days)
        closed_on = max([*days[-1:], settled_on]) if is_closed and settled_on else None
        options = _NEXT_STEPS[self.state]
        return CaseWork(
            university=university,
            student_number=student_number,
            counselor=counselor,
            opened_on=self.opened_on,
            barriers=tuple(self._barrier(plan, days, settled_on) for plan in plans),
            goals=tuple(self._goal(plan, days[0], settled_on) for plan in plans),
            actions=tuple(
                action
                for goal, plan in enumerate(plans)
                for action in self._actions(goal, plan["actions"], days[0], settled_on)
            ),
            contacts=self._contacts(days, next_on),
            next_step="" if is_closed else options[self._below(len(options))],
            next_contact_on=next_on,
            closed_on=closed_on,
            close_reason="placed" if is_closed else None,
            hopes=hopes_of([plan["barrier"] for plan in plans], days, self._below(60)),
        )

    def _is_over(self, settled_on: dt.date) -> bool:
        """Say whether the case of somebody placed is closed: after a month, or at once by half."""
        return (self.today - settled_on).days > 25 or self._below(2) == 0

    def _last_contact(self, settled_on: dt.date | None) -> dt.date:
        """Return the day of the last contact: a while ago for one case in six, as in real life."""
        if settled_on is not None:
            return max(self.opened_on, settled_on)
        wait = _WAIT[self.state]
        ago = wait + self._below(30) if self._below(6) == 0 else self._below(wait)
        return max(self.opened_on, self.today - dt.timedelta(days=ago))

    def _contact_days(self, last: dt.date) -> list[dt.date]:
        """Return the days of contacts up to the last; none for a case that nobody has begun."""
        if self.state == UNKNOWN and self._below(12) == 0:
            return []
        first = self.opened_on + dt.timedelta(days=2 + self._below(12))
        days: list[dt.date] = []
        day = first
        while day < last and len(days) < 8:
            days.append(day)
            day += dt.timedelta(days=_WAIT[self.state] + self._below(12))
        return [*days, last]

    def _next_day(self, days: list[dt.date]) -> dt.date:
        if not days:
            due = self.today + dt.timedelta(days=3 - self._below(10))
            return max(self.opened_on + dt.timedelta(days=7), due)
        return days[-1] + dt.timedelta(days=_WAIT[self.state] - self._below(4))

    def _plans(self, days: list[dt.date]) -> list[Mapping[str, str]]:
        if len(days) < 2 or self.state == NOT_SEEKING:
            return []
        rows = read_words("plans")
        first = self._below(len(rows))
        chosen = [rows[first]]
        second = rows[(first + 5) % len(rows)]
        if self._below(3) == 0 and second["barrier"] != chosen[0]["barrier"]:
            chosen.append(second)
        return chosen

    def _barrier(
        self, plan: Mapping[str, str], days: list[dt.date], settled_on: dt.date | None
    ) -> BarrierPlan:
        eased = settled_on is None and self._below(3) == 0
        state = "overcome" if settled_on else ("eased" if eased else "open")
        return BarrierPlan(
            kind=plan["barrier"],
            note=plan["note"],
            state=state,
            noted_on=days[0],
            settled_on=None if state == "open" else max(days[0], settled_on or days[-1]),
        )

    def _goal(self, plan: Mapping[str, str], day: dt.date, settled_on: dt.date | None) -> GoalPlan:
        return GoalPlan(
            title=plan["goal"],
            state="reached" if settled_on else "open",
            set_on=day,
            target_on=max(day, self.today - dt.timedelta(days=10))
            + dt.timedelta(days=7 * self._below(6)),
            settled_on=max(day, settled_on) if settled_on else None,
        )

    def _actions(
        self, goal: int, text: str, day: dt.date, settled_on: dt.date | None
    ) -> Iterator[ActionPlan]:
        for place, part in enumerate(split_words(text)):
            kind, who, title = part.split(":")
            due_on = day + dt.timedelta(days=14 + 14 * place + self._below(30))
            is_done = settled_on is not None or self._below(2) == 0
            done_on = min(due_on, settled_on or self.today, self.today) if is_done else None
            yield ActionPlan(
                goal=goal,
                kind=kind,
                title=title,
                by_student=who == "student",
                due_on=due_on,
                state="done" if is_done else ("doing", "planned")[self._below(2)],
                done_on=max(day, done_on) if done_on else None,
            )

    def _contacts(self, days: list[dt.date], next_on: dt.date | None) -> tuple[ContactPlan, ...]:
        following = [later for _, later in pairwise(days)] + [next_on]
        return tuple(
            ContactPlan(
                contacted_on=day,
                method=talk["method"],
                result=talk["result"],
                duration_minutes=int(talk["minutes"]) if talk["minutes"] else None,
                summary=talk["summary"],
                next_contact_on=later,
            )
            for day, later, talk in (
                (day, later, self._talk(is_last=day == days[-1]))
                for day, later in zip(days, following if days else [], strict=True)
            )
        )

    def _talk(self, *, is_last: bool) -> Mapping[str, str]:
        """Choose what was said: with somebody unknown, in vain; else mostly a talk."""
        in_vain = self.state == UNKNOWN and (is_last or self._below(2) == 0)
        pool = _talks(reached=not in_vain)
        self._last_talk += 1 + self._below(3)
        return pool[self._last_talk % len(pool)]


@cache
def _talks(*, reached: bool) -> tuple[Mapping[str, str], ...]:
    return tuple(
        row for row in read_words("talks") if (row["result"] in {"reached", "call_back"}) == reached
    )
