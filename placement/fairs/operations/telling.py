"""Word to those who signed up: the fair is called off, or is otherwise than they know."""

import datetime as dt
import uuid

from sqlalchemy import select

from placement import clock
from placement.accounts.viewer import Viewer
from placement.config import Settings
from placement.db import db, system_scope, use_scope
from placement.fairs.models import Fair, SignUp, SignUpState
from placement.fairs.operations.standing import end_of, fair_values
from placement.notices.channels import is_offered
from placement.notices.models import Channel, NoticeKind
from placement.notices.operations.announcement import Announcement
from placement.notices.operations.announcing import announce

WAYS = (Channel.INBOX, Channel.MAIL, Channel.SMS)


def tell_signed_up(
    fair: Fair,
    kind: NoticeKind,
    *,
    actor: Viewer,
    settings: Settings,
    until: dt.datetime | None = None,
    reason: str = "",
) -> int:
    """Tell everybody who comes or waits, by every way that is set up; how many people it is.

    `until` is when it is no news any more, by default the end of the fair. Who signed up is
    told whoever looks after them, hence the program's own scope.
    """
    expires_at = until or end_of(fair)
    if expires_at <= clock.now():
        return 0
    with use_scope(system_scope("tell who signed up for a fair")):
        chosen = (
            select(SignUp.student_id)
            .where(
                SignUp.fair_id == fair.id,
                SignUp.state.in_((SignUpState.COMING, SignUpState.WAITING)),
            )
            .order_by(SignUp.student_id)
        )
        if db.session.execute(chosen.limit(1)).first() is None:
            return 0
        announcement = Announcement(
            kind=kind,
            subject_id=fair.id,
            values={**fair_values(fair), "reason": reason, "path": f"/fairs/{fair.id}"},
            channels=tuple(way for way in WAYS if is_offered(way, settings)),
            audience={"signed_up": uuid.uuid4().hex},
            expires_at=expires_at,
            university_id=fair.university_id,
        )
        return announce(chosen, announcement, actor=actor, settings=settings).audience
