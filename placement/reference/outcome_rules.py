"""Which paper and which conditions make an outcome count, by destination code; dated."""

import datetime as dt
from dataclasses import dataclass

from placement.reference.tables import CodeTable, rows_on

_kinds = CodeTable("paper_kinds")

PAPER_KINDS = _kinds.codes
"""The kinds of papers; the last is anything else."""

paper_name = _kinds.name


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """What is asked of an outcome before it counts."""

    papers: tuple[str, ...]
    """One of these kinds; none where no paper is asked for."""
    minimum_wage: bool
    both: bool
    """Checked by the college and then verified by the university."""
    source: str


NOTHING = OutcomeRule((), minimum_wage=False, both=False, source="")


def rule_for(code: str, on: dt.date) -> OutcomeRule:
    """The rule of a code on a day; codes that are no claim need nothing."""
    for row in rows_on("outcome_rules", on):
        if row["code"] == code:
            return OutcomeRule(
                papers=tuple(row["papers"].split(";")),
                minimum_wage=row["minimum_wage"] == "1",
                both=row["both"] == "1",
                source=row["source"],
            )
    return NOTHING
