"""One student one plan (一生一策): the case and all that is in it."""

from placement.cases.models.answers import (
    ActionAnswer,
    AnswerKind,
    ApprovalState,
    PlanApproval,
)
from placement.cases.models.case import (
    Action,
    ActionKind,
    ActionState,
    Barrier,
    BarrierKind,
    BarrierState,
    Case,
    CloseReason,
    Closing,
    ClosingState,
    Consent,
    Expectation,
    FollowUp,
    FollowUpMethod,
    FollowUpResult,
    Goal,
    GoalState,
)
from placement.cases.models.subsidies import (
    SubsidyClaim,
)

__all__ = [
    "Action",
    "ActionAnswer",
    "ActionKind",
    "ActionState",
    "AnswerKind",
    "ApprovalState",
    "Barrier",
    "BarrierKind",
    "BarrierState",
    "Case",
    "CloseReason",
    "Closing",
    "ClosingState",
    "Consent",
    "Expectation",
    "FollowUp",
    "FollowUpMethod",
    "FollowUpResult",
    "Goal",
    "GoalState",
    "PlanApproval",
    "SubsidyClaim",
]
