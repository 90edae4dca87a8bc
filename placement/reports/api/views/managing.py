"""The page on which administrators make and withdraw their tokens."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.db import system_scope, transaction, use_scope
from placement.errors import PlacementError
from placement.reports.api.forms import SCOPES, TokenForm
from placement.reports.api.operations import (
    A_MINUTE,
    MAKERS,
    make_token,
    visible_tokens,
    withdraw_token,
)
from placement.reports.api.views.blueprint import tokens
from placement.reports.models import TokenScope
from placement.web import paginate, refusal, say_done


@tokens.get("")
@requires(*MAKERS)
def list_tokens() -> ResponseReturnValue:
    """List the tokens of the viewer and their colleagues, and offer to make one."""
    return _page(TokenForm())


@tokens.post("")
@requires(*MAKERS)
def create_token() -> ResponseReturnValue:
    """Make a token and show it, this once."""
    form = TokenForm()
    if not form.validate_on_submit():
        return _page(form), 422
    entered = form.entered
    try:
        with use_scope(system_scope("make a token")), transaction():
            made = make_token(
                viewer(),
                name=entered["name"],
                scope=TokenScope(entered["scope"]),
                days=entered["days"],
                small_counts=entered["small_counts"],
            )
    except PlacementError as error:
        form.scope.errors = [refusal(error)]
        return _page(form), 422
    return _page(TokenForm(formdata=None), made)


@tokens.post("/<int:token_id>/withdraw")
@requires(*MAKERS)
def withdraw(token_id: int) -> ResponseReturnValue:
    """Let a token open nothing more."""
    with use_scope(system_scope("withdraw a token")), transaction():
        withdraw_token(viewer(), token_id)
    say_done(_("The token opens nothing more."))
    return redirect(url_for("tokens.list_tokens"))


def _page(form: TokenForm, made: str = "") -> str:
    with use_scope(system_scope("show tokens")):
        page = paginate(visible_tokens(viewer()))
    return render_template(
        "reports/api/tokens.html",
        form=form,
        made=made,
        page=page,
        now=clock.now(),
        scopes=SCOPES,
        a_minute=A_MINUTE,
    )
