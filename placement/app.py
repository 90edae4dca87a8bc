"""Puts the application together: settings, database, queue, pages, errors, headers."""

import logging
import secrets
from pathlib import Path
from typing import Any

from flask import Flask, g, render_template, request, session
from flask_babel import Babel, get_locale
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from placement import migrate, queue
from placement.accounts.access import init_access, public
from placement.accounts.views import bp as accounts
from placement.audit.operations import set_origin
from placement.cases.views import bp as cases
from placement.composing.views import bp as composing
from placement.config import Settings, load_settings
from placement.db import db, system_scope, use_scope
from placement.demo.views import bp as demo
from placement.desk.places import places_of
from placement.desk.views import bp as desk
from placement.driver import use_driver
from placement.errors import PlacementError, is_disk_full
from placement.exporting.views import bp as exporting
from placement.fairs.views import bp as fairs
from placement.intake import models as _intake_models  # noqa: F401 - tables others refer to
from placement.intake.views import bp as intake
from placement.jobs.views import bp as jobs
from placement.keys import load_keyring, make_secret, use_keyring
from placement.notices.views import bp as notices
from placement.outcomes.views import bp as outcomes
from placement.pairing.views import bp as pairing
from placement.reports import models as _report_models  # noqa: F401 - tables of the schema
from placement.reports.api.views import PREFIX, problem, tokens
from placement.reports.api.views import bp as figures_api
from placement.reports.schedules.views import bp as schedules
from placement.reports.snapshots.views import bp as snapshots
from placement.reports.views import bp as reports
from placement.services import Endpoints, attach
from placement.students.views import bp as students
from placement.students.views import responsibility
from placement.vocabulary.views import bp as vocabulary
from placement.web import refusal_parts
from placement.web.addresses import init_addresses
from placement.web.assets import init_assets
from placement.web.catalogues import RoomsDomain, init_translations
from placement.web.filters import day_of_request, register_filters
from placement.web.headers import init_headers
from placement.web.patterns import init_patterns

log = logging.getLogger(__name__)
HERE = Path(__file__).parent
BLUEPRINTS = (
    accounts,
    responsibility,
    students,
    vocabulary,
    cases,
    pairing,
    outcomes,
    jobs,
    fairs,
    exporting,
    notices,
    composing,
    intake,
    reports,
    schedules,
    snapshots,
    figures_api,
    tokens,
    desk,
)


def templates_folder() -> Path:
    """Where the templates lie: inside the installed package, or beside it in a checkout."""
    packaged = HERE / "templates"
    return packaged if packaged.is_dir() else HERE.parent / "templates"


def create_app(settings: Settings | None = None, *, endpoints: Endpoints | None = None) -> Flask:
    """Make the application.

    Without `endpoints` the servers are those that the settings name, or the embedded ones.
    Raises ConfigurationError, and ServiceUnavailableError when a server cannot be had.
    """
    settings = settings or load_settings()
    endpoints = endpoints or attach(settings)
    app = Flask(__name__, template_folder=str(templates_folder()), static_folder="static")
    app.config.update(_flask_settings(settings, endpoints))
    use_keyring(load_keyring(settings))
    db.init_app(app)
    with app.app_context():
        use_driver(db.engine)
    queue.configure(endpoints.redis_url, settings.queue_prefix)
    _init_pages(app, settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.demo:
        app.register_blueprint(demo)
    app.add_url_rule("/healthz", "healthz", public(_healthz))
    app.add_url_rule("/readyz", "readyz", public(_readyz))
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign] # WSGI
    return app


def _flask_settings(settings: Settings, endpoints: Endpoints) -> dict[str, Any]:
    secret = settings.secret_key or make_secret(
        settings.instance / "keys" / "secret-key", secrets.token_urlsafe(48)
    )
    return {
        "SETTINGS": settings,
        "SECRET_KEY": secret,
        "SQLALCHEMY_DATABASE_URI": endpoints.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": 5,
            "max_overflow": 5,
            "pool_timeout": 10,
            "connect_args": {"connect_timeout": 5, "application_name": "placement"},
        },
        "SESSION_COOKIE_NAME": "__Host-placement" if settings.https else "placement",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": settings.import_megabytes * 1024 * 1024 + 65_536,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.https,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "BABEL_DEFAULT_LOCALE": settings.default_locale,
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
    }


