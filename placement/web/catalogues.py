"""Translations: every room has its own catalogue; they are read as text and merged at start."""

import functools
import io
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g
from flask_babel import Domain, get_locale, get_translations
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

FOLDER = Path(__file__).parent.parent / "translations"
CHINESE = "zh_Hans_CN"
_ENGLISH = NullTranslations()


@functools.cache
def merged_catalogue() -> Catalog:
    """All rooms' Chinese entries in one catalogue; of two rooms that differ, the first counts."""
    merged = Catalog(locale=CHINESE)
    for catalogue in room_catalogues().values():
        for message in catalogue:
            if message.id and message.string and merged.get(message.id) is None:
                merged.add(message.id, message.string)
    return merged


def room_catalogues() -> dict[str, Catalog]:
    """The catalogue of each room, by its file's name."""
    found = {}
    for path in sorted(FOLDER.glob(f"*.{CHINESE}.po")):
        with path.open("rb") as file:
            found[path.name] = read_po(file, locale=CHINESE)
    return found


@functools.cache
def chinese() -> Translations:
    """The merged catalogue, ready to translate."""
    compiled = io.BytesIO()
    write_mo(compiled, merged_catalogue())
    compiled.seek(0)
    return Translations(compiled)


class RoomsDomain(Domain):
    """Gives Flask-Babel the merged catalogue; English needs none, its ids are the texts."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the page's language."""
        locale = get_locale()
        return _ENGLISH if locale is None or locale.language != "zh" else chinese()


def init_translations(app: Flask) -> None:
    """Let templates find the catalogue once a request: a page translates hundreds of texts."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined] # of its i18n extension
        lambda text: _of_request().gettext(text),
        lambda one, many, number: _of_request().ngettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = _translated
    app.jinja_env.globals["ngettext"] = _counted


@pass_context
def _translated(context: Context, message: str, /, **values: Any) -> str:
    """What `_` gives in a template: as Jinja's own, without its three calls for each text."""
    text = _of_request().gettext(message)
    if context.eval_ctx.autoescape:
        text = Markup(text)  # noqa: S704 - of our own catalogue; values are escaped below
    return text % values if values or "%" in text else text


@pass_context
def _counted(context: Context, one: str, many: str, num: int, /, **values: Any) -> str:
    """What `ngettext` gives in a template: as Jinja's own, the count with thousands separators."""
    text = _of_request().ngettext(one, many, num).replace("%(num)d", "%(num)s")
    if context.eval_ctx.autoescape:
        text = Markup(text)  # noqa: S704 - of our own catalogue; values are escaped below
    return text % {"num": f"{num:,}", **values}


def _of_request() -> NullTranslations:
    found: NullTranslations | None = g.get("translations")
    if found is None:
        found = g.translations = get_translations()
    return found
