"""Stylesheets, scripts and signs: named by their content, sent small, fetched once.

Bootstrap's stylesheet alone is 232 kB as it stands and 31 kB compressed; on a bad line that is
the page. Pages themselves are not compressed here: they hold tokens next to what users typed.
"""

import functools
import gzip
import hashlib
import os
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, request, url_for
from markupsafe import Markup

YEAR = 365 * 24 * 3600
DAY = 24 * 3600
SMALLEST = 1024
_TEXT = (".css", ".js", ".svg")
_SIGN = Markup('<svg class="icon" width="20" height="20" {}><use href="{}#{}"/></svg>')
_SPOKEN = Markup('role="img" aria-label="{}"')
_SILENT = Markup('aria-hidden="true"')


def init_assets(app: Flask) -> None:
    """Name static files by their content in every `url_for`, and send them compressed."""
    app.url_defaults(_add_version)
    app.after_request(_send_small)


def signs_url() -> str:
    """The address of the sheet of signs; a page has dozens, so it is made once a request."""
    url: str | None = g.get("signs_url")
    if url is None:
        url = g.signs_url = _signs_url(stamp(), request.script_root)
    return url


@functools.lru_cache(maxsize=64)
def _signs_url(_stamp: object, _root: str) -> str:
    return url_for("static", filename="icons.svg")


def stamp() -> tuple[int, ...]:
    """When our static files were last changed; what was written with their names holds as long."""
    found: tuple[int, ...] | None = g.get("stamp")
    if found is None:
        paths = _static_files(current_app.static_folder or "")
        found = g.stamp = tuple(os.stat(path).st_mtime_ns for path in paths)
    return found


@functools.lru_cache(maxsize=64)
def _static_files(folder: str) -> tuple[str, ...]:
    return tuple(sorted(str(path) for path in Path(folder).glob("*") if path.is_file()))


def drawn_sign(name: str, label: str = "") -> Markup:
    """A sign of that sheet; `label` is read aloud, without it the sign is decoration."""
    return _drawn(signs_url(), str(name), str(label))


@functools.lru_cache(maxsize=1024)
def _drawn(sheet: str, name: str, label: str) -> Markup:
    # Not a macro: a page has up to a hundred of them.
    return _SIGN.format(_SPOKEN.format(label) if label else _SILENT, sheet, name)


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    path = _path(endpoint, values.get("filename"))
    if path is not None and "v" not in values:
        values["v"] = _version(path, path.stat().st_mtime_ns)


def _send_small(response: Response) -> Response:
    if response.status_code not in {200, 304}:
        return response
    path = _path(str(request.endpoint), (request.view_args or {}).get("filename"))
    if path is None:
        return response
    changed = path.stat().st_mtime_ns
    named = request.args.get("v") == _version(path, changed)
    response.headers["Cache-Control"] = (
        f"public, max-age={YEAR}, immutable" if named else f"public, max-age={DAY}"
    )
    if path.suffix in _TEXT:
        response.vary.add("Accept-Encoding")
        _compress(response, path, changed)
    return response


def _compress(response: Response, path: Path, changed: int) -> None:
    accepted = request.accept_encodings.best_match(["gzip", "identity"]) == "gzip"
    whole = response.status_code == 200 and "Content-Range" not in response.headers
    if not (accepted and whole) or path.stat().st_size < SMALLEST:
        return
    response.close()  # the file that Flask opened
    response.direct_passthrough = False
    response.set_data(_packed(path, changed))
    response.headers["Content-Encoding"] = "gzip"
    etag, _weak = response.get_etag()
    if etag:
        response.set_etag(f"{etag}-gzip")


def _path(endpoint: str, filename: Any) -> Path | None:
    """The file behind a static address; None for anything else."""
    if not filename or not (endpoint == "static" or endpoint.endswith(".static")):
        return None
    blueprint = endpoint.rpartition(".")[0]
    owner = current_app.blueprints[blueprint] if blueprint else current_app
    folder = owner.static_folder
    path = Path(folder) / str(filename) if folder else None
    return path if path is not None and path.is_file() else None


@functools.lru_cache(maxsize=256)
def _version(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


@functools.lru_cache(maxsize=64)
def _packed(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)
