"""What belongs to a member of an enumeration: its word, its tone."""

import enum
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class ByMember(Generic[T]):
    """A value for each member of several enumerations.

    A plain dictionary would not do: members of two enumerations with the same text are equal as
    keys, so that 'reached' of a goal would take the place of 'reached' of a call.
    """

    def __init__(self, pairs: Iterable[tuple[enum.StrEnum, T]]) -> None:
        """Take the pairs; raises ValueError where a member stands twice."""
        self._values: dict[tuple[type[enum.StrEnum], str], T] = {}
        for member, value in pairs:
            key = (type(member), member.value)
            if key in self._values:
                raise ValueError(f"{member!r} has two values")
            self._values[key] = value

    def __getitem__(self, member: enum.StrEnum) -> T:
        """The value of `member`; raises KeyError where it has none."""
        return self._values[type(member), member.value]

    def get(self, member: enum.StrEnum, default: T) -> T:
        """The value of `member`, or `default` where it has none."""
        return self._values.get((type(member), member.value), default)
