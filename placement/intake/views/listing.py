"""What was sent, and the partner lists that found somebody."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.intake.queries import (
    count_waiting,
    names_of_users,
    visible_imports,
    visible_lists,
)
from placement.intake.views.blueprint import SENDERS, bp, kinds_of
from placement.intake.words import kind_word, state_tone, state_word
from placement.web import paginate


@bp.get("")
@requires(*SENDERS)
def list_imports() -> ResponseReturnValue:
    """Show the imports, or the partner lists with what waits on each."""
    current = viewer()
    lists = request.args.get("show") == "lists"
    page = paginate((visible_lists if lists else visible_imports)(current))
    return render_template(
        "intake/list.html",
        page=page,
        lists=lists,
        waiting=count_waiting(current, page),
        senders=names_of_users(import_.actor_id for import_ in page),
        may_send=bool(kinds_of(current)),
        is_university=current.role is Role.UNIVERSITY,
        kind_word=kind_word,
        state_word=state_word,
        state_tone=state_tone,
    )
