"""The way of every question: the token, how often, the words of the address, the answer."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Response, g, request
from pydantic import BaseModel, ValidationError

from placement.accounts.access import public
from placement.db import system_scope, transaction, use_scope
from placement.reports.api.describing import Endpoint
from placement.reports.api.operations import A_MINUTE, Caller, UnknownTokenError, use_token
from placement.reports.api.schemas import PageInfo
from placement.reports.api.views.blueprint import bp, problem
from placement.reports.models import TokenScope

ENDPOINTS: list[Endpoint] = []
"""All that the API answers, in the order of its description."""

Answering = Callable[..., BaseModel]


def answers(endpoint: Endpoint) -> Callable[[Answering], Answering]:
    """Let a function answer an endpoint: it takes the caller, the query and what the path names."""

    def register(answering: Answering) -> Answering:
        def asked(**path: Any) -> Response:
            return _asked(endpoint, answering, path)

        ENDPOINTS.append(endpoint)
        rule = endpoint.path.removeprefix(str(bp.url_prefix))
        bp.add_url_rule(rule, endpoint.name, public(asked), methods=["GET"])
        return answering

    return register


def _asked(endpoint: Endpoint, answering: Answering, path: dict[str, Any]) -> Response:
    try:
        caller = _caller()
    except UnknownTokenError as error:
        return problem(401, str(error), headers={"WWW-Authenticate": "Bearer"})
    left = A_MINUTE - caller.uses
    if left < 0:
        headers = {"Retry-After": str(caller.seconds_left)}
        return problem(429, "Too many questions in this minute.", headers=headers)
    if endpoint.own_only and caller.scope is not TokenScope.OWN:
        return problem(403, "The token opens published figures only.")
    try:
        query = endpoint.query.model_validate(request.args.to_dict())
    except ValidationError as error:
        return problem(422, "The question cannot be read.", errors=_faults(error))
    g.viewer = caller.viewer
    with use_scope(caller.viewer.scope):
        answer = answering(caller, query, **path)
    response = Response(answer.model_dump_json(), mimetype="application/json")
    response.headers["RateLimit-Limit"] = str(A_MINUTE)
    response.headers["RateLimit-Remaining"] = str(left)
    page = getattr(answer, "page", None)
    if isinstance(page, PageInfo) and page.page < page.pages:
        words = urlencode(request.args.to_dict() | {"page": str(page.page + 1)})
        response.headers["Link"] = f'<{request.path}?{words}>; rel="next"'
    return response


def _caller() -> Caller:
    authorization = request.authorization
    token = None if authorization is None else authorization.token
    if authorization is None or authorization.type != "bearer" or not token:
        raise UnknownTokenError("Send a token as 'Authorization: Bearer …'.")
    with use_scope(system_scope("recognise a token")), transaction():
        return use_token(token)


def _faults(error: ValidationError) -> list[dict[str, str]]:
    return [
        {"name": ".".join(str(part) for part in fault["loc"]), "reason": fault["msg"]}
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    ]
