"""The way from one question to another, one aspect at a time, in a stated order."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace

from placement.errors import InvalidValueError
from placement.reports.questions import Question


class Aspect(enum.StrEnum):
    """What two questions can differ in, in the order in which one becomes the other.

    The rules come first and what happened last, so that a person whom several aspects touch
    stands under what happened to them.
    """

    WHERE = "where"
    BASE = "base"
    SCHEME = "scheme"
    BASIS = "basis"
    AS_OF = "as_of"
    KNOWN_AT = "known_at"


@dataclass(frozen=True, slots=True)
class Step:
    """From one question to the next, which differ in one aspect alone."""

    aspect: Aspect
    before: Question
    after: Question

    @property
    def is_forward(self) -> bool:
        """Whether the step leads from the earlier day or moment to the later."""
        if self.aspect is Aspect.AS_OF:
            return self.before.as_of <= self.after.as_of
        if self.before.known_at is None or self.after.known_at is None:
            return True
        return self.before.known_at <= self.after.known_at


def steps_between(first: Question, second: Question) -> tuple[Step, ...]:
    """The steps from one question to another of the same class; none between two that are alike.

    Both questions name their moment. Raises InvalidValueError for two class years, whose people
    have nothing to do with each other.
    """
    if first.class_year != second.class_year:
        raise InvalidValueError(
            "Figures of two class years are about different people.",
            remedy="Compare two figures of one class year.",
        )
    steps: list[Step] = []
    current = first
    for aspect in Aspect:
        following = replace(current, **{aspect.value: getattr(second, aspect.value)})
        if following != current:
            steps.append(Step(aspect, current, following))
            current = following
    return tuple(steps)


def questions_of(first: Question, steps: Sequence[Step]) -> tuple[Question, ...]:
    """The questions along the way, from the first to the last."""
    return (first, *(step.after for step in steps))
