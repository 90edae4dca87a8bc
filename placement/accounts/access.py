"""Who may enter a view: recognises the viewer before each request and guards each view."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from placement import clock
from placement.accounts.models import Role
from placement.accounts.operations import recognise
from placement.accounts.viewer import Viewer
from placement.db import current_scope, enter_scope

P = ParamSpec("P")
R = TypeVar("R")
PUBLIC = "_is_public"
ROLES = "_roles"
_BEFORE_PASSWORD = {
    "accounts.set_password",
    "accounts.sign_out",
    "accounts.set_language",
}


def cookie_name() -> str:
    """The name of the cookie that holds the session's token."""
    https = current_app.config["SETTINGS"].https
    return "__Host-placement-sign-in" if https else "placement-sign-in"


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Let a view in without sign-in."""
    setattr(view, PUBLIC, True)
    return view


def requires(*roles: Role) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let only these roles into a view; others get 403."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if g.viewer is None or g.viewer.role not in roles:
                abort(403)
            return view(*args, **kwargs)

        setattr(guarded, ROLES, roles)
        return guarded

    return guard


def viewer() -> Viewer:
    """The viewer of this request; only in views that need a sign-in."""
    found: Viewer | None = g.viewer
    if found is None:
        abort(401)
    return found


def init_access(app: Flask) -> None:
    """Recognise the viewer before every request and end the scope after it."""
    app.before_request(_recognise_viewer)
    app.teardown_request(_leave)


def _leave(_error: BaseException | None) -> None:
    if "scope_before" in g:
        enter_scope(g.scope_before)


def _recognise_viewer() -> ResponseReturnValue | None:
    g.viewer, g.scope_before = None, current_scope()
    enter_scope(None)
    g.pop("today", None)
    if request.endpoint == "static" or str(request.endpoint).endswith(".static"):
        return None
    token = request.cookies.get(cookie_name())
    if token:
        g.viewer = recognise(token, settings=current_app.config["SETTINGS"])
    if g.viewer is not None:
        g.today = clock.today()  # a page that is written after its commit asks no more
    return _refuse_stranger()


def _left_page() -> str | None:
    """Where to go on after signing in again: this page, or the one whose form was sent from it."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    sent_from = urlsplit(request.referrer or "")
    if sent_from.netloc != request.host:
        return None
    return f"{sent_from.path}?{sent_from.query}".rstrip("?")


def _refuse_stranger() -> ResponseReturnValue | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or getattr(view, PUBLIC, False):
        return None
    if g.viewer is None:
        target = _left_page()
        session.pop("csrf_token", None)
        return redirect(url_for("accounts.sign_in", next=target if target != "/" else None))
    if g.viewer.must_change_password and request.endpoint not in _BEFORE_PASSWORD:
        return redirect(url_for("accounts.set_password"))
    return None
