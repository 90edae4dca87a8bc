"""The statements that are better read as SQL, from the files beside the rooms."""

import re
from functools import cache
from importlib import resources


@cache
def read_sql(name: str) -> str:
    """The statement of `sql/<name>.sql`, without its comments, which name its parameters."""
    file = resources.files("placement.reports") / "sql" / f"{name}.sql"
    return re.sub(r"--.*", "", file.read_text(encoding="utf-8"))
