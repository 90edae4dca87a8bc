"""Selects that every page asks: compiled once in a process, and asked of the driver as they are.

SQLAlchemy looks at the whole of a statement to find what it has compiled of it before, which takes
longer than a list takes to answer. What is different each time is a parameter without a value.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, Select

from placement.db import db


class Kept:
    """A select of columns, not of rows of a model, that is compiled when it is first asked.

    Its values are of kinds that the driver writes and reads itself: numbers, texts (members of
    enumerations among them), days, moments, and lists of these.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        """Take the select; its open parameters are those that have no value."""
        self._statement = statement
        self._sql = ""
        self._fixed: dict[str, Any] = {}
        self._open: tuple[str, ...] = ()

    def ask(self, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Ask with the values of its parameters; those of others may stand among them."""
        connection = db.session.connection()
        if not self._sql:
            made = self._statement.compile(dialect=connection.dialect)
            self._open = tuple(name for name, bind in made.binds.items() if bind.required)
            whole = made.construct_expanded_state({name: values[name] for name in self._open})
            self._fixed, self._sql = dict(whole.parameters), whole.statement
        given = {**self._fixed, **{name: values[name] for name in self._open}}
        return connection.exec_driver_sql(self._sql, given)
