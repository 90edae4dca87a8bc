"""All writes of outcomes."""

from placement.outcomes.operations.conditions import rule_of, set_minimum_wage, unmet_of
from placement.outcomes.operations.disputes import (
    may_settle,
    open_dispute,
    settle_dispute,
    take_dispute_back,
)
from placement.outcomes.operations.evidence import add_evidence, remove_evidence
from placement.outcomes.operations.reporting import (
    confirm_outcome,
    report_outcome,
    void_outcome,
)
from placement.outcomes.operations.verifying import (
    endorse_outcome,
    reject_outcome,
    verify_outcome,
)

__all__ = [
    "add_evidence",
    "confirm_outcome",
    "endorse_outcome",
    "may_settle",
    "open_dispute",
    "reject_outcome",
    "remove_evidence",
    "report_outcome",
    "rule_of",
    "set_minimum_wage",
    "settle_dispute",
    "take_dispute_back",
    "unmet_of",
    "verify_outcome",
    "void_outcome",
]
