"""Lists of values for the database as one parameter, however long they are."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, any_, cast
from sqlalchemy.types import TypeEngine


def is_any(
    column: Any, values: Sequence[Any], kind: type[TypeEngine[Any]] = BigInteger
) -> ColumnElement[bool]:
    """The condition that `column` is one of `values`.

    A list of parameters would end at 65,535, and would be another statement for each length.
    """
    condition: ColumnElement[bool] = column == any_(cast(list(values), ARRAY(kind)))
    return condition
