"""PDF documents: a source of ours and plain data in, bytes out.

Data go in beside the source, never as part of it, so that no name or word of a person is ever
read as markup. The Chinese font comes with a package; nothing is taken from the machine.
"""

import datetime as dt
import json
import logging
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import typst

from placement.errors import PlacementError

FONT_PACKAGE = "manimgx_fonts_cjk"
"""Noto Sans CJK in all weights, under the SIL Open Font License."""

_log = logging.getLogger(__name__)


class DocumentError(PlacementError):
    """A document could not be set."""

    code = "document_failed"
    status = 500


def typeset(name: str, data: Mapping[str, Any], *, made_at: dt.datetime) -> bytes:
    """The PDF that `sources/<name>.typ` makes of `data`.

    `data` is what JSON can hold (text, numbers, lists, dictionaries with text as keys); the
    source reads it as `data`. A drawing goes in as SVG text and is shown by `drawing(data.…)`.
    `made_at` is the moment that the PDF says it was made at, so that the same data give the
    same bytes. Raises DocumentError with the compiler's word in the log.
    """
    source = f"{_source('look')}\n{_source(name)}"
    try:
        made = typst.compile(
            source.encode(),
            font_paths=_fonts(),
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=made_at.astimezone(dt.UTC).replace(microsecond=0),
        )
    except typst.TypstError as error:
        # The data hold what is known of a person; only the compiler's own words are logged.
        _log.error("document %s: %s", name, error.message)
        raise DocumentError("The document could not be made.", remedy="Tell who runs it.") from None
    assert isinstance(made, bytes)  # noqa: S101 - a PDF without a file name comes as bytes
    return made


@cache
def _source(name: str) -> str:
    folder = resources.files(__package__ or "placement.documents") / "sources"
    return (folder / f"{name}.typ").read_text(encoding="utf-8")


@cache
def _fonts() -> typst.Fonts:
    with resources.as_file(resources.files(FONT_PACKAGE)) as folder:
        return typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
        )
