"""How a parallel run shares the tests out: what uses the same thing goes to the same process.

A process gets whole files, since their tests share what is made once for a file, or whole rooms
whose files share something dear: the planned province, a started browser, compiled rankings. The
longest come first, so that both processes end together.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/browser/test_": "a browser",
    "tests/demo/province/": "the planned province",
    "tests/jobs/": "compiled rankings",
    "tests/desk/test_my_jobs.py": "compiled rankings",
    "tests/desk/test_suggestions.py": "compiled rankings",
}
"""Beginnings of paths whose files go to one process, and what they share."""

LONGEST_FIRST = (
    "tests/browser/",
    "tests/faults/",
    "tests/services/",
    "tests/test_wheel.py",
    "tests/backup/",
    "tests/reports/",
    "tests/demo/",
    "tests/jobs/",
    "tests/access/",
)


def unit_of(nodeid: str) -> str:
    """The unit that a test belongs to: what it shares with other files, or its file."""
    path = nodeid.partition("::")[0]
    return next((name for start, name in TOGETHER.items() if path.startswith(start)), path)


def place_of(item: pytest.Item) -> int:
    """Where a test belongs in the order; equal ones stay in theirs."""
    for place, start in enumerate(LONGEST_FIRST):
        if item.nodeid.startswith(start):
            return place
    return len(LONGEST_FIRST)


class Sharing(LoadScopeScheduling):
    """Gives each process that has little left the next unit, in the order of the collection."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)
