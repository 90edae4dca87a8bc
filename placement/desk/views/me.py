"""My particulars, and who has looked at my file."""

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from placement import clock
from placement.accounts.access import requires
from placement.accounts.models import Role, User
from placement.audit.queries import looks_at
from placement.db import db, system_scope, use_scope
from placement.desk.views.blueprint import bp
from placement.desk.views.my_plan import own_student
from placement.students import words
from placement.students.queries import counselor_of, memberships_on

SHOWN_LOOKS = 50


@bp.get("/my")
@requires(Role.STUDENT)
def me() -> ResponseReturnValue:
    """Show what is kept about me and who has looked at it, with the reasons they gave."""
    student, today = own_student(), clock.today()
    with use_scope(system_scope("who has looked at my file")):
        events = db.session.execute(looks_at(student.id, limit=SHOWN_LOOKS)).scalars().all()
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
        looks=[(event, actors.get(event.actor_id or 0)) for event in events],
        words=words,
    )
