"""The drafts of the house, and those that wait for the viewer's release."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from placement.accounts.access import requires, viewer
from placement.composing.models import DraftState
from placement.composing.queries import count_by_state, count_to_release, drafts_in, to_release
from placement.composing.views.blueprint import COMPOSERS, bp
from placement.web import paginate

_LISTS = {
    "draft": (DraftState.DRAFT,),
    "waiting": (DraftState.WAITING,),
    "scheduled": (DraftState.SCHEDULED,),
    "sent": (DraftState.SENT,),
    "discarded": (DraftState.DISCARDED,),
}


@bp.get("/notices/drafts")
@requires(*COMPOSERS)
def list_drafts() -> ResponseReturnValue:
    """Show the drafts of one state; those that wait for the viewer first."""
    counts = count_by_state(viewer())
    mine = count_to_release(viewer())
    show = request.args.get("show", "")
    if show not in {*_LISTS, "mine"}:
        show = "mine" if mine else "draft"
    query = to_release(viewer()) if show == "mine" else drafts_in(viewer(), _LISTS[show])
    return render_template(
        "composing/list.html",
        page=paginate(query),
        show=show,
        counts={"mine": mine, **{name: counts[states[0]] for name, states in _LISTS.items()}},
    )


@bp.app_template_global()
def waiting_releases() -> int:
    """How many drafts wait for the viewer's release; for pages that lead to them."""
    return count_to_release(viewer())


@bp.app_template_global()
def open_drafts() -> int:
    """How many drafts of the viewer's house have not gone out."""
    counts = count_by_state(viewer())
    return sum(counts[s] for s in (DraftState.DRAFT, DraftState.WAITING, DraftState.SCHEDULED))
