"""The database: the base of the models, the scope of every transaction, the only commit.

No transaction begins without a scope. The scope goes into the transaction's settings, where
row-level security reads it: a forgotten filter shows nothing, and a forgotten scope raises.
"""

import datetime as dt
import enum
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import psycopg
from flask_sqlalchemy import SQLAlchemy
from psycopg.pq import TransactionStatus
from sqlalchemy import (
    BigInteger,
    Connection,
    Date,
    DateTime,
    Enum,
    Identity,
    LargeBinary,
    Numeric,
    PoolProxiedConnection,
    Row,
    Text,
    TextClause,
    Uuid,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    SessionTransaction,
    mapped_column,
)

from placement import clock, queue
from placement.errors import ScopeMissingError


class ScopeKind(enum.StrEnum):
    """Whose eyes a transaction reads with."""

    SYSTEM = "system"
    PROVINCE = "province"
    UNIVERSITY = "university"
    COUNSELOR = "counselor"
    STUDENT = "student"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a transaction may see; row-level security reads the same values."""

    kind: ScopeKind
    user_id: int | None = None
    university_id: int | None = None
    colleges: tuple[str, ...] = ()
    student_id: int | None = None
    reason: str = ""


def system_scope(reason: str) -> Scope:
    """The scope of the program's own work, such as an import or a sweep; `reason` says which."""
    return Scope(kind=ScopeKind.SYSTEM, reason=reason)


_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)


class Base(DeclarativeBase):
    """Base of every model: a row with a number; enumerations stored by value."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, sort_order=-1)


Base.registry.update_type_annotation_map(
    {
        int: BigInteger,
        str: Text,
        bytes: LargeBinary,
        Decimal: Numeric,
        dt.date: Date,
        dt.datetime: DateTime(timezone=True),
        uuid.UUID: Uuid,
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        list[str]: ARRAY(Text),
        list[int]: ARRAY(BigInteger),
        enum.StrEnum: Enum(
            enum.StrEnum,
            native_enum=False,
            length=40,
            create_constraint=False,
            values_callable=lambda members: [member.value for member in members],
        ),
    }
)
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

SQL_NOW = text("placement_now()")

_OPEN = text(
    "SELECT set_config('placement.clock_offset', :offset, true),"
    " set_config('placement.scope', :kind, true),"
    " set_config('placement.scope_user', :user, true),"
    " set_config('placement.scope_university', :university, true),"
    " set_config('placement.scope_colleges', :colleges, true),"
    " set_config('placement.scope_student', :student, true),"
    " placement_now()"
)


def current_scope() -> Scope | None:
    """The scope in force, if any."""
    return _scope.get()


def enter_scope(scope: Scope | None) -> None:
    """Set the scope of all that follows in this request; what was read under another ends."""
    if db.session.registry.has():
        db.session.rollback()
    _scope.set(scope)


@contextmanager
def use_scope(scope: Scope) -> Iterator[None]:
    """Read and write with `scope` inside, and with the one before after it.

    A transaction that is open goes on under the new scope.
    """
    before = _scope.get()
    _scope.set(scope)
    _reapply()
    try:
        yield
    finally:
        _scope.set(before)
        if before is None:
            db.session.rollback()
        else:
            _reapply()


def open_as(
    opening: TextClause, values: Mapping[str, Any], scope_of: Callable[[Row[Any]], Scope]
) -> Row[Any] | None:
    """Begin a transaction by a statement that sets its scope itself, and go on under that scope.

    The statement takes `offset` beside `values` and answers with the transaction's moment first.
    None, with neither transaction nor scope, if it finds no row.
    """
    enter_scope(None)
    session = db.session()
    session.expire_all()
    session.info["opens_itself"] = True
    given = {"offset": f"{clock.offset().total_seconds()} seconds", **values}
    row = session.connection().execute(opening, given).one_or_none()
    if row is None:
        session.rollback()
    else:
        session.info["now"] = row[0]
        _scope.set(scope_of(row))
    return row


def _reapply() -> None:
    if db.session.registry.has() and db.session().in_transaction():
        connection = db.session.connection()
        # One that failed can only be rolled back; asking it would hide why it failed.
        if _driver(connection.connection).info.transaction_status is TransactionStatus.INTRANS:
            _apply_scope(db.session(), connection)


def _apply_scope(session: Session, connection: Connection) -> None:
    scope = _scope.get()
    if scope is None:
        raise ScopeMissingError("a transaction began without a scope")
    row = connection.execute(_OPEN, _values_of(scope)).one()
    session.info["now"] = row[-1]


def _values_of(scope: Scope) -> dict[str, str]:
    return {
        "offset": f"{clock.offset().total_seconds()} seconds",
        "kind": scope.kind.value,
        "user": str(scope.user_id or ""),
        "university": str(scope.university_id or ""),
        "colleges": "\x1f".join(scope.colleges),
        "student": str(scope.student_id or ""),
    }


@contextmanager
def side_transaction(reason: str) -> Iterator[Connection]:
    """A transaction beside the session's, under the program's scope, for what is seen at once."""
    with db.engine.begin() as connection:
        connection.execute(_OPEN, _values_of(system_scope(reason)))
        yield connection


def _driver(pooled: PoolProxiedConnection) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", pooled.driver_connection)


@event.listens_for(db.session, "after_begin")
def _scope_transaction(
    session: Session, transaction: SessionTransaction, connection: Connection
) -> None:
    """Hand the scope to the database before the first statement of each transaction."""
    if not transaction.nested and not session.info.pop("opens_itself", False):
        _apply_scope(session, connection)


def _transaction_start() -> dt.datetime:
    db.session().connection()
    moment: dt.datetime = db.session().info["now"]
    return moment


clock.use_source(_transaction_start)


@contextmanager
def transaction() -> Iterator[None]:
    """Commit the work of one request or task, then hand its jobs to the queue."""
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        queue.discard()
        raise
    queue.flush()


@contextmanager
def own_connection(scope: Scope) -> Iterator[psycopg.Connection[Any]]:
    """Open a connection beside the session, with `scope` for as long as it lives.

    Each statement is a transaction of its own, in one trip to the server: for the sender of
    notices, which commits once a message, and for advisory locks that outlive a transaction.
    It is closed at the end, which frees the locks.
    """
    pooled = db.engine.raw_connection()
    connection = _driver(pooled)
    pooled.detach()
    try:
        connection.autocommit = True
        connection.execute(
            "SELECT set_config('placement.clock_offset', %s, false),"
            " set_config('placement.scope', %s, false)",
            [f"{clock.offset().total_seconds()} seconds", scope.kind.value],
        )
        yield connection
    finally:
        connection.close()
