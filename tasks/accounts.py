"""The job of the accounts."""

from placement.accounts.operations.expiry import delete_expired
from placement.db import transaction
from placement.queue import DELETE_EXPIRED
from tasks.context import job


@job(DELETE_EXPIRED)
def delete_expired_accounts() -> None:
    """Delete what has had its day; running it twice deletes nothing more."""
    with transaction():
        delete_expired()
