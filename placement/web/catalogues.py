"""Translations: every room has its own catalogue; they are read as text and merged at start."""

import functools
import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask_babel import Domain, get_locale

FOLDER = Path(__file__).parent.parent / "translations"
CHINESE = "zh_Hans_CN"


@functools.cache
def merged_catalogue() -> Catalog:
    """All rooms' Chinese entries in one catalogue. Raises ValueError where two rooms differ."""
    merged = Catalog(locale=CHINESE)
    for path in sorted(FOLDER.glob(f"*.{CHINESE}.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=CHINESE):
                if message.id:
                    _add(merged, message.id, message.string, path.name)
    return merged


def _add(merged: Catalog, message_id: object, string: object, room: str) -> None:
    before = merged.get(message_id)
    if before is not None and before.string != string:
        raise ValueError(
            f"{room}: {message_id!r} is {string!r} here and {before.string!r} before"
        )
    merged.add(message_id, string)


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
        return chinese() if str(get_locale()) == CHINESE else NullTranslations()
