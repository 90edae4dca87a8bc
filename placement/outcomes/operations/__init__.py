"""All writes of outcomes."""

from placement.outcomes.operations.disputes import open_dispute, settle_dispute
from placement.outcomes.operations.evidence import add_evidence, remove_evidence
from placement.outcomes.operations.reporting import report_outcome, void_outcome
from placement.outcomes.operations.verifying import reject_outcome, verify_outcome

__all__ = [
    "add_evidence",
    "open_dispute",
    "reject_outcome",
    "remove_evidence",
    "report_outcome",
    "settle_dispute",
    "verify_outcome",
    "void_outcome",
]
