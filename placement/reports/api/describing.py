"""The description of the API (OpenAPI 3.1), made of the definitions that check and answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from placement.reports.api.schemas import Problem

PROBLEM_TYPE = "application/problem+json"
_REF = "#/components/schemas/{model}"
_REFUSALS = {
    "401": "No token, or one that does not work.",
    "403": "The token does not open this.",
    "404": "There is no such thing for this token.",
    "409": "The moment may still change.",
    "422": "The question cannot be read.",
    "429": "Too many questions in this minute.",
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One question of the API."""

    name: str
    path: str
    summary: str
    description: str
    query: type[BaseModel]
    answer: type[BaseModel]
    own_only: bool = False
    """Whether only a token for its maker's own figures opens it."""


def description_of(endpoints: Sequence[Endpoint], *, version: str) -> dict[str, Any]:
    """The OpenAPI document as plain data."""
    models = [(endpoint.answer, "serialization") for endpoint in endpoints]
    models.append((Problem, "serialization"))
    # Pydantic takes each model once for each use.
    _, definitions = models_json_schema(dict.fromkeys(models), ref_template=_REF)  # type: ignore[arg-type] # a dict gives its keys in order
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Placement figures",
            "version": version,
            "description": (
                "Figures only, never persons. Counts that would tell too much of somebody are null."
            ),
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": {_openapi_path(found.path): {"get": _operation(found)} for found in endpoints},
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "description": endpoint.description,
        "parameters": [*_path_parameters(endpoint.path), *_query_parameters(endpoint.query)],
        "responses": {
            "200": {
                "description": "The answer.",
                "headers": {
                    "RateLimit-Remaining": {
                        "description": "Questions left in this minute.",
                        "schema": {"type": "integer"},
                    }
                },
                "content": {"application/json": {"schema": _reference(endpoint.answer)}},
            },
            **{
                status: {
                    "description": words,
                    "content": {PROBLEM_TYPE: {"schema": _reference(Problem)}},
                }
                for status, words in _REFUSALS.items()
            },
        },
    }


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}


def _openapi_path(path: str) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
            if kind == "int:"
            else {"type": "string", "pattern": r"^[a-z][a-z+]{0,60}$"},
        }
        for kind, name in re.findall(r"<(\w+:)?(\w+)>", path)
    ]


def _query_parameters(query: type[BaseModel]) -> list[dict[str, Any]]:
    schema = query.model_json_schema()
    shared = schema.get("$defs", {})
    required = set(schema.get("required", ()))
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": found.get("description", ""),
            "schema": _plain(found, shared),
        }
        for name, found in schema["properties"].items()
    ]


def _plain(schema: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """A word of an address: what may be left out is left out, and never says null."""
    if "$ref" in schema:
        schema = shared[schema["$ref"].rpartition("/")[2]] | {
            key: value for key, value in schema.items() if key != "$ref"
        }
    choices = [found for found in schema.get("anyOf", ()) if found.get("type") != "null"]
    if len(choices) == 1:
        schema = choices[0]
    left_out = {"title", "description", "anyOf"}
    return {
        key: value
        for key, value in schema.items()
        if key not in left_out and not (key == "default" and value is None)
    }
