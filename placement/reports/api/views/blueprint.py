"""The blueprints, and errors as the API tells them."""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from flask import Blueprint, Response

from placement.reports.api.describing import PROBLEM_TYPE

PREFIX = "/api/"
bp = Blueprint("figures_api", __name__, url_prefix="/api/v1")
tokens = Blueprint("tokens", __name__, url_prefix="/settings/tokens")


def problem(
    status: int,
    detail: str = "",
    *,
    errors: Iterable[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An error as JSON (RFC 9457)."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": list(errors),
    }
    return Response(
        json.dumps(body, ensure_ascii=False), status, dict(headers or {}), mimetype=PROBLEM_TYPE
    )
