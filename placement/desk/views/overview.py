"""The administrators' pages: overview, inspection of the trail, settings."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.accounts.queries import visible_users
from placement.audit.operations import record_event
from placement.audit.queries import seals, trail
from placement.db import db, system_scope, transaction, use_scope
from placement.desk.acts import act_word
from placement.desk.oversight import caseloads, overview_of, universities_at_a_glance
from placement.desk.register import class_years
from placement.desk.views.blueprint import bp
from placement.notices.models import ChannelStatus
from placement.reference.rules import rules_in_force
from placement.web import paginate

ADMINISTRATORS = (Role.UNIVERSITY, Role.PROVINCE)


@bp.get("/overview")
@requires(*ADMINISTRATORS)
def overview() -> ResponseReturnValue:
    """Show where cases stand still: by counselor for a university, by university for all."""
    current, today = viewer(), clock.today()
    years = class_years(current)
    year = request.args.get("year", type=int) or (years[0] if years else today.year)
    by = caseloads if current.role is Role.UNIVERSITY else universities_at_a_glance
    return render_template(
        "desk/overview.html",
        counts=overview_of(current, class_year=year, today=today),
        page=paginate(by(current, class_year=year, today=today), size=100, scalars=False),
        year=year,
        years=years,
        choices=[(str(known), str(known)) for known in years],
    )


@bp.get("/inspection")
@requires(Role.PROVINCE)
def audit() -> ResponseReturnValue:
    """Show the audit trail: who did or read what, narrowed by account, act and student."""
    actor, action = (request.args.get(name, "").strip() for name in ("actor", "action"))
    with transaction():
        page = paginate(trail(actor=actor, action=action), scalars=False)
        record_event("audit.read", actor_id=viewer().user_id)
    return render_template(
        "desk/audit.html", page=page, seals=seals(), act_word=act_word, actor=actor, action=action
    )


@bp.get("/settings")
@requires(*ADMINISTRATORS)
def settings() -> ResponseReturnValue:
    """Show the accounts, the rules in force with their sources, and how the channels are."""
    current = viewer()
    with use_scope(system_scope("show the channels")):
        channels = (
            db.session.execute(select(ChannelStatus).order_by(ChannelStatus.channel))
            .scalars()
            .all()
        )
    return render_template(
        "desk/settings.html",
        page=paginate(visible_users(current)),
        channels=channels,
        rules=rules_in_force(),
    )
