"""DuckDB and pandas on the figures' work: the same history, day, dimensions and categories."""

import datetime as dt
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np

try:
    import duckdb
    import pandas as pd
    from pandas.api.types import union_categoricals
except ImportError:  # run without them
    duckdb = pd = None

from benchmarks.population import CATEGORIES, NEW_YEAR, People, make_people

DIMENSIONS = ("level", "sex", "ethnic", "origin", "university", "college", "county")
NEEDS = ("70", "71", "72")
MEMORY = "6GB"
"""How much DuckDB may take before it spills to disk."""
Measured = tuple[float, int]
"""Seconds of one answer, and how many people are placed in it."""

_TABLES = {
    "versions": ("student_id", *DIMENSIONS),
    "memberships": ("student_id", "category"),
    "outcomes": ("id", "student_id", "code", "day"),
    "verifications": ("outcome_id",),
}
_PEOPLE = f"""
WITH deciding AS (
    SELECT student_id, arg_max(code, (day, o.id)) AS code
    FROM outcomes AS o LEFT JOIN verifications AS v ON v.outcome_id = o.id
    WHERE day <= $day AND (v.outcome_id IS NOT NULL OR code IN {NEEDS})
    GROUP BY student_id
),
members AS (
    SELECT student_id, bit_or(1 << category) AS bits FROM memberships GROUP BY student_id
)
SELECT versions.*, bits, code, student_id % 215 = 0 AS excluded
FROM versions JOIN members USING (student_id) LEFT JOIN deciding USING (student_id)
"""
_SETS = ", ".join(f"({name}, excluded, code)" for name in DIMENSIONS)
_COUNT = f"""
CREATE OR REPLACE TEMP TABLE people AS {_PEOPLE};
CREATE OR REPLACE TEMP TABLE counts AS
SELECT {", ".join(DIMENSIONS)}, excluded, code, count(*) AS everybody,
    {", ".join(f"count(*) FILTER (bits & {1 << n} <> 0) AS {c}" for n, c in enumerate(CATEGORIES))}
FROM people GROUP BY GROUPING SETS ({_SETS}, (excluded, code));
"""


class DuckDB:
    """The history in DuckDB's own tables in memory, two threads; what does not fit it may spill."""

    def __init__(self) -> None:
        self.spill = tempfile.TemporaryDirectory(prefix="duckdb-")
        config = {"threads": 2, "memory_limit": MEMORY, "temp_directory": self.spill.name}
        self.connection = duckdb.connect(config=config)
        self.connection.execute("SET enable_progress_bar = false")
        self.filled = False

    def add(self, made: People) -> None:
        """Add some people's history."""
        for name, frame in frames_of(made).items():
            self.connection.register("more", frame)
            start = "INSERT INTO" if self.filled else "CREATE TABLE"
            middle = "" if self.filled else "AS"
            self.connection.execute(f"{start} {name} {middle} SELECT * FROM more")
        self.filled = True

    def answer(self, day: dt.date) -> Measured:
        """Count everything as of a day."""
        begun = time.perf_counter()
        number = NEW_YEAR + (day - dt.date(day.year, 1, 1)).days
        self.connection.execute(_COUNT.replace("$day", str(number)))
        placed = self.connection.execute(
            f"SELECT sum(everybody) FROM counts WHERE level IS NOT NULL AND NOT excluded"
            f" AND code NOT IN {NEEDS}"
        ).fetchone()
        return time.perf_counter() - begun, int(placed[0])


