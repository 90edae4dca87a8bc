"""Time the pages of the desk over the whole province, and count what they ask the database.

Usage: python benchmarks/pages.py [--instance FOLDER] [--students N] [--repeats N] [--show PAGE]

The demo province is loaded into FOLDER, or into a folder that is gone afterwards; a folder that
holds it is used as it is. Printed for each page, signed in as who opens it: the median of the
server's time in milliseconds (the application in this process, rights, queries, audit event with
its commit, template), what of it was processor time of the application and of the database
(the rest is waiting: for the disk, and on a shared machine for others), and the number of SQL
statements. `--show` also prints the statements of one page with the milliseconds of each. The
figures to reach on 2 cores: 30 ms and 12 statements, 50 ms for a notice on its way to 34,267.
"""

import argparse
import dataclasses
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from demo_province import STUDENTS, demo_province, token_of
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from placement import clock
from placement.accounts.models import Role, User
from placement.accounts.queries import viewer_of
from placement.cases.models import Case
from placement.cases.queries import visible_cases
from placement.db import db, system_scope, transaction, use_scope
from placement.notices.models import Channel, Delivery, Notice, NoticeKind
from placement.notices.operations.announcement import Announcement
from placement.notices.operations.announcing import announce
from placement.students.models import Student

WARMING = 5
FAIR = {
    "title": "春季招聘会",
    "on": "2016-11-26",
    "time": "09:00",
    "place": "福州",
    "description": "",
    "path": "/fairs/1",
}
PAGES_OF = (Role.COUNSELOR, Role.UNIVERSITY, Role.PROVINCE, Role.STUDENT)
Statement = tuple[str, float]


@dataclass(frozen=True)
class Opened:
    """What opening a page took: milliseconds in all and of processor time, and its statements."""

    median: float
    busy: float
    database: float
    statements: list[Statement]
    status: int


@contextmanager
def statements_of(app: Flask) -> Iterator[list[Statement]]:
    """Collect every statement with its milliseconds until the server has answered."""
    found: list[Statement] = []
    begun = [0.0]

    def before(*_of_the_driver: Any) -> None:
        begun[0] = time.perf_counter()

    def after(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append((statement, (time.perf_counter() - begun[0]) * 1000))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)


def announce_to_all(app: Flask) -> int:
    """A notice to everybody in the province, made unless it is there; its number."""
    with app.app_context(), use_scope(system_scope("benchmark")):
        known = db.session.execute(
            select(Notice.id)
            .join(Delivery, Delivery.notice_id == Notice.id)
            .group_by(Notice.id)
            .having(func.count() >= STUDENTS)
            .limit(1)
        ).scalar_one_or_none()
        if known is not None:
            return known
        fair = Announcement(
            kind=NoticeKind.FAIR,
            subject_id=None,
            values=FAIR,
            channels=(Channel.MAIL,),
            audience={},
            expires_at=clock.now() + dt.timedelta(hours=48),
        )
        people = select(Student.id).where(Student.class_year == 2016).limit(STUDENTS)
        # Nobody sends here: the pages are what is timed.
        outlet = dataclasses.replace(app.config["SETTINGS"], smtp_url="smtp://127.0.0.1:25")
        with transaction():
            made = announce(people, fair, actor=None, settings=outlet)
        return made.notice_id or 0


def pages_of(app: Flask) -> list[tuple[str, str, str]]:
    """What to open: its label, whose page it is, its address."""
    counselor, university, province, student = (role.value for role in PAGES_OF)
    notice_id = announce_to_all(app)
    case_id, asked = someone_of(app, counselor)
    return [
        ("Today", counselor, "/today"),
        ("case", counselor, f"/cases/{case_id}"),
        ("own plan", student, "/my/plan"),
        ("own jobs", student, "/my/jobs"),
        ("students of a caseload", counselor, "/students"),
        ("students of a university", university, "/students"),
        ("… class of 2016", university, "/students?year=2016"),
        ("students of the province", province, "/students?year=2016"),
        ("… last page", province, "/students?year=2016&page=680"),
        *searches(asked, counselor, province),
        ("search box", university, f"/search?q={quote(asked['family name'])}"),
        ("overview of a university", university, "/overview"),
        ("overview of the province", province, "/overview?year=2016"),
        ("postings", counselor, "/jobs"),
        ("fairs", counselor, "/fairs"),
        ("outcomes to verify", university, "/outcomes"),
        ("notice to 34,267", province, f"/notices/{notice_id}"),
    ]


