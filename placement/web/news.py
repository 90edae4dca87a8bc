"""News that the next page shows."""

from typing import Any

from flask import flash
from flask_babel import gettext

from placement.errors import PlacementError


def say_done(text: str, *, undo: str = "", swap: str = "") -> None:
    """Tell that an act is done; with `undo`, the address that takes it back by POST.

    `swap` is the id of the part of the page to put in place after undoing.
    """
    message: Any = text if not undo else {"text": text, "undo": undo, "swap": swap}
    flash(message, "success")


def refusal(error: PlacementError) -> str:
    """What was refused and what can be done about it, in the page's language."""
    return sentences(*refusal_parts(error))


def sentences(*texts: str) -> str:
    """Sentences one after the other; a Chinese full stop has its space in it."""
    return " ".join(text for text in texts if text).replace("。 ", "。")


def refusal_parts(error: PlacementError) -> tuple[str, str]:
    """What was refused, and what can be done about it ("" for nothing), in the page's language."""
    message, remedy = (
        gettext(text, **error.values) if text else ""
        for text in (error.message_id, error.remedy_id)
    )
    return message, remedy
