"""Links of helpers: made, withdrawn, opened; each opening stands in the audit trail."""

import datetime as dt

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import joinedload

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations.opening import require_open
from placement.db import SQL_NOW, db
from placement.errors import InvalidValueError, NotVisibleError, PlacementError
from placement.pairing.links import make_token, token_hash
from placement.pairing.models import Pairing, PairingLink

LINK_DAYS = 62
"""How long a link lives unless it is withdrawn or renewed: two of the monthly words."""
A_MINUTE = 20
"""How often a link may be used in a minute."""


class LinkOverError(PlacementError):
    """A link that was withdrawn or is too old, or whose help has ended or is objected to."""

    code = "link_over"
    status = 410


class LinkTooOftenError(PlacementError):
    """A link is used more often than a person would."""

    code = "too_often"
    status = 429


def new_link(pairing: Pairing, *, actor: Viewer) -> str:
    """Make a link for a helper and return its token, which nobody can see a second time.

    The link before it opens nothing any more. Raises CaseClosedError, and InvalidValueError for
    help that has ended or that the student objects to.
    """
    require_open(pairing.case)
    if pairing.ended_at is not None or pairing.ends_on < clock.today():
        raise InvalidValueError("This paired help has ended.")
    if pairing.objected:
        raise InvalidValueError(
            "The student objects to this helper.", remedy="Settle that with the student first."
        )
    withdraw_link(pairing, actor=None)
    token = make_token()
    link = PairingLink(
        pairing_id=pairing.id,
        student_id=pairing.student_id,
        token_hash=token_hash(token),
        made_by=actor.user_id,
        made_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(days=LINK_DAYS),
    )
    db.session.add(link)
    record_event("helper.link_made", actor_id=actor.user_id, subject=link)
    return token


def withdraw_link(pairing: Pairing, *, actor: Viewer | None) -> bool:
    """Let the link that lives open nothing any more; whether there was one.

    Without `actor` it gives way to a new one, which is what the trail tells.
    """
    withdrawn = db.session.execute(
        update(PairingLink)
        .where(PairingLink.pairing_id == pairing.id, PairingLink.withdrawn_at.is_(None))
        .values(withdrawn_at=SQL_NOW)
        .returning(PairingLink.id)
    ).scalar_one_or_none()
    if withdrawn is not None and actor is not None:
        record_event(
            "helper.link_withdrawn",
            actor_id=actor.user_id,
            subject="pairing_links",
            subject_id=withdrawn,
            student_ids=[pairing.student_id],
        )
    return withdrawn is not None


def open_link(token: str) -> PairingLink:
    """Count a use of a link and note in the trail that it was opened; the link with its pairing.

    Raises NotVisibleError for a forged or unknown token. Whether it still opens anything says
    `require_living`, after this was committed.
    """
    hashed = token_hash(token)
    minute = func.date_trunc("minute", SQL_NOW)
    used = None
    if hashed is not None:
        used = db.session.execute(
            update(PairingLink)
            .where(PairingLink.token_hash == hashed)
            .values(
                opened=PairingLink.opened + 1,
                last_opened_at=SQL_NOW,
                uses=case((PairingLink.minute == minute, PairingLink.uses + 1), else_=1),
                minute=minute,
            )
            .returning(PairingLink.id)
            .execution_options(synchronize_session=False)
        ).scalar_one_or_none()
    if used is None:
        raise NotVisibleError("There is no such link.")
    link = db.session.execute(
        select(PairingLink)
        .where(PairingLink.id == used)
        .options(joinedload(PairingLink.pairing).joinedload(Pairing.student))
        .execution_options(populate_existing=True)
    ).scalar_one()
    if link.uses <= A_MINUTE:
        record_event("helper.opened", actor_id=None, subject=link)
    return link


def require_living(link: PairingLink) -> Pairing:
    """The pairing that a link opens now.

    Raises LinkTooOftenError, and LinkOverError for a link that was withdrawn or is too old, or
    whose help has ended, has not begun, or is objected to, and once the case is closed.
    """
    pairing = link.pairing
    if link.uses > A_MINUTE:
        raise LinkTooOftenError(
            "This link is opened very often just now.", remedy="Try again in a minute."
        )
    over = (
        link.withdrawn_at is not None
        or link.expires_at <= clock.now()
        or pairing.ended_at is not None
        or not pairing.starts_on <= clock.today() <= pairing.ends_on
        or pairing.objected
        or pairing.case.closed_on is not None
        or pairing.student.key() is None
        or pairing.student.voided_at is not None
    )
    if over:
        raise LinkOverError(
            "This link opens nothing any more.", remedy="Ask the counselor for a new one."
        )
    return pairing
