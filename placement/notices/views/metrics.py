"""Figures for a monitoring system: counts alone, for whoever bears the token."""

import hmac

from flask import Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from placement.accounts.access import public
from placement.config import Settings
from placement.db import system_scope, use_scope
from placement.notices import liveness
from placement.notices.views.blueprint import bp

_THIS_MACHINE = {"127.0.0.1", "::1"}


@bp.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Give the figures of the outbox in the Prometheus text format; 404 for everybody else."""
    settings = current_app.config["SETTINGS"]
    if not _may_read(settings):
        abort(404)
    with use_scope(system_scope("metrics")):
        lines = list(liveness.metrics(settings))
    return Response("\n".join([*lines, ""]), mimetype="text/plain")


def _may_read(settings: Settings) -> bool:
    if settings.metrics_token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.metrics_token.encode())
    # Behind a proxy everybody comes from this machine.
    forwarded = "X-Forwarded-For" in request.headers or bool(settings.trusted_proxies)
    return not settings.production and not forwarded and request.remote_addr in _THIS_MACHINE
