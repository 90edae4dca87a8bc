"""The door: signing in and out, passwords, activation, the language of the pages."""

from flask import (
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts import operations
from placement.accounts.access import cookie_name, public, requires, viewer
from placement.accounts.forms import ActivationForm, NewPasswordForm, SignInForm
from placement.accounts.models import Role, User
from placement.accounts.views.blueprint import bp
from placement.config import Settings
from placement.db import db, system_scope, transaction, use_scope
from placement.errors import PlacementError
from placement.web import refusal, safe_next

EVERYBODY = tuple(Role)
LOCALES = ("zh_Hans_CN", "en")


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Show the door; begin a session for who knows name and password."""
    form = SignInForm(data={"next": request.args.get("next", "")})
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200
    try:
        with use_scope(system_scope("sign in")), transaction():
            token = operations.sign_in(
                str(form.username.data),
                str(form.password.data),
                address=request.remote_addr or "",
                settings=_settings(),
            )
    except operations.TooManyAttemptsError as error:
        form.password.errors = [refusal(error)]
        return render_template("accounts/sign_in.html", form=form), 429
    if token is None:
        form.password.errors = [_("The name and the password do not fit.")]
        return render_template("accounts/sign_in.html", form=form), 422
    return _enter(token, safe_next(form.next.data, url_for("desk.home")))


def _enter(token: str, target: str) -> Response:
    """Answer with a fresh session: nothing of the one before the sign-in is kept."""
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale
    response = make_response(redirect(target))
    response.set_cookie(
        cookie_name(),
        token,
        secure=_settings().https,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


@bp.post("/sign-out")
@requires(*EVERYBODY)
def sign_out() -> ResponseReturnValue:
    """End the session."""
    current = viewer()
    with use_scope(system_scope("sign out")), transaction():
        operations.end_sign_in(current.sign_in_id or 0, actor_id=current.user_id)
    session.clear()
    response = make_response(redirect(url_for("accounts.sign_in", signed_out=1)))
    response.delete_cookie(cookie_name(), secure=_settings().https, httponly=True, samesite="Lax")
    return response


@bp.route("/password", methods=["GET", "POST"])
@requires(*EVERYBODY)
def set_password() -> ResponseReturnValue:
    """Set a password of one's own; the other sessions of the account end."""
    form = NewPasswordForm()
    if form.validate_on_submit():
        current = viewer()
        try:
            with use_scope(system_scope("set password")), transaction():
                user = db.session.get_one(User, current.user_id)
                operations.set_password(
                    user, password=str(form.password.data), actor_id=current.user_id
                )
                operations.end_sign_ins_of(user.id, keep=current.sign_in_id)
        except PlacementError as error:
            form.password.errors = [refusal(error)]
        else:
            flash(_("Your password is set."))
            return redirect(url_for("desk.home"))
    status = 422 if form.errors or form.password.errors else 200
    return render_template("accounts/password_form.html", form=form), status


@bp.route("/activate", methods=["GET", "POST"])
@public
def activate() -> ResponseReturnValue:
    """Set the first password with a code."""
    form = ActivationForm(data={"code": request.args.get("code", "")})
    if form.validate_on_submit():
        try:
            with use_scope(system_scope("activate")), transaction():
                operations.activate(str(form.code.data), password=str(form.password.data))
        except PlacementError as error:
            field = form.code if error.code == "not_found" else form.password
            field.errors = [refusal(error)]
        else:
            flash(_("Your password is set. Sign in with it now."))
            return redirect(url_for("accounts.sign_in"))
    failed = form.is_submitted()
    return render_template("accounts/activation_form.html", form=form), 422 if failed else 200


@bp.post("/language")
@public
def set_language() -> ResponseReturnValue:
    """Change the language of the pages and remember it."""
    locale = request.form.get("locale", "")
    if locale in LOCALES:
        session["locale"] = locale
        if g.viewer is not None:
            with use_scope(system_scope("set language")), transaction():
                operations.set_locale(g.viewer.user_id, locale)
    return redirect(safe_next(request.form.get("next"), url_for("desk.home")))
