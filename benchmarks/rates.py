"""Time the figures: every dimension alone and every category with each, as of a day, known now.

Usage: python benchmarks/rates.py [--people N] [--repeats N] [--without DuckDB] …

Builds a class (benchmarks/population.py) on an embedded database of its own, keeps its facts, and
prints medians: of the seconds within the database, of the whole answer and of the pages, and
the processor time of the application and the database, which other work changes less; with nobody
touched since, with one outcome just written, and with many; by the kept facts, and as
plain SQL over the whole history, which is what an earlier moment is answered by. DuckDB and
pandas do the same work in the same run, on their own tables in memory, if they are installed,
each in a process of its own. With --instance the database is kept, and a second run measures only.
The figures to reach for 34,267 people on 2 cores: 15 ms in the database, 50 ms a page.
"""

import argparse
import datetime as dt
import resource
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.population import MANY, YEAR
from benchmarks.rates_clock import Watch, line, ms, processor_seconds, timed, worked
from benchmarks.rates_database import analyze, class_of
from benchmarks.rates_peers import PEERS, measure_peer
from placement import clock
from placement.accounts.models import Role, SignIn, University, User
from placement.accounts.operations.sign_ins import token_hash
from placement.accounts.queries import viewer_of
from placement.db import db, transaction
from placement.history import recorded
from placement.outcomes.models import Outcome, Reporter
from placement.reports.api.operations import make_token
from placement.reports.checking import check_facts
from placement.reports.dimensions import Dimension, crossing_name
from placement.reports.keeping import keep_facts
from placement.reports.models import TokenScope
from placement.reports.queries.reports import report_rates
from placement.reports.questions import Basis, ask
from placement.reports.snapshots.operations import NothingChangedError, take_snapshot
from placement.reports.snapshots.queries import figures_of, newest_version

DAYS = [dt.date(YEAR, 3, 15), dt.date(YEAR, 6, 30), dt.date(YEAR, 8, 31), dt.date(YEAR, 12, 31)]
EVERY = [(d,) for d in Dimension] + [
    (Dimension.CATEGORY, d) for d in Dimension if d is not Dimension.CATEGORY
]
TIME_FOR_HISTORY = 300
"""Seconds after which the whole history of a nation's class is not waited for any longer."""
HISTORY_ONLY = dt.datetime(YEAR + 1, 6, 1, tzinfo=clock.ZONE)


def keep() -> None:
    """Keep the facts."""
    with transaction():
        keep_facts()


def rates(
    day: dt.date, basis: Basis, *, known_at: dt.datetime | None = None, by: Any = EVERY
) -> Any:
    """One report."""
    return report_rates(ask(YEAR, day, by=by, basis=basis, known_at=known_at))


def measure(label: str, repeats: int, watch: Watch, **asked: Any) -> None:
    """Print the medians of a report over days and bases, and the processor time of one."""
    inside, whole = [], []
    rates(DAYS[0], Basis.VERIFIED, **asked)
    begun = processor_seconds()
    for _ in range(repeats):
        for day in DAYS:
            for basis in Basis:
                watch.seconds = 0.0
                whole.append(timed(lambda day=day, basis=basis: rates(day, basis, **asked)))
                inside.append(watch.seconds)
    line(label, f"database {ms(inside)}", f"answer {ms(whole)}", worked(begun, len(whole)))


def write_outcomes(students: range) -> float:
    """The seconds in which outcomes of some students are written and committed."""

    def write() -> None:
        with transaction():
            told = recorded()
            db.session.add_all(
                Outcome(
                    student_id=number,
                    code="10",
                    effective_on=dt.date(YEAR, 5, 1),
                    reported_by=Reporter.FILE,
                    **told,
                )
                for number in students
            )

    return timed(write)


def pages(app: Any, repeats: int) -> None:
    """Print the medians of what the province opens, and of what a program asks for it."""
    with transaction():
        name = f"province-{secrets.token_hex(4)}"
        user = User(username=name, display_name="省", role=Role.PROVINCE)
        db.session.add(user)
        db.session.flush()
        until = clock.now() + dt.timedelta(days=1)
        db.session.add(SignIn(token_hash=token_hash(name), user_id=user.id, expires_at=until))
        token = make_token(
            viewer_of(user), name="", scope=TokenScope.OWN, days=1, small_counts=True
        )
    client = app.test_client()
    client.set_cookie("placement-sign-in", name)
    headers = {"Authorization": f"Bearer {token}"}
    urls = {
        "page of the province, by university": "/reports/rates?year={}&as_of={}&by=university",
        "page of pictures": "/reports/pictures?year={}&as_of={}",
        "API, by university": "/api/v1/rates?class_year={}&as_of={}&by=university",
    }
    for label, url in urls.items():
        opened(client, url.format(YEAR, DAYS[0]), headers)
        begun, seconds = processor_seconds(), []
        for _ in range(repeats):
            for day in DAYS:
                asked = url.format(YEAR, day)
                seconds.append(timed(lambda asked=asked: opened(client, asked, headers)))
        line(label, ms(seconds), worked(begun, len(seconds)))


def opened(client: Any, url: str, headers: dict[str, str]) -> None:
    """Open a page; it must be there."""
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200, answer.status
    answer.get_data()