def someone_of(app: Flask, username: str) -> tuple[int, dict[str, str]]:
    """The case that a counselor is to look at next, and by what its student can be found."""
    with app.app_context(), use_scope(system_scope("benchmark")):
        counselor = db.session.execute(select(User).where(User.username == username)).scalar_one()
        open_cases = visible_cases(viewer_of(counselor)).where(Case.closed_on.is_(None))
        first = open_cases.order_by(Case.next_contact_on, Case.id).limit(1)
        case = db.session.execute(first).scalar_one()
        person = case.student
        return case.id, {
            "family name": person.name[0],
            "name": person.name,
            "pinyin": person.name_key,
            "initials": person.initials,
            "number": person.student_number,
            "last four": str(person.id_number)[-4:],
            "phone": str(person.mobile),
        }


def searches(asked: dict[str, str], *roles: str) -> Iterator[tuple[str, str, str]]:
    """The box that finds a person by whatever is at hand, asked by each role."""
    for what, text in asked.items():
        for role in roles:
            yield f"search by {what}", role, f"/students?q={quote(text)}"


def database_seconds(app: Flask) -> float:
    """The processor time of the database process behind the only connection of this one."""
    with app.app_context(), use_scope(system_scope("benchmark")):
        process = db.session.execute(select(func.pg_backend_pid())).scalar_one()
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def time_page(client: FlaskClient, url: str, repeats: int) -> Opened:
    """Open a page so many times."""
    app = client.application
    for _ in range(WARMING):
        client.get(url)
    taken, busy, database = [], time.process_time(), database_seconds(app)
    for _ in range(repeats):
        began = time.perf_counter()
        answer = client.get(url)
        taken.append((time.perf_counter() - began) * 1000)
    busy, database = time.process_time() - busy, database_seconds(app) - database
    with statements_of(app) as found:
        client.get(url)
    each = 1000 / repeats
    return Opened(statistics.median(taken), busy * each, database * each, found, answer.status_code)


def main() -> None:
    """Open every page so many times and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--instance", type=Path)
    parser.add_argument("--students", type=int, default=STUDENTS)
    parser.add_argument("--repeats", type=int, default=30)
    parser.add_argument("--show", default="", help="the label of a page")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="placement-pages-") as scratch:
        instance = given.instance or Path(scratch)
        with demo_province(instance, given.students) as app:
            measure(app, given)


def measure(app: Flask, given: argparse.Namespace) -> None:
    """Print the figures of every page."""
    pages = pages_of(app)
    tokens = {role: token_of(app, role) for role in sorted({role for _, role, _ in pages})}
    print(f"{'page':26} {'as':10}  median  application  database  statements")
    for label, role, url in pages:
        if given.show and given.show != label:
            continue
        client = app.test_client()
        client.set_cookie("placement-sign-in", tokens[role])
        opened = time_page(client, url, given.repeats)
        mark = "" if opened.status in {200, 302} else f"  (status {opened.status})"
        print(
            f"{label:26} {role:10} {opened.median:5.1f} ms {opened.busy:9.1f} ms"
            f" {opened.database:6.1f} ms {len(opened.statements):11}{mark}",
            flush=True,
        )
        if given.show:
            for statement, milliseconds in opened.statements:
                print(f"  {milliseconds:6.2f} ms  {' '.join(statement.split())}")


if __name__ == "__main__":
    main()
