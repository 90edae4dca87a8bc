"""Whether an outcome meets the rule of its code. Pure."""

from collections.abc import Collection

from placement.reference.outcome_rules import OutcomeRule

PAPER, PAY_UNKNOWN, PAY_BELOW, FLOOR_UNKNOWN = (
    "paper",
    "pay_unknown",
    "pay_below",
    "floor_unknown",
)
HARD = frozenset({PAY_BELOW})
"""What no word of a person puts right."""
REMARKS = frozenset({FLOOR_UNKNOWN})
"""What is only remarked on: nobody has entered the minimum wage of the place."""


def unmet(
    rule: OutcomeRule, *, papers: Collection[str], pay: int | None, floor: int | None
) -> tuple[str, ...]:
    """What the rule asks for and is not there.

    `papers` are kinds of papers; `pay` and `floor`, the minimum wage of the place, are in yuan a
    month, none where unknown.
    """
    found = []
    if rule.papers and not set(rule.papers) & set(papers):
        found.append(PAPER)
    if rule.minimum_wage:
        if pay is None:
            found.append(PAY_UNKNOWN)
        elif floor is None:
            found.append(FLOOR_UNKNOWN)
        elif pay < floor:
            found.append(PAY_BELOW)
    return tuple(found)
