"""How many people of each kind: the province's figures, and the same proportions for fewer."""

from dataclasses import dataclass

HISTORY_YEAR = 2016
REGISTERED = 34_267
EXCLUDED = 159
PLACED = 32_965
HARDSHIP_RATE = 98.05
"""Percent of the counted students of the category family hardship."""
OTHERS_RATE = 94.6
"""Percent of the graduates in no category: so few that the rate of all is below the register's."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Counts of people for a register of 2016 of `registered` students."""

    registered: int
    excluded: int
    placed: int
    others: int
    current: int
    current_others: int

    @property
    def counted(self) -> int:
        """The denominator: the register less those who are left out by standing."""
        return self.registered - self.excluded

    def scaled(self, full: int) -> int:
        """Return what `full` of the whole province is for this register, at least 1."""
        return max(1, round_share(full, self.registered, REGISTERED))


def round_share(amount: int, part: int, whole: int) -> int:
    """Return `amount` x `part` / `whole` in whole people, half up."""
    return (2 * amount * part + whole) // (2 * whole)


def sizes_for(registered: int) -> Sizes:
    """Return the counts for a register of 2016 of that many students.

    Raises ValueError for fewer than 20: proportions need people.
    """
    if registered < 20:
        raise ValueError("A province needs 20 students or more.")
    excluded = max(1, round_share(registered, EXCLUDED, REGISTERED))
    placed = round_share(registered - excluded, PLACED, REGISTERED - EXCLUDED)
    current = max(5, round_share(registered, 1, 10))
    return Sizes(
        registered=registered,
        excluded=excluded,
        placed=placed,
        others=round_share(registered, 1027, 1000),
        current=current,
        current_others=round_share(current, 1, 5),
    )


def hardship_placed(counted: int) -> int:
    """Return how many of the counted students of family hardship are placed."""
    return round_share(counted, round(HARDSHIP_RATE * 100), 10_000)
