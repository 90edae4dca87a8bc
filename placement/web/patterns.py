"""Parts of a page that are written from a pattern: rows of lists, the frame.

A macro that only sets values between fixed words is called once, with a mark in the place of each
value; what it gives is kept and filled from then on. Writing fifty rows so takes a tenth of what
calling the macro fifty times takes.
"""

import functools
import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, g, request
from flask_babel import get_locale
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from placement.web.assets import stamp
from placement.web.states import STATES

KEPT = 1024
_MARK = re.compile(r"\[\[(\w+)\]\]")


class Pattern:
    """A text with places for values."""

    def __init__(self, text: str) -> None:
        """Take the text; a value belongs where its name stands as `[[name]]`."""
        pieces = _MARK.split(text)
        self._names = pieces[1::2]
        self._text = "%s".join(piece.replace("%", "%%") for piece in pieces[::2])

    def fill(self, values: Mapping[str, Any]) -> str:
        """The text with the values in it, each escaped unless it is markup."""
        given = [values[name] for name in self._names]
        return self._text % tuple([v if type(v) is Markup else escape(v) for v in given])


def kept(macro: Macro, *key: Any, **values: Any) -> Markup:
    """What a macro writes for `key` and `values`, in the page's language.

    The macro is called once for each `key`, and must do with the values no more than print them:
    all that it decides by belongs into the key. Signs and addresses in it may differ between
    mounts of the application, nothing else from request to request.
    """
    return Markup(_pattern(macro, key, values).fill(values))  # noqa: S704 - filled with escaped values


def kept_lines(macro: Macro, lines: Iterable[Mapping[str, Any]], *key: Any) -> Markup:
    """The same for each of many lines of the same key, one after the other."""
    pattern: Pattern | None = None
    written = []
    for values in lines:
        pattern = pattern or _pattern(macro, key, values)
        written.append(pattern.fill(values))
    return Markup("".join(written))  # noqa: S704 - filled with escaped values


def _pattern(macro: Macro, key: tuple[Any, ...], values: Iterable[str]) -> Pattern:
    place = (str(get_locale()), request.script_root, stamp())
    return _made(macro, key, tuple(values), place)


@functools.lru_cache(maxsize=KEPT)
def _made(macro: Macro, key: tuple[Any, ...], names: tuple[str, ...], _place: Any) -> Pattern:
    marks = {name: Markup("[[{}]]").format(name) for name in names}
    text = str(macro(*key, **marks))
    token = g.get("csrf_token")
    if token and token in text:
        raise RuntimeError(f"the macro {macro.name} would keep the token of one request")
    return Pattern(text)


class SharingTemplate(Template):
    """A template whose macros are made once: all our templates know the same globals.

    Jinja compares the globals of both sides at each import, seven times for a page.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return self._module or super()._get_default_module(ctx)


def init_patterns(app: Flask) -> None:
    """Let templates of `app` keep what their macros write, and draw states."""
    app.jinja_env.template_class = SharingTemplate
    app.jinja_env.globals.update(STATES, kept=kept, kept_lines=kept_lines)
