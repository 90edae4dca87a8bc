"""All writes of jobs."""

from placement.jobs.operations.arriving import recommend_posting
from placement.jobs.operations.queueing import ask_for_run, open_run_work, queue_due_runs
from placement.jobs.operations.refreshing import refresh_lists
from placement.jobs.operations.running import (
    RunSummary,
    run_recommend_work,
    run_recommendations,
)
from placement.jobs.operations.runs import RunUnderWayError

__all__ = [
    "RunSummary",
    "RunUnderWayError",
    "ask_for_run",
    "open_run_work",
    "queue_due_runs",
    "recommend_posting",
    "refresh_lists",
    "run_recommend_work",
    "run_recommendations",
]
