"""Selects that every page asks, made once in a process; some are asked of the driver as they are.

SQLAlchemy looks at the whole of a statement to find what it has compiled of it before, which takes
longer than a list takes to answer. What is different each time is a parameter without a value.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Select, and_, func, select
from sqlalchemy.sql.base import ExecutableOption

from placement.db import Base, db


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


class SideBySide:
    """The rows of each kind that meet its condition, by their numbers, in one statement for all.

    For pages of many small lists. A row of the answer holds a row of one kind only, so that their
    counts add up where a join would multiply them. It is made once and read often: making it takes
    longer than it takes the database to answer, so that what differs each time is a parameter.
    """

    def __init__(
        self, kinds: Mapping[type[Base], ColumnElement[bool]], *options: ExecutableOption
    ) -> None:
        """Take the condition of each kind, and options that load what hangs on the rows."""
        series = func.generate_series(0, len(kinds) - 1).table_valued("place", name="kinds")
        series = series.render_derived()
        statement: Select[*tuple[Any, ...]] = select(*kinds).select_from(series)
        for place, (kind, condition) in enumerate(kinds.items()):
            statement = statement.outerjoin(kind, and_(series.c.place == place, condition))
        self._kinds, self._statement = tuple(kinds), statement.options(*options)

    def read(self, **values: Any) -> dict[type[Base], list[Any]]:
        """Read the rows of each kind for the values of the parameters."""
        rows = db.session.execute(self._statement, values).all()
        found = {
            kind: {row[place].id: row[place] for row in rows if row[place] is not None}
            for place, kind in enumerate(self._kinds)
        }
        return {kind: [by_id[number] for number in sorted(by_id)] for kind, by_id in found.items()}
