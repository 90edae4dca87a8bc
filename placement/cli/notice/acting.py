"""Whose act a command is: a command has no account of its own, so it names one.

The two people of a release are two accounts here too. Who may run commands on the server is
trusted to name the right one; the audit trail says that it came from a command.
"""

from sqlalchemy import select

from placement.accounts.models import Role, User
from placement.accounts.queries import viewer_of
from placement.accounts.viewer import Viewer
from placement.composing.models import NoticeDraft
from placement.composing.queries import visible_drafts
from placement.db import db
from placement.errors import NotAllowedError, NotVisibleError


def account_that_sends(username: str) -> Viewer:
    """The account of a user name, if it may compose notices. Raises NotAllowedError."""
    user = db.session.execute(
        select(User).where(User.username == username, User.disabled_at.is_(None))
    ).scalar_one_or_none()
    if user is None or user.role not in {Role.UNIVERSITY, Role.PROVINCE}:
        raise NotAllowedError(
            f"{username} is no account that sends notices.",
            remedy="Name one of a university or of the province.",
        )
    return viewer_of(user)


def draft_by_id(draft_id: int, actor: Viewer) -> NoticeDraft:
    """The draft of a number, if the actor looks after it. Raises NotVisibleError."""
    found = db.session.execute(
        visible_drafts(actor).where(NoticeDraft.id == draft_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotVisibleError(
            f"There is no draft {draft_id}.", remedy="See `placement notice drafts`."
        )
    return found
