"""Time the recommendations with their database, on a made-up province in servers of its own.

Usage: python benchmarks/recommendations.py [--students N] [--postings N] [--repeats N]

Starts the embedded servers in a folder that is deleted at the end, fills in students who all
look for work, and prints medians: a whole class year computed and written, one student computed
anew, one new posting taken into the lists. The figures to reach on 2 cores with 34,267 students
and 20,000 postings: 60 s and 1 GB, 50 ms, 200 ms.
"""

import argparse
import datetime as dt
import resource
import shutil
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask
from sqlalchemy import text

from placement import migrate
from placement.app import create_app
from placement.config import load_settings
from placement.db import db, system_scope, transaction, use_scope
from placement.jobs.laid_out import live_offers
from placement.jobs.operations import (
    recommend_posting,
    refresh_lists,
    run_recommendations,
)
from placement.jobs.ranking.facts import PostingFacts, SeekerFacts
from placement.services import attach, detach
from tests.jobs.ranking_world import DAY, Size, World, make_world

CLASS_YEAR = DAY.year
NEW_YEAR = dt.date(CLASS_YEAR, 1, 1)


def fill(table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows into a table by way of one without row-level security."""
    driver = db.session.connection().connection.driver_connection
    db.session.execute(
        text(f"CREATE TEMP TABLE filling ON COMMIT DROP AS SELECT {columns} FROM {table} LIMIT 0")
    )
    with driver.cursor() as cursor, cursor.copy(f"COPY filling ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    db.session.execute(
        text(
            f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM filling"
        )
    )
    db.session.execute(text("DROP TABLE filling"))


def fill_students(seekers: list[SeekerFacts]) -> None:
    """Write students with their cases, memberships and wishes."""
    db.session.execute(
        text(
            "INSERT INTO universities (id, code, name) OVERRIDING SYSTEM VALUE"
            " VALUES (1, '90001', '示例大学')"
        )
    )
    fill(
        "students",
        "id, uid, class_year, university_id, student_number, name, name_key, initials, level,"
        " major_code, major, origin_division, standing, id_type",
        (
            (s.id + 1, uuid.uuid4(), CLASS_YEAR, 1, f"{s.id:06d}", "林梅", "lin mei", "lm", s.level,
             s.major_code, s.major_name, s.home, "graduated", "resident")
            for s in seekers
        ),
    )  # fmt: skip
    fill("cases", "student_id, opened_on", ((s.id + 1, NEW_YEAR) for s in seekers))
    fill(
        "memberships",
        "student_id, category, basis, source, state, holds_from, recorded_at, entered_at",
        (
            (s.id + 1, category, "file", "bench", "confirmed", NEW_YEAR, NEW_YEAR, NEW_YEAR)
            for s in seekers
            for category in s.categories
        ),
    )
    fill(
        "wishes",
        "student_id, places, anywhere, salary, occupations, industries, distance_km, skills, needs",
        (
            (s.id + 1, list(s.wishes.places), s.wishes.anywhere, _whole(s.wishes.salary),
             list(s.wishes.occupations), list(s.wishes.industries), _whole(s.wishes.distance_km),
             s.wishes.skills, list(s.wishes.needs))
            for s in seekers
        ),
    )  # fmt: skip


def fill_postings(postings: list[PostingFacts], first: int = 1) -> None:
    """Write postings, and employers where they are not there yet."""
    known = set(db.session.execute(text("SELECT id FROM employers")).scalars())
    fresh = sorted({p.employer_id + 1 for p in postings} - known)
    fill("employers", "id, name, verified_at", ((e, f"示例{e}", NEW_YEAR) for e in fresh))
    fill(
        "postings",
        "id, number, employer_id, title, occupation_code, city, industry, salary_min, salary_max,"
        " openings, level, majors, majors_strict, deadline, description, reserved_for,"
        " accommodations, state",
        (
            (p.id + first, f"{p.id + first}", p.employer_id + 1, p.title, p.occupation, p.city,
             p.industry, _whole(p.salary_min), _whole(p.salary_max), 3, p.level or None,
             list(p.majors), p.majors_strict, p.deadline, p.description, list(p.reserved_for),
             list(p.accommodations), "open")
            for p in postings
        ),
    )  # fmt: skip


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def timed(work: Callable[[], Any]) -> float:
    """Give the seconds that the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def line(what: str, seconds: list[float], note: str = "") -> None:
    """Print a median, the slowest in twenty, and the most memory held so far."""
    ordered = sorted(seconds)
    slow = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    median = statistics.median(seconds) * 1000
    figures = f"median {median:>9.1f} ms  p95 {slow * 1000:>9.1f} ms  peak {peak:>5.0f} MB"
    print(f"{what:<38} {figures}  {note}")


def measure(world: World, fresh: World, repeats: int) -> None:
    """Time the three ways in which lists come about."""
    runs = [
        timed(lambda: print(run_recommendations(CLASS_YEAR, as_of=DAY))) for _ in range(repeats)
    ]
    line("a whole class year", runs)
    offers_seconds = [timed(lambda: live_offers(DAY)) for _ in range(3)]
    line("postings that are laid out already", offers_seconds)
    ids = [s.id + 1 for s in world.seekers[:: max(1, len(world.seekers) // 200)]]

    def refresh(student_id: int) -> None:
        with transaction():
            refresh_lists([student_id], offers=live_offers(DAY), day=DAY)

    refresh(ids[0])
    line("one student", [timed(lambda i=i: refresh(i)) for i in ids], f"{len(ids)} students")
    first = len(world.postings) + 1
    with transaction():
        fill_postings(fresh.postings, first)
    counts = []

    def arrive(posting_id: int) -> None:
        with transaction():
            counts.append(recommend_posting(posting_id, day=DAY))

    arrivals = [timed(lambda p=p: arrive(p.id + first)) for p in fresh.postings]
    line("first new posting", arrivals[:1], "students read and laid out")
    line(
        "one new posting",
        arrivals[1:],
        f"enters {statistics.median(counts[1:]):.0f} lists (median), {max(counts)} at most",
    )


def application(folder: Path) -> Flask:
    """Start servers in a folder and make an application on them."""
    settings = load_settings({}, instance=folder)
    endpoints = attach(settings)
    migrate.upgrade(endpoints.migrate_url)
    return create_app(settings, endpoints=endpoints)


def main() -> None:
    """Read the sizes, fill in a world, measure, and leave nothing behind."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--students", type=int, default=34_267)
    parser.add_argument("--postings", type=int, default=20_000)
    parser.add_argument("--arrivals", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=1)
    wanted = parser.parse_args()
    world = make_world(Size(wanted.students, wanted.postings), seed=7)
    fresh = make_world(Size(1, wanted.arrivals), seed=8)
    folder = Path(tempfile.mkdtemp(prefix="placement-bench-"))
    try:
        app = application(folder)
        with app.app_context(), use_scope(system_scope("benchmark")):
            with transaction():
                fill_students(world.seekers)
                fill_postings(world.postings)
            db.session.execute(text("ANALYZE"))
            db.session.rollback()
            measure(world, fresh, wanted.repeats)
    finally:
        detach(folder, at_once=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
