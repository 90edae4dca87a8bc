"""Which views make files that may be large, and what they answer when one is."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, g, render_template, request
from sqlalchemy import Select, func, select

from placement.db import db

LARGE = "_may_be_large"


def count_of(selected: Select[Any]) -> int:
    """How many rows a select has."""
    counted = select(func.count()).select_from(selected.order_by(None).subquery())
    return int(db.session.execute(counted).scalar_one())


def may_be_large(count: Callable[..., int]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a view make small files at once and have a worker make large ones.

    `count` takes what the view takes and says how many rows the file would have, in a fraction
    of the time that it takes to make. Above `PLACEMENT_EXPORT_ROWS` the answer is a page with a
    button. A worker that makes the file calls the same view, so that both files are one.
    """

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(**values: Any) -> Any:
            rows = count(**values)
            if "tell_rows" in g:
                g.tell_rows(rows)
            elif rows > current_app.config["SETTINGS"].export_rows:
                address = request.full_path.rstrip("?")
                return render_template("exporting/ask.html", rows=rows, address=address)
            return view(**values)

        setattr(guarded, LARGE, True)
        return guarded

    return guard
