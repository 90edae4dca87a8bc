"""The job that deletes what has had its day."""

from placement.accounts.operations.expiry import delete_expired
from placement.db import transaction
from placement.files import erase_expired_files
from placement.queue import DELETE_EXPIRED
from tasks.context import job


@job(DELETE_EXPIRED)
def delete_what_is_over() -> None:
    """Delete what has had its day; running it twice deletes nothing more."""
    with transaction():
        delete_expired()
        erase_expired_files()