class Pandas:
    """The history as data frames in memory, texts as categories."""

    def __init__(self) -> None:
        self.parts: dict[str, list[Any]] = {name: [] for name in _TABLES}
        self.tables: dict[str, Any] = {}

    def add(self, made: People) -> None:
        """Add some people's history."""
        for name, frame in frames_of(made).items():
            self.parts[name].append(_compact(frame))

    def answer(self, day: dt.date) -> Measured:
        """Count everything as of a day."""
        if not self.tables:
            self.tables = {name: _joined(parts) for name, parts in self.parts.items()}
            self.parts = {}
        begun = time.perf_counter()
        number = NEW_YEAR + (day - dt.date(day.year, 1, 1)).days
        people = self._people(number)
        own = ["excluded", "code"]
        counts = {name: people.groupby([name, *own], observed=True).size() for name in DIMENSIONS}
        for place in range(len(CATEGORIES)):
            inside = people[people["bits"] & (1 << place) != 0]
            for name in DIMENSIONS:
                counts[f"{place}+{name}"] = inside.groupby([name, *own], observed=True).size()
        level = counts["level"].reset_index(name="people")
        kept = level[~level["excluded"] & ~level["code"].isin([*NEEDS, "none"])]
        return time.perf_counter() - begun, int(kept["people"].sum())

    def _people(self, day: int) -> Any:
        outcomes = self.tables["outcomes"]
        counts = outcomes["id"].isin(self.tables["verifications"]["outcome_id"])
        counts |= outcomes["code"].isin(NEEDS)
        deciding = outcomes[counts & (outcomes["day"] <= day)].sort_values(["day", "id"])
        deciding = deciding.drop_duplicates("student_id", keep="last").set_index("student_id")
        members = self.tables["memberships"]
        weights = 2 ** members["category"].to_numpy()
        bits = np.bincount(members["student_id"], weights=weights).astype(int)
        people = self.tables["versions"]
        code = deciding["code"].reindex(people["student_id"]).cat.add_categories("none")
        return people.assign(
            bits=bits[people["student_id"]],
            code=code.fillna("none").to_numpy(),
            excluded=people["student_id"] % 215 == 0,
        )


def _compact(frame: Any) -> Any:
    """Numbers in four bytes, texts as categories, so that a nation's history fits the memory."""
    for name in frame.columns:
        kind = frame[name].dtype.kind
        frame[name] = frame[name].astype("int32" if kind in "iu" else "category")
    return frame


def _joined(parts: list[Any]) -> Any:
    columns = {}
    for name in parts[0].columns:
        own = [part.pop(name) for part in parts]
        texts = own[0].dtype == "category"
        columns[name] = union_categoricals(own) if texts else pd.concat(own, ignore_index=True)
    return pd.DataFrame(columns)


def frames_of(made: People) -> dict[str, Any]:
    """Some people's history as data frames."""
    texts = {name: getattr(made, name) for name in DIMENSIONS}
    texts["college"] = np.char.decode(made.college, "utf-8")
    categories = [made.ids[made.bits & (1 << place) != 0] for place in range(len(CATEGORIES))]
    return {
        "versions": pd.DataFrame({"student_id": made.ids} | texts),
        "memberships": pd.DataFrame(
            {
                "student_id": np.concatenate(categories),
                "category": np.repeat(np.arange(len(CATEGORIES)), [len(c) for c in categories]),
            }
        ),
        "outcomes": pd.DataFrame(
            {
                "id": made.outcome_ids,
                "student_id": made.outcome_of,
                "code": made.code,
                "day": made.day,
            }
        ),
        "verifications": pd.DataFrame({"outcome_id": made.outcome_ids[made.verified]}),
    }


PEERS: dict[str, Callable[[], DuckDB | Pandas]] = {"DuckDB": DuckDB, "pandas": Pandas}
"""Both need both: DuckDB takes its rows from data frames."""


def measure_peer(
    name: str, people: int, repeats: int, days: Sequence[dt.date]
) -> tuple[list[Measured], float] | None:
    """A peer's answers for some days, and the most memory that it took in MB.

    In a process of its own, so that no peer stands in another's memory. None without the peers.
    """
    if duckdb is None:
        return None
    with ProcessPoolExecutor(1, get_context("spawn")) as alone:
        return alone.submit(_measure, name, people, repeats, days).result()


def _measure(
    name: str, people: int, repeats: int, days: Sequence[dt.date]
) -> tuple[list[Measured], float]:
    peer = PEERS[name]()
    for made in make_people(people):
        peer.add(made)
    peer.answer(days[0])
    answers = [peer.answer(day) for _ in range(repeats) for day in days]
    return answers, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
