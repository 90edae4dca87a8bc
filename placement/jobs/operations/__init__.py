"""All writes of jobs."""

from placement.jobs.operations.answering import (
    SETTLEMENTS,
    answer_posting,
    answer_to_take_back,
    refer,
    settle_referral,
    take_back_answer,
)
from placement.jobs.operations.arriving import recommend_posting
from placement.jobs.operations.offering import (
    PostingPlan,
    add_posting,
    change_posting,
    close_posting,
    know_employer,
    reopen_posting,
    require_own,
    verify_employer,
)
from placement.jobs.operations.queueing import ask_for_run, open_run_work, queue_due_runs
from placement.jobs.operations.refreshing import refresh_lists
from placement.jobs.operations.running import (
    RunSummary,
    run_recommend_work,
    run_recommendations,
)
from placement.jobs.operations.runs import RunUnderWayError
from placement.jobs.operations.wishing import (
    WishPlan,
    change_wishes,
    pay_to_ask_about,
    settle_pay,
)

__all__ = [
    "SETTLEMENTS",
    "PostingPlan",
    "RunSummary",
    "RunUnderWayError",
    "WishPlan",
    "add_posting",
    "answer_posting",
    "answer_to_take_back",
    "ask_for_run",
    "change_posting",
    "change_wishes",
    "close_posting",
    "know_employer",
    "open_run_work",
    "pay_to_ask_about",
    "queue_due_runs",
    "recommend_posting",
    "refer",
    "refresh_lists",
    "reopen_posting",
    "require_own",
    "run_recommend_work",
    "run_recommendations",
    "settle_pay",
    "settle_referral",
    "take_back_answer",
    "verify_employer",
]
