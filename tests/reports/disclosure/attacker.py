"""An attacker of its own making: sees the published tables alone and knows nothing of the code.

The unknowns are how many people there are of each exact set of categories, key of each published
dimension and fate; everything that is printed is a constraint on their sums. Whatever a hidden
count can be between is its range.
"""

import itertools
import math
from fractions import Fraction

import numpy as np
from scipy.optimize import linprog

CATEGORIES = (
    "family_hardship",
    "ethnic_minority",
    "rural_origin",
    "disability",
    "employment_difficulty",
)
FATES = {
    "unit": "unit",
    "own_business": "own_business",
    "flexible": "flexible",
    "further_study": "further_study",
    "needy": "seeking",
    "silent": "seeking",
    "not_seeking": "not_seeking",
    "left_out": None,
}
DIMENSIONS = ("university", "college", "level", "sex")
PLACED = {"unit", "own_business", "flexible", "further_study"}


def fits(measure, fate):
    """Whether a fate counts in a measure."""
    if measure == "registered":
        return True
    if fate == "left_out":
        return False
    if measure == "denominator":
        return True
    if measure == "placed":
        return fate in PLACED
    if measure == "known":
        return fate != "silent"
    return FATES[fate] == measure


class Attacker:
    """Reads publications, one population behind them all."""

    def __init__(self, *publications, categories=CATEGORIES):
        keys = {name: {"-"} for name in DIMENSIONS}
        for tables in publications:
            for name in set(DIMENSIONS) & set(tables):
                keys[name] = {row["key"] for row in tables[name]["rows"]}
            unseen = {n for name in tables for n in name.split("+")} - {*DIMENSIONS, "category"}
            assert unseen <= {"total"}, f"the attacker does not reckon with {unseen}"
        sets = [
            set(chosen)
            for size in range(1, len(categories) + 1)
            for chosen in itertools.combinations(categories, size)
        ]
        self.people = list(
            itertools.product(sets, *(sorted(keys[name]) for name in DIMENSIONS), FATES)
        )
        self.equal, self.right, self.below, self.limits = [], [], [], []
        self.hidden = {}
        for tables in publications:
            for name, table in tables.items():
                self.read(name, table)
        shown = {(tuple(row), number) for row, number in zip(self.equal, self.right, strict=True)}
        known = {row for row, _ in shown}
        self.hidden = {k: row for k, row in self.hidden.items() if tuple(row) not in known}

    def read(self, name, table):
        """Take in a printed table: counts, rates with their rounding, who is there at all."""
        names = () if name == "total" else name.split("+")
        for row in table["rows"]:
            keys = () if name == "total" else row["key"].split("+")
            who = dict(zip(names, keys, strict=True))
            for measure in table["measures"]:
                sums = self.sums(who, measure)
                if row[measure] is None:
                    self.hidden[name, row["key"], measure] = sums
                else:
                    self.equal.append(sums)
                    self.right.append(row[measure])
            self.read_rates(row, who)
            # Only what is nobody's at all has no row; of several dimensions all rows stand there.
            if len(names) <= 1:
                self.below.append(-self.sums(who, "registered"))
                self.limits.append(-1)

    def read_rates(self, row, who):
        """A rate of two decimals, half up, lies within half a hundredth of the truth."""
        for rate, measure in (("rate", "placed"), ("knowledge_rate", "known")):
            if row.get(rate) is None:
                continue
            low = float(Fraction(row[rate]) - Fraction(1, 200)) / 100
            high = float(Fraction(row[rate]) + Fraction(1, 200)) / 100
            share, whole = self.sums(who, measure), self.sums(who, "denominator")
            self.below += [low * whole - share, share - high * whole]
            self.limits += [1e-9, 1e-9]

    def sums(self, who, measure):
        """Which people a count adds up."""
        return np.array(
            [
                float(
                    who.get("category", next(iter(chosen))) in chosen
                    and all(
                        who.get(name, key) == key
                        for name, key in zip(DIMENSIONS, keys, strict=True)
                    )
                    and fits(measure, fate)
                )
                for chosen, *keys, fate in self.people
            ]
        )

    def values_left(self, hidden):
        """How many whole numbers a hidden count can still be."""
        ends = [self.end(self.hidden[hidden] * sign) * sign for sign in (1, -1)]
        return math.floor(ends[1] + 1e-5) - math.ceil(ends[0] - 1e-5) + 1

    def end(self, costs):
        found = linprog(
            costs,
            A_ub=np.array(self.below),
            b_ub=self.limits,
            A_eq=np.array(self.equal) if self.equal else None,
            b_eq=self.right if self.equal else None,
            bounds=(0, 500),
            method="highs",
        )
        assert found.status == 0, found.message
        return found.fun

    def narrowest(self, most=None):
        """The fewest values of any hidden count (of `most` of them), and which count it is."""
        chosen = sorted(self.hidden)
        if most is not None:
            chosen = chosen[:: max(1, len(chosen) // most)]
        return min(((self.values_left(name), name) for name in chosen), default=(99, None))
