"""Links of helpers: made, withdrawn, opened; each opening stands in the audit trail."""

import datetime as dt

from sqlalchemy import case, func, update

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations.opening import require_open
from placement.db import SQL_NOW, db
from placement.errors import InvalidValueError, NotVisibleError, PlacementError
from placement.pairing.links import make_token, token_hash
from placement.pairing.models import Pairing, PairingLink
from placement.pairing.queries import linked_among, opened_by

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


def new_link(pairing: Pairing, *, actor: Viewer, mailed: bool = False) -> str:
    """Make a link for a helper and return its token, which nobody can see a second time.

    It opens all whom this helper stands by: `mailed`, when it goes to the helper's own address,
    else as far as `actor`, who is shown it, may see them. The one of the same way before it opens
    nothing any more. Raises CaseClosedError, and InvalidValueError for help that has ended or
    that the student objects to.
    """
    require_open(pairing.case)
    if pairing.ended_at is not None or pairing.ends_on < clock.today():
        raise InvalidValueError("This paired help has ended.")
    if pairing.objected:
        raise InvalidValueError(
            "The student objects to this helper.", remedy="Settle that with the student first."
        )
    pairing.by_link = True
    # The link is seen by whom its pairings are seen by, so they have to be there first.
    db.session.flush()
    shown_to = None if mailed else actor.user_id
    db.session.execute(
        update(PairingLink)
        .where(
            PairingLink.helper_key == pairing.helper_key,
            PairingLink.shown_to.is_not_distinct_from(shown_to),
            PairingLink.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=SQL_NOW)
    )
    token = make_token()
    link = PairingLink(
        helper_key=pairing.helper_key,
        shown_to=shown_to,
        token_hash=token_hash(token),
        made_by=actor.user_id,
        made_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(days=LINK_DAYS),
    )
    db.session.add(link)
    db.session.flush()
    record_event(
        "helper.link_made",
        actor_id=actor.user_id,
        subject=link,
        student_ids=[pairing.student_id, *(each.student_id for each in opened_by(link))],
    )
    return token


def withdraw_link(pairing: Pairing, *, actor: Viewer) -> None:
    """Let no link of the helper open this student any more; the others of the helper stay."""
    if pairing.by_link and linked_among([pairing.id]):
        record_event("helper.link_withdrawn", actor_id=actor.user_id, subject=pairing)
    pairing.by_link = False


def open_link(token: str) -> PairingLink:
    """Count a use of a link and note in the trail that it was opened, for each whom it opens.

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
    link = db.session.get_one(PairingLink, used, populate_existing=True)
    if link.uses <= A_MINUTE:
        students = [pairing.student_id for pairing in opened_by(link)]
        record_event("helper.opened", actor_id=None, subject=link, student_ids=students)
    return link


def require_living(link: PairingLink) -> list[Pairing]:
    """The pairings that a link opens now, by the student's name.

    Raises LinkTooOftenError, and LinkOverError for a link that was renewed or is too old, or that
    opens nobody: their help has ended, has not begun, is objected to or was taken out of the
    link, or the case is closed.
    """
    if link.uses > A_MINUTE:
        raise LinkTooOftenError(
            "This link is opened very often just now.", remedy="Try again in a minute."
        )
    opened = opened_by(link)
    if not opened:
        raise LinkOverError(
            "This link opens nothing any more.", remedy="Ask the counselor for a new one."
        )
    return opened