def _init_pages(app: Flask, settings: Settings) -> None:
    babel = Babel(
        app,
        default_locale=settings.default_locale,
        default_timezone="Asia/Shanghai",
        locale_selector=lambda: _chosen_locale(settings),
    )
    babel.domain_instance = RoomsDomain()
    init_translations(app)
    Bootstrap5(app)
    CSRFProtect(app)
    app.before_request(_begin_request)
    init_access(app)
    init_assets(app)  # before the headers: what is registered first runs last
    init_headers(app, https=settings.https)
    register_filters(app)
    init_addresses(app)
    init_patterns(app)
    app.context_processor(_page_values)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(PlacementError, _show_refusal)
    app.register_error_handler(OperationalError, _show_outage)
    app.register_error_handler(InterfaceError, _show_outage)
    app.register_error_handler(Exception, _show_failure)
    app.jinja_env.add_extension("jinja2.ext.do")


def _chosen_locale(settings: Settings) -> str:
    viewer = getattr(g, "viewer", None)
    own = viewer.locale if viewer else g.get("locale_of_failure")
    chosen: str | None = session.get("locale") or own
    return chosen or settings.default_locale


def _begin_request() -> None:
    g.request_id = secrets.token_hex(6)
    set_origin(f"web {g.request_id}")


def _page_values() -> dict[str, Any]:
    viewer = getattr(g, "viewer", None)
    return {
        "viewer": viewer,
        "locale": str(get_locale()),
        "places": () if viewer is None or viewer.must_change_password else places_of(viewer),
        "today": day_of_request() if viewer is not None else None,
    }


def _healthz() -> dict[str, str]:
    return {"status": "ok"}


def _readyz() -> tuple[dict[str, str], int]:
    """Say whether the database answers and has the schema that this program knows."""
    with use_scope(system_scope("readiness")):
        revision = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    ready = revision == migrate.newest_revision()
    return {"status": "ready" if ready else "schema"}, 200 if ready else 503


def _show_http_error(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400 or error.response is not None:
        return error
    return _error_page(status)


def _show_refusal(error: PlacementError) -> Any:
    db.session.rollback()
    message, remedy = refusal_parts(error)
    return _error_page(error.status, message=message, remedy=remedy)


def _show_outage(error: Exception) -> Any:
    if is_disk_full(error):
        return _show_full_disk(error)
    log.error("request %s: the database does not answer: %s", g.get("request_id"), error)
    return _error_page(503)


def _show_full_disk(error: Exception) -> Any:
    log.error("request %s: no room left on a disk: %s", g.get("request_id"), error)
    return _error_page(507)


def _show_failure(error: Exception) -> Any:
    if is_disk_full(error):
        return _show_full_disk(error)
    log.error("request %s failed", g.get("request_id"), exc_info=error)
    return _error_page(500)


def _error_page(status: int, *, message: str = "", remedy: str = "") -> Any:
    if request.path.startswith(PREFIX):
        return problem(status, " ".join((message, remedy)).strip())
    known = {400, 403, 404, 405, 409, 413, 422, 429, 500, 503, 507}
    # What else a browser asks wrongly (a method, an address too long) is no failure of ours.
    shown = status if status in known else 400 if status < 500 else 500
    template = f"errors/{shown}.html"
    if status >= 500:
        # The database may be what failed, so nothing of the page may need it but the language.
        viewer = g.get("viewer")
        g.locale_of_failure, g.viewer = viewer.locale if viewer else None, None
    values = {
        "message": message,
        "remedy": remedy,
        "request_id": g.get("request_id"),
        # What passes by itself is asked for again as it was.
        "again": request.method == "GET" and status in {429, 500, 503, 507},
    }
    if request.headers.get("Accept", "").startswith("application/json"):
        return {"error": {"code": status, "message": message}}, status
    return render_template(template, **values), status