def snapshots(people: int, repeats: int) -> None:
    """Print how long freezing figures takes, and reading them; of many people a university's."""
    day = DAYS[-1]
    one = db.session.execute(select(University).order_by(University.id).limit(1)).scalar_one()
    university, number = (one, one.id) if people > MANY else (None, None)
    whose = "a university's" if number else "the class's"

    def take() -> None:
        with transaction():
            take_snapshot(YEAR, day, university=university)

    try:
        line(f"{whose} figures frozen and sealed", f"{timed(take):8.1f} s")
    except NothingChangedError:
        line(f"{whose} figures", "frozen before, and the same")
    snapshot = newest_version(YEAR, day, number)
    assert snapshot is not None
    seconds = [timed(lambda: figures_of(snapshot)) for _ in range(5 * repeats)]
    line(f"a snapshot of {whose} figures read", ms(seconds))


def whole_history(people: int) -> None:
    """Print the medians of plain SQL on the whole history; of many people one answer, if it comes.

    A statement that takes longer than TIME_FOR_HISTORY is given up, and that is said.
    """
    label, asked = "plain SQL on the whole history", {"known_at": HISTORY_ONLY}
    if people <= MANY:
        measure(label, 1, Watch(), **asked)
        return
    limit = f"SET LOCAL statement_timeout = '{TIME_FOR_HISTORY}s'"
    event.listen(db.engine, "begin", lambda connection: connection.exec_driver_sql(limit))
    for by in (EVERY, EVERY[2:3]):
        name = f"{label}, {len(by)} table{'s' if len(by) > 1 else ''}"
        try:
            seconds = timed(lambda by=by: rates(DAYS[-1], Basis.VERIFIED, by=by, **asked))
            line(name, f"{seconds:8.1f} s")
        except OperationalError:
            db.session.rollback()
            line(name, f"given up after {TIME_FOR_HISTORY} s of one statement")


def peers(people: int, repeats: int, without: list[str]) -> None:
    """Print the medians of the peers, one after the other."""
    for name in PEERS:
        found = None if name in without else measure_peer(name, people, repeats, DAYS)
        if found is None:
            line(name, "not measured: not installed, or left out")
            continue
        answers, peak = found
        placed = [number for _, number in answers[: len(DAYS)]]
        seconds = [seconds for seconds, _ in answers]
        line(f"{name}, in memory", ms(seconds), f"placed {placed}   peak memory {peak:.0f} MB")


def run(
    people: int,
    repeats: int,
    without: list[str],
    folder: Path,
    *,
    laid_out: bool = False,
    check_too: bool = True,
) -> None:
    """Build, measure and print everything; of facts laid out what the history would tell is not."""
    with class_of(people, folder, laid_out=laid_out) as app:
        what = "the sums of facts laid out, kept" if laid_out else "facts kept for the first time"
        line(what, f"{timed(keep):8.1f} s")
        analyze(folder)
        watch = Watch()
        placed = [rates(day, Basis.VERIFIED, by=()).total.placed for day in DAYS]
        line("placed on the days", str(placed))
        measure("kept facts, nobody touched", repeats, watch)
        for by in EVERY if people > MANY else EVERY[6:7]:
            measure(f"  {crossing_name(by)} alone", repeats, watch, by=[by])
        measure("  a crossing that has no sums", 1, watch, by=[(Dimension.LEVEL, Dimension.SEX)])
        pages(app, repeats)
        line("one outcome written and committed", f"{write_outcomes(range(1, 2)) * 1000:8.1f} ms")
        measure("kept facts, one touched", repeats, watch)
        write_outcomes(range(2, 301))
        measure("kept facts, 300 touched", repeats, watch)
        if not laid_out:
            line("facts kept again after 300", f"{timed(keep):8.1f} s")
            measure("kept facts, after keeping those 300", repeats, watch)
            snapshots(people, repeats)
            whole_history(people)
            if check_too:
                line("the nightly check", f"{timed(check):8.1f} s")
    peers(people, 1 if people > 1_000_000 else repeats, without)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line("peak memory of this process", f"{peak:8.0f} MB")


def check() -> None:
    """Check the facts; they must agree."""
    with transaction():
        found = check_facts()
    assert found, "somebody else keeps the facts"
    assert all(one.agrees for one in found), found


def main(people: int = 34_267, repeats: int = 5) -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=people)
    parser.add_argument("--repeats", type=int, default=repeats)
    parser.add_argument("--without", action="append", default=[], choices=list(PEERS))
    parser.add_argument("--folder", type=Path, help="where the database may lie meanwhile")
    parser.add_argument("--instance", type=Path, help="a database that is kept, and used again")
    parser.add_argument(
        "--laid-out",
        action="store_true",
        help="lay the facts out from the people, where keeping them from history takes too long",
    )
    parser.add_argument("--no-check", action="store_true", help="leave the nightly check out")
    given = parser.parse_args()
    if given.people > MANY:
        del DAYS[:2]
    asked = (given.people, given.repeats, given.without)
    how = {"laid_out": given.laid_out, "check_too": not given.no_check}
    if given.instance is not None:
        run(*asked, given.instance, **how)
        return
    with tempfile.TemporaryDirectory(prefix="rates-", dir=given.folder) as scratch:
        run(*asked, Path(scratch) / "instance", **how)


if __name__ == "__main__":
    main()
