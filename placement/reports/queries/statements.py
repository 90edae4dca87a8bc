"""The statements that are better read as SQL, from the files beside the rooms."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources

from sqlalchemy import text

from placement.db import db

NO_NESTED_LOOPS = text("SET LOCAL enable_nestloop = off")
"""For statements about given students, whose rows in later steps the planner takes for one."""
_NESTED_LOOPS = text("SET LOCAL enable_nestloop = on")
_PLANNED_ONCE = text(
    "SELECT set_config('enable_nestloop', 'off', true),"
    " set_config('plan_cache_mode', 'force_generic_plan', true)"
)
_PLANNED_ANEW = text(
    "SELECT set_config('enable_nestloop', 'on', true),"
    " set_config('plan_cache_mode', 'force_custom_plan', true)"
)


@cache
def read_sql(name: str) -> str:
    """The statement of `sql/<name>.sql`, without its comments, which name its parameters."""
    file = resources.files("placement.reports") / "sql" / f"{name}.sql"
    return re.sub(r"--.*", "", file.read_text(encoding="utf-8"))


@contextmanager
def planned_for_many() -> Iterator[None]:
    """Read about given students, of whom there may be hundreds."""
    db.session.execute(NO_NESTED_LOOPS)
    yield
    db.session.execute(_NESTED_LOOPS)


@contextmanager
def planned_once() -> Iterator[None]:
    """Read about given students by a plan that the connection keeps from one time to the next."""
    db.session.execute(_PLANNED_ONCE)
    yield
    db.session.execute(_PLANNED_ANEW)
