"""Deleting what has had its day: failed sign-ins, ended sessions, codes that no longer work."""

import datetime as dt

from sqlalchemy import delete, or_

from placement import clock
from placement.accounts.models import ActivationCode, AddressCode, SignIn, SignInAttempt
from placement.db import db

ATTEMPTS_KEPT = dt.timedelta(days=1)
SESSIONS_KEPT = dt.timedelta(days=30)


def delete_expired() -> None:
    """Delete failures older than a day, and sessions and codes that ended 30 days ago.

    What they did stays in the audit trail.
    """
    now = clock.now()
    long_ago = now - SESSIONS_KEPT
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - ATTEMPTS_KEPT))
    db.session.execute(
        delete(SignIn).where(or_(SignIn.expires_at < long_ago, SignIn.ended_at < long_ago))
    )
    db.session.execute(delete(ActivationCode).where(ActivationCode.expires_at < long_ago))
    db.session.execute(delete(AddressCode).where(AddressCode.expires_at < long_ago))
