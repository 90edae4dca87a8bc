"""The jobs of the recommendations."""

from placement import clock
from placement.db import transaction
from placement.jobs.laid_out import live_offers
from placement.jobs.operations import queue_due_runs, recommend_posting, refresh_lists
from placement.queue import QUEUE_RECOMMENDATIONS, RECOMMEND_POSTING, REFRESH_RECOMMENDATIONS
from tasks.context import job


@job(REFRESH_RECOMMENDATIONS)
def refresh_recommendations(student_id: int) -> None:
    """Compute the list of one student anew."""
    with transaction():
        day = clock.today()
        refresh_lists([student_id], offers=live_offers(day), day=day)


@job(RECOMMEND_POSTING)
def take_posting(posting_id: int) -> None:
    """Bring the lists up to date with one posting."""
    with transaction():
        recommend_posting(posting_id, day=clock.today())


@job(QUEUE_RECOMMENDATIONS)
def queue_recommendations() -> None:
    """Queue the class years whose lists are of yesterday, or older than an import."""
    with transaction():
        queue_due_runs(clock.today())
