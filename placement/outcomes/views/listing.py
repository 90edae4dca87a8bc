"""What waits to be verified, what is in dispute, all outcomes."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import db, transaction
from placement.outcomes.operations import may_settle, rule_of, unmet_of
from placement.outcomes.queries import (
    all_outcomes,
    outcomes_in_dispute,
    outcomes_to_verify,
    stories,
)
from placement.outcomes.rules import REMARKS
from placement.outcomes.views.blueprint import HELPERS, STAFF, bp, visible_outcome
from placement.outcomes.words import (
    destination,
    one_click,
    paper_word,
    position_word,
    story_tone,
    story_word,
    unmet_word,
)
from placement.students.operations.reading import record_listing, record_reading
from placement.web import paginate

_LISTS = {"waiting": outcomes_to_verify, "disputed": outcomes_in_dispute, "all": all_outcomes}


@bp.get("")
@requires(*HELPERS)
def list_outcomes() -> ResponseReturnValue:
    """Show one of the three lists; each tab says how many are in it."""
    current = viewer()
    shown = request.args.get("show", "waiting")
    shown = shown if shown in _LISTS else "waiting"
    with transaction():
        page = paginate(_LISTS[shown](current))
        record_listing([o.student_id for o in page], actor=current, page="outcomes")
    counts = {
        name: db.session.execute(
            select(func.count()).select_from(_LISTS[name](current).order_by(None).subquery())
        ).scalar_one()
        for name in ("waiting", "disputed")
    }
    return render_template(
        "outcomes/list.html",
        page=page,
        rows=stories(list(page)),
        shown=shown,
        counts=counts,
        destination=destination,
        story_word=story_word,
        story_tone=story_tone,
        may_verify=current.role is Role.UNIVERSITY,
        one_click=one_click,
    )


@bp.get("/<int:outcome_id>")
@requires(*STAFF)
def show_outcome(outcome_id: int) -> ResponseReturnValue:
    """Show an outcome with its papers, its decision and its dispute."""
    current = viewer()
    outcome = visible_outcome(outcome_id)
    with transaction():
        record_reading(outcome.student, actor=current, page="outcome")
    story = stories([outcome])[0]
    dispute = story.dispute
    key = outcome.student.key()
    reason = ""
    if dispute is not None and dispute.reason_sealed is not None and key is not None:
        reason = key.open(dispute.reason_sealed, "disputes.reason", dispute.uid)
    return render_template(
        "outcomes/outcome.html",
        story=story,
        outcome=outcome,
        dispute_reason=reason,
        rule=rule_of(outcome),
        unmet=[unmet_word(code) for code in unmet_of(outcome)],
        needs_words=bool(set(unmet_of(outcome)) - REMARKS),
        paper_word=paper_word,
        rule_words=_(", ").join(paper_word(kind) for kind in rule_of(outcome).papers),
        destination=destination,
        position_word=position_word,
        story_word=story_word,
        story_tone=story_tone,
        may_verify=current.role is Role.UNIVERSITY and outcome.reporter_id != current.user_id,
        may_write=current.role in HELPERS,
        may_settle=dispute is not None
        and current.role in HELPERS
        and may_settle(dispute, outcome, current.user_id),
    )
