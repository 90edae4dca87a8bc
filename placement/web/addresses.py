"""The addresses in pages: made once for each of their values, since a list writes hundreds."""

import functools
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, has_request_context, request, url_for

KEPT = 4096
_EXTENSION = "placement.addresses"


def init_addresses(app: Flask) -> None:
    """Give `app` its store of addresses, and its templates the quick `url_for`."""

    @functools.lru_cache(maxsize=KEPT, typed=True)
    def known(_root: str, endpoint: str, **values: Any) -> str:
        return url_for(endpoint, **values)

    app.extensions[_EXTENSION] = known
    app.jinja_env.globals["url_for"] = address


def address(endpoint: str, **values: Any) -> str:
    """The path of a page, as `url_for` gives it.

    Only what depends on nothing but these values and where the application is mounted is kept:
    a static file is named by its content, and a whole address depends on the host.
    """
    lasting = not endpoint.endswith("static") and not endpoint.startswith(".")
    plain = not any(name.startswith("_") for name in values)
    if not (lasting and plain and has_request_context()):
        return url_for(endpoint, **values)
    known = current_app.extensions[_EXTENSION]
    try:
        found: str = known(request.script_root, endpoint, **values)
    except TypeError:  # a list cannot be looked up
        return url_for(endpoint, **values)
    return found


def numbered(endpoint: str, name: str, **values: Any) -> Callable[[int], str]:
    """The addresses of one endpoint that differ in a number only, as a list needs them.

    `name` is the number's in the route.
    """
    before, _zero, after = address(endpoint, **{name: 0}, **values).partition("/0")
    return lambda number: f"{before}/{number}{after}"
