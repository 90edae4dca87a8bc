"""My particulars, and who has looked at my file."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from placement import clock
from placement.accounts.access import requires
from placement.accounts.models import Role, User
from placement.audit.models import AuditEvent
from placement.audit.queries import looks_at
from placement.db import db, system_scope, use_scope
from placement.desk.views.blueprint import bp
from placement.desk.views.my_plan import own_student
from placement.students import words
from placement.students.queries import counselor_of, memberships_on

READ_LOOKS = 400


@dataclass
class Look:
    """What one person looked at on one day: how often, and the reasons they gave."""

    day: dt.date
    action: str
    role: str
    actor: User | None
    times: int = 0
    reasons: list[str] = field(default_factory=list)


@bp.get("/my")
@requires(Role.STUDENT)
def me() -> ResponseReturnValue:
    """Show what is kept about me and who has looked at it, with the reasons they gave."""
    student, today = own_student(), clock.today()
    with use_scope(system_scope("who has looked at my file")):
        events = db.session.execute(looks_at(student.id, limit=READ_LOOKS)).scalars().all()
        actors = {
            user.id: user
            for user in db.session.execute(
                select(User).where(User.id.in_({event.actor_id for event in events}))
            ).scalars()
        }
    return render_template(
        "desk/me.html",
        student=student,
        memberships=db.session.execute(memberships_on(student.id, day=today)).scalars().all(),
        counselor=counselor_of(student.id, today=today),
        looks=_by_day(events, actors),
        words=words,
    )


def _by_day(events: Sequence[AuditEvent], actors: dict[int, User]) -> list[Look]:
    """Fold what one person did alike on one day into one entry, the newest day first."""
    looks: dict[tuple[dt.date, int | None, str], Look] = {}
    for event in events:
        day = clock.day_of(event.at)
        look = looks.setdefault(
            (day, event.actor_id, event.action),
            Look(day, event.action, event.actor_role, actors.get(event.actor_id or 0)),
        )
        look.times += 1
        reason = event.details.get("reason")
        if reason and reason not in look.reasons:
            look.reasons.append(str(reason))
    return list(looks.values())
