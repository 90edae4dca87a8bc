"""What each part of a score weighs, and the fixed values inside the parts: one version, one score.

Sex, ethnic group, hardship and rural origin are no part and can never become one: a category may
open a reserved posting, it never moves a score.
"""

from dataclasses import dataclass

PARTS = ("major", "text", "occupation", "city", "salary", "industry", "care")
"""The parts of a score, in the order in which they are added up and stored."""

MAJOR, TEXT, OCCUPATION, CITY, SALARY, INDUSTRY, CARE = range(len(PARTS))

ADJUSTMENT = len(PARTS)
"""Column behind the parts: what feedback on the occupation added to the score (-0.15 to 0.05)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """One version of the rule of scoring; each stored recommendation names its `version`.

    The seven weights are relative: a score is the weighted mean of the parts that are known.
    The rest are the shares (0..1), distances (km) and slopes inside the parts.
    Raises ValueError for a negative weight, for weights that are all 0, and for a share
    outside 0..1.
    """

    version: str = "2026-1"

    major: float = 0.20
    text: float = 0.25
    occupation: float = 0.20
    city: float = 0.15
    salary: float = 0.10
    industry: float = 0.05
    care: float = 0.05

    same_field: float = 0.35
    occupation_class: float = 0.70
    text_gain: float = 3.0
    place_other: float = 0.85
    near_home: float = 0.70
    elsewhere: float = 0.25
    home_fade_km: float = 200.0
    home_radius_km: float = 150.0
    salary_fade: float = 0.33

    def __post_init__(self) -> None:
        """Refuse a rule under which a score would leave 0..1 or mean nothing."""
        if min(self.of_parts) < 0 or sum(self.of_parts) <= 0:
            raise ValueError("weights must be 0 or more, and one of them more than 0")
        shares = (
            self.same_field,
            self.occupation_class,
            self.place_other,
            self.near_home,
            self.elsewhere,
        )
        if min(shares) < 0 or max(shares) > 1:
            raise ValueError("the shares inside the parts must lie between 0 and 1")
        if min(self.home_fade_km, self.home_radius_km, self.salary_fade, self.text_gain) <= 0:
            raise ValueError("distances and slopes must be more than 0")

    @property
    def of_parts(self) -> tuple[float, ...]:
        """The seven weights in the order of PARTS."""
        return (
            self.major,
            self.text,
            self.occupation,
            self.city,
            self.salary,
            self.industry,
            self.care,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Variety:
    """How varied a visible list must be; a rule gives way only where it would leave a gap.

    `per_employer` and `per_occupation` are the most postings of one employer and of one
    occupation; `related` is how many come from an occupation that is related to a wished one
    without being it, as long as there are any.
    """

    per_employer: int = 2
    per_occupation: int = 3
    related: int = 2


CURRENT_WEIGHTS = Weights()
CURRENT_VARIETY = Variety()
