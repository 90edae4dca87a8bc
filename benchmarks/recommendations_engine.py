"""Time the engine of recommendations without a database, on a made-up province.

Usage: python benchmarks/recommendations_engine.py [--students N] [--postings N] [--repeats N]

Prints medians and the peak memory of the process. The first run on a machine compiles the walk;
that is shown on its own line. The figures to reach on 2 cores: all lists in 60 s (aim 15 s) and
1 GB, one student 50 ms, one new posting 200 ms, laying out 20,000 postings 2 s.
"""

import argparse
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from placement.jobs.ranking.arrival import candidates_for_posting
from placement.jobs.ranking.batch import recommend_all
from placement.jobs.ranking.explain import explain_all
from placement.jobs.ranking.postings import prepare
from placement.jobs.ranking.results import Options
from placement.jobs.ranking.seekers import prepare_seekers
from placement.jobs.ranking.single import recommend_one
from tests.jobs.ranking_world import DAY, Size, World, make_world

ONE_BY_ONE = 200


def timed(repeats: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """Give the median of the seconds that the work takes, and its last answer."""
    seconds = []
    answer = None
    for _ in range(repeats):
        started = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds), answer


def peak_megabytes() -> float:
    """Give the most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def line(what: str, seconds: float, note: str = "") -> None:
    """Print one figure."""
    print(f"{what:<46} {seconds * 1000:>10.1f} ms  peak {peak_megabytes():>5.0f} MB  {note}")


def measure(world: World, repeats: int) -> None:
    """Run every entry point over the world."""
    seconds, prepared = timed(
        repeats, lambda: prepare(world.postings, day=DAY, tables=world.tables)
    )
    line("prepare postings", seconds, f"{len(prepared)} live")
    seconds, seekers = timed(
        repeats,
        lambda: prepare_seekers(world.seekers, weights=prepared.weights, tables=world.tables),
    )
    line("prepare students", seconds)
    seconds, _ = timed(
        1,
        lambda: recommend_all(
            prepared,
            prepare_seekers(world.seekers[:50], weights=prepared.weights, tables=world.tables),
        ),
    )
    line("first call (loads or compiles the walk)", seconds)
    for pool in (100, 300):
        options = Options(pool=pool)
        seconds, found = timed(
            repeats, lambda options=options: recommend_all(prepared, seekers, options=options)
        )
        line(f"all lists, 10 of the best {pool}", seconds, f"{len(found)} students")
    seconds, _ = timed(
        1, lambda: sum(1 for _ in explain_all(prepared, seekers, found, options.rule))
    )
    line("reasons of all lists", seconds)
    step = max(1, len(world.seekers) // ONE_BY_ONE)
    each(
        "one student, with preparing the student",
        world.seekers[::step],
        lambda seeker: recommend_one(prepared, seeker),
    )
    each(
        "one new posting against all students",
        world.postings[:: max(1, len(world.postings) // ONE_BY_ONE)],
        lambda posting: candidates_for_posting(
            posting, seekers, day=posting.deadline, weights=prepared.weights, tables=world.tables
        ),
    )


def each(what: str, items: list[Any], work: Callable[[Any], Any]) -> None:
    """Print median and 95th percentile of a piece of work done once for each item."""
    seconds = [timed(1, lambda item=item: work(item))[0] for item in items]
    tail = statistics.quantiles(seconds, n=20)[-1]
    line(what, statistics.median(seconds), f"p95 {tail * 1000:.1f} ms, n {len(seconds)}")


def main() -> None:
    """Read the sizes, make the world and measure."""
    parser = argparse.ArgumentParser(description="Time the engine of recommendations.")
    parser.add_argument("--students", type=int, default=34_267)
    parser.add_argument("--postings", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seed", type=int, default=2016)
    given = parser.parse_args()
    world = make_world(Size(given.students, given.postings), given.seed)
    print(f"{given.students} students, {given.postings} postings, {os.cpu_count()} cores")
    line("(made the world)", 0.0)
    measure(world, given.repeats)


if __name__ == "__main__":
    main()
