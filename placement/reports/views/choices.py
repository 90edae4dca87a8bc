"""What may be chosen on the page of figures: days, rules, groups."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import lazy_gettext as _

from placement import clock
from placement.reference import counting_days, destinations
from placement.reports.questions import Question
from placement.reports.words import BASES, BASES_OF_EVIDENCE, DIMENSIONS, page_locale
from placement.web.filters import here

_CROSSED = 3
"""How many dimensions a page offers to cross; an address may name more."""


class RuleChoices:
    """The rules that a figure may be asked by."""

    __slots__ = ()

    @property
    def bases(self) -> list[tuple[str, str]]:
        """The denominators to choose from."""
        return [(base.value, str(word)) for base, word in BASES.items()]

    @property
    def bases_of_evidence(self) -> list[tuple[str, str]]:
        """The bases to choose from."""
        return [(basis.value, str(word)) for basis, word in BASES_OF_EVIDENCE.items()]

    @property
    def schemes(self) -> list[tuple[str, str]]:
        """The schemes to choose from."""
        return [(scheme, scheme) for scheme in destinations.SCHEMES]


@dataclass(frozen=True, slots=True)
class Choices(RuleChoices):
    """The choices beside the question that was asked."""

    question: Question
    universities: dict[str, str]
    """Names by code."""

    @property
    def groups(self) -> list[list[tuple[str, str]]]:
        """What may be grouped by and crossed with: the choices of each place."""
        every = [(dimension.value, str(word)) for dimension, word in DIMENSIONS.items()]
        further = [("", "–"), *every]
        return [every, *[further] * (max(_CROSSED, len(self.question.by[0])) - 1)]

    @property
    def chosen_groups(self) -> list[str]:
        """The dimension chosen at each place, empty for none."""
        names = [dimension.value for dimension in self.question.by[0]]
        return names + [""] * (len(self.groups) - len(names))

    @property
    def days(self) -> list[tuple[str, dt.date, str, bool]]:
        """The counting days of the class and today: name, day, address, and whether it is asked."""
        year, today = self.question.class_year, clock.today()
        found = [
            (counting_days.name(str(counting_days.code_of(day)), page_locale()), day)
            for day in sorted(counting_days.in_year(year))
            if day <= today
        ]
        found.append((str(_("today")), today))
        return [
            (words, day, here(as_of=day.isoformat(), page=None), day == self.question.as_of)
            for words, day in found
        ]

    @property
    def university(self) -> str:
        """The university that was chosen in the sentence."""
        return request.args.get("university", "")

    @property
    def chosen_moment(self) -> str:
        """The moment that was chosen, as a field for one takes it; empty for what is known now."""
        moment = self.question.known_at
        if moment is None or not request.args.get("known_at"):
            return ""
        return moment.astimezone(clock.ZONE).strftime("%Y-%m-%dT%H:%M")

    def year_choices(self, years: Sequence[int]) -> list[tuple[int, str]]:
        """The class years to choose from, the one asked among them."""
        every = sorted({*years, self.question.class_year}, reverse=True)
        return [(year, str(year)) for year in every]

    def university_choices(self, every: str) -> list[tuple[str, str]]:
        """The universities to choose from, `every` standing for all."""
        return [("", every), *self.universities.items()]
