"""What the pages of dated entries share: one entry after the other, and the answer to an act."""

import enum
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from placement.db import db, transaction
from placement.errors import NotVisibleError, PlacementError
from placement.web.forms import PlacementForm
from placement.web.news import say_done


class Dated(Protocol):
    """An entry that holds from a day, under a code that stays the same."""

    @property
    def code(self) -> str:
        """What it is, whatever it is called."""


D = TypeVar("D", bound=Dated)
E = TypeVar("E", bound=enum.StrEnum)
R = TypeVar("R")


def by_code(history: Iterable[D]) -> list[list[D]]:
    """The entries of each code in the order of the codes' first, the newest of each first."""
    grouped: dict[str, list[D]] = {}
    for entry in history:
        grouped.setdefault(entry.code, []).insert(0, entry)
    return list(grouped.values())


def last_of(history: Iterable[D], code: str) -> D:
    """The newest entry of a code. Raises NotVisibleError where there is none."""
    found = [entry for entry in history if entry.code == code]
    if not found:
        raise NotVisibleError("There is no such entry.")
    return found[-1]


def list_named(kind: type[E], name: str) -> E:
    """The list that an address names. Raises NotVisibleError where there is none."""
    if name not in set(kind):
        raise NotVisibleError("There is no such list.")
    return kind(name)


def page_language() -> str:
    """The language in which entries are named on this page."""
    return str(get_locale() or "en")


def answer_act(
    form: PlacementForm,
    *,
    act: Callable[[], R],
    said: str,
    undo: Callable[[R], str],
    back: str,
    show: Callable[[], str],
    look: Callable[[], None] | None = None,
) -> ResponseReturnValue:
    """Show a form; when it is sent and right, do its act in a transaction and go `back`.

    `said` is the news after it, `undo` makes the address that takes it back, `show` draws the
    page. With `look` a form is looked at first and its act done only when it says so (`act=do`).
    """
    if form.validate_on_submit():
        try:
            if look is None or request.form.get("act") == "do":
                with transaction():
                    done = act()
                say_done(said, undo=undo(done))
                return redirect(back)
            look()
        except PlacementError as error:
            db.session.rollback()
            form.refuse(error)
    return show(), 422 if form.errors else 200
