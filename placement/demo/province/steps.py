"""The order in which the files are imported, and with which options."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from placement import clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One import of one file, as its command would be given.

    `kind` is a kind of import; `recorded_at` is aware and None for now; `background` says that
    the pages of the register can be shown before it is done.
    """

    kind: str
    path: Path
    rows: int
    class_year: int | None = None
    list_kind: str | None = None
    recorded_at: dt.datetime | None = None
    effective_on: dt.date | None = None
    as_of: dt.date | None = None
    verified: bool = False
    confirm: bool = False
    complete: bool = False
    background: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was written where, in the order of the imports: first those of the first page."""

    folder: Path
    steps: tuple[Step, ...]

    @property
    def first(self) -> tuple[Step, ...]:
        """The steps before the first page."""
        return tuple(step for step in self.steps if not step.background)

    @property
    def background(self) -> tuple[Step, ...]:
        """The steps that may follow behind it."""
        return tuple(step for step in self.steps if step.background)


def recorded_moment(day: dt.date, today: dt.date, hour: int = 18) -> dt.datetime | None:
    """Return the moment at which a file of `day` became known; None, so now, from `today` on."""
    if day >= today:
        return None
    return dt.datetime.combine(day, dt.time(hour), tzinfo=clock.ZONE)


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Return the steps in the order in which their files became known, those of now last."""
    last = dt.datetime.max.replace(tzinfo=clock.ZONE)
    return sorted(steps, key=lambda step: step.recorded_at or last)
