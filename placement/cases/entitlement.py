"""Whether somebody is probably entitled to a subsidy. Pure: what is known in, a likelihood out.

Never 'entitled': the office decides, by papers that this program does not see.
"""

import datetime as dt
import enum
from dataclasses import dataclass

from placement.reference.subsidies import Subsidy


class Likelihood(enum.StrEnum):
    """How a subsidy fits somebody."""

    PROBABLY = "probably"
    PERHAPS = "perhaps"
    """Somebody to whom it applies only if what cannot be seen here holds."""
    NO = "no"


class Window(enum.StrEnum):
    """Whether one may apply on a day."""

    EARLY = "early"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a graduate: class year, classes and categories, where they are."""

    class_year: int
    classes: frozenset[str]
    """Classes of hardship and categories of confirmed memberships."""
    code: str | None
    """The destination code that decides today; none where nobody knows."""
    placed: bool


def likelihood(subsidy: Subsidy, known: Known) -> Likelihood:
    """How a subsidy fits what is known of somebody, leaving its window aside."""
    if subsidy.seeking and known.placed:
        return Likelihood.NO
    if subsidy.outcomes and known.code not in subsidy.outcomes:
        return Likelihood.NO
    if not subsidy.classes or known.classes & set(subsidy.classes):
        return Likelihood.PROBABLY
    return Likelihood.PERHAPS


def window_on(subsidy: Subsidy, class_year: int, day: dt.date) -> Window:
    """Whether a graduate of a class year may apply on a day."""
    opens, closes = subsidy.window(class_year)
    if day < opens:
        return Window.EARLY
    return Window.OPEN if day <= closes else Window.OVER
