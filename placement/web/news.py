"""News that the next page shows."""

from typing import Any

from flask import flash


def say_done(text: str, *, undo: str = "", swap: str = "") -> None:
    """Tell that an act is done; with `undo`, the address that takes it back by POST.

    `swap` is the id of the part of the page to put in place after undoing.
    """
    message: Any = text if not undo else {"text": text, "undo": undo, "swap": swap}
    flash(message, "success")
