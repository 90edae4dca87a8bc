"""How the cases of the class of 2016 ended: all were closed with the year, each for its reason."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from placement.demo.province.cohort import Cohort
from placement.demo.province.draws import Flags, Texts, texts
from placement.demo.province.events import NOT_FOR_NOW, PLANS_STUDY
from placement.demo.province.history import YEAR, Year

CLOSED_ON = dt.date(YEAR, 12, 31)


@dataclass(frozen=True, slots=True)
class Closures:
    """Columns: whose case was closed and why, in the words of the cases; all on `CLOSED_ON`."""

    university: Texts
    student_number: Texts
    reason: Texts

    def __len__(self) -> int:
        """Count the cases."""
        return len(self.reason)


def close_with_the_year(cohort: Cohort, year: Year) -> Closures:
    """Return a closing for each case of the register.

    Who was still looking, or of whom nothing was known, was handed over to the labour office of
    their home.
    """
    told = np.isin(year.events.code.astype(str), [PLANS_STUDY, NOT_FOR_NOW])
    resting: Flags = np.zeros(len(cohort), dtype=np.bool_)
    resting[year.events.person[told]] = True
    reason = texts(["handed_over"] * len(cohort))
    reason[resting] = "not_seeking"
    reason[year.placed] = "placed"
    reason[year.standing != ""] = "left_register"
    reason[year.standing == "死亡"] = "deceased"
    who = cohort.registered
    return Closures(cohort.university[who], cohort.student_number[who], reason[who])
