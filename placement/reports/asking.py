"""A question as it stands in the address of a page."""

import datetime as dt
from collections.abc import Mapping
from typing import TypeVar

from placement import clock
from placement.errors import InvalidValueError
from placement.reports.dimensions import Crossing, Dimension, read_crossing
from placement.reports.questions import Base, Basis, Question, Status, ask, read_conditions

CATEGORY: Crossing = (Dimension.CATEGORY,)
Kind = TypeVar("Kind", Base, Basis)


def asked(
    arguments: Mapping[str, str], where: list[str], *, newest: int, today: dt.date
) -> Question:
    """Read a question from an address; what is not said is the newest class, today, by the rules.

    The categories always come along, since they are what every page begins with. Raises
    InvalidValueError for what cannot be read.
    """
    year = _number(arguments.get("year", ""), newest)
    by = arguments.get("by", "university")
    crossings = [CATEGORY] + ([read_crossing(by)] if by and by != "category" else [])
    return ask(
        year,
        _day(arguments.get("as_of", ""), _last_day(year, today)),
        known_at=_moment(arguments.get("known_at", "")),
        scheme=arguments.get("scheme") or None,
        base=_member(Base, arguments.get("base", ""), Base.COUNTED),
        basis=_member(Basis, arguments.get("basis", ""), Basis.VERIFIED),
        by=crossings,
        where=[item for text in where for item in read_conditions(text)],
    )


def asked_status(text: str) -> Status | None:
    """Which of the people; none for all."""
    return Status(text) if text in set(Status) else None


def _last_day(year: int, today: dt.date) -> dt.date:
    return min(today, dt.date(year, 12, 31)) if year <= today.year else today


def _number(text: str, default: int) -> int:
    if not text:
        return default
    if not text.isdecimal() or len(text) != 4:
        raise InvalidValueError(f"{text!r} is not a class year.")
    return int(text)


def _day(text: str, default: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(text) if text else default
    except ValueError as error:
        raise InvalidValueError(f"{text!r} is not a day.", remedy="Give 2016-12-31.") from error


def _moment(text: str) -> dt.datetime | None:
    try:
        return clock.read_moment(text) if text else None
    except ValueError as error:
        raise InvalidValueError(
            f"{text!r} is no moment.", remedy="Give 2016-12-31T23:59."
        ) from error


def _member(kind: type[Kind], text: str, default: Kind) -> Kind:
    if not text:
        return default
    if text not in set(kind):
        raise InvalidValueError(f"There is no {text!r}.")
    return kind(text)
