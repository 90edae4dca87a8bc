"""The administrators' pages: overview, inspection of the trail, settings."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Row, func, select

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.accounts.queries import visible_users
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.audit.queries import seals, trail
from placement.cases.queries import visible_approvals, visible_closings
from placement.db import db, system_scope, transaction, use_scope
from placement.desk.acts import act_word
from placement.desk.choices import class_years
from placement.desk.oversight import caseloads, overview_of, universities_at_a_glance
from placement.desk.overview_lines import overview_lines
from placement.desk.rules import told_rules
from placement.desk.service import service_board
from placement.desk.stillness import NOTHING_DONE, NOTHING_MOVED, SPANS, still_cases
from placement.desk.subjects import subject_word
from placement.desk.views.blueprint import bp
from placement.notices.models import ChannelStatus
from placement.rulebook.queries import standard_on
from placement.students.operations.reading import record_listing
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
    standard = standard_on(today)
    board = service_board(current, class_year=year, standard=standard, today=today)
    asked: dict[str, Any] = {
        "class_year": year,
        "today": today,
        "silent_after": standard.interval,
    }
    page = paginate(by(current, **asked), size=100, scalars=False)
    met = {row.id: row.all_of_it for row in db.session.execute(board)}
    return render_template(
        "desk/overview.html",
        counts=overview_of(current, **asked),
        silent_days=standard.interval.days,
        page=page,
        lines=overview_lines(page, met, year=year, by_counselor=by is caseloads),
        year=year,
        years=years,
        waiting_here=_waiting(current) if current.role is Role.UNIVERSITY else None,
        choices=[(str(known), str(known)) for known in years],
    )


def _waiting(current: Viewer) -> Row[int, int]:
    closings = visible_closings(current).order_by(None).subquery()
    approvals = visible_approvals(current).order_by(None).subquery()
    counts = (
        select(func.count()).select_from(closings).scalar_subquery().label("closings"),
        select(func.count()).select_from(approvals).scalar_subquery().label("approvals"),
    )
    return db.session.execute(select(*counts)).one()


@bp.get("/overview/still")
@requires(*ADMINISTRATORS)
def still() -> ResponseReturnValue:
    """Show the open cases in which nothing was done, or nothing moved, for so many days."""
    current, today = viewer(), clock.today()
    years = class_years(current)
    year = request.args.get("year", type=int) or (years[0] if years else today.year)
    kind = NOTHING_MOVED if request.args.get("kind") == NOTHING_MOVED else NOTHING_DONE
    days = request.args.get("days", SPANS[0], type=int)
    days = days if days in SPANS else SPANS[0]
    wanted = still_cases(current, class_year=year, kind=kind, days=days, today=today)
    with transaction():
        page = paginate(wanted, scalars=False)
        record_listing([row[0].student_id for row in page], actor=current, page="still")
    return render_template(
        "desk/still.html",
        page=page,
        kind=kind,
        days=days,
        spans=[(str(span), _("%(num)d days", num=span)) for span in SPANS],
        year=year,
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
        "desk/audit.html",
        page=page,
        seals=seals(),
        act_word=act_word,
        subject_word=subject_word,
        actor=actor,
        action=action,
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
        rules=told_rules(),
    )
