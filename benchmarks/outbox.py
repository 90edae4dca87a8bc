"""Time the outbox: announce to a register, and send to a local mail server that takes everything.

Usage: python benchmarks/outbox.py [--people N] [--senders N ...] [--repeats N]

Starts servers of its own, durable as in use: fsync and synchronous_commit stay on. Prints the
median of the announcements, mails a second for each number of senders, and in the same run what
django-post_office and a bare SMTP loop get from the same mail server. The figures to reach on 2
cores: 34,267 queued in 2 s, 1,000 mails a second.
"""

import argparse
import dataclasses
import datetime as dt
import importlib.util
import multiprocessing
import shutil
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from placement import clock, migrate
from placement.app import create_app
from placement.config import Settings, load_settings
from placement.db import db, system_scope, transaction, use_scope
from placement.demo.mail_sink import run_mail_sink
from placement.notices.models import Channel, NoticeKind
from placement.notices.operations.announcement import Announcement
from placement.notices.operations.announcing import announce
from placement.notices.sender import Orders, drain
from placement.services import Endpoints, Instance, attach, detach, superuser_url
from placement.students.models import Student
from tests.faults.crowd import make_crowd

SPAWN = multiprocessing.get_context("spawn")
FAIR = {
    "title": "春季招聘会",
    "on": "2016-11-26",
    "time": "09:00",
    "place": "福州",
    "description": "",
    "path": "/fairs/1",
}


def serve(folder: Path, pipe: Connection) -> None:
    """Run the mail server until it is ended."""
    run_mail_sink(folder, 0, ready=pipe.send)


@contextmanager
def mail_server(folder: Path) -> Iterator[int]:
    """A mail server in a process of its own; its port."""
    here, there = SPAWN.Pipe()
    process = SPAWN.Process(target=serve, args=(folder / "mail", there))
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


def tell(number: int, settings: Settings) -> float:
    """Announce one fair to everybody; the seconds it took, commit included."""
    fair = Announcement(
        kind=NoticeKind.FAIR,
        subject_id=number,
        values=FAIR,
        channels=(Channel.MAIL,),
        audience={},
        expires_at=clock.now() + dt.timedelta(hours=48),
    )
    db.session.rollback()
    began = time.perf_counter()
    with transaction():
        announce(select(Student.id), fair, actor=None, settings=settings)
    return time.perf_counter() - began


def send(
    slot: int, settings: Settings, endpoints: Endpoints, start: object, pipe: Connection
) -> None:
    """Be one sender from the starting sign until nothing is due."""
    app = create_app(settings, endpoints=endpoints)
    with app.app_context():
        start.wait()  # type: ignore[attr-defined] # a barrier of another process
        drain(Channel.MAIL, slot, Orders(settings=settings, seconds=3600))
    pipe.send(slot)


def send_all(senders: int, settings: Settings, endpoints: Endpoints) -> float:
    """Let so many senders empty the outbox; the seconds from the sign to the last of them."""
    start = SPAWN.Barrier(senders + 1)
    pipes = [SPAWN.Pipe() for _ in range(senders)]
    processes = [
        SPAWN.Process(target=send, args=(slot, settings, endpoints, start, there))
        for slot, (_here, there) in enumerate(pipes)
    ]
    for process in processes:
        process.start()
    start.wait()
    began = time.perf_counter()
    for here, _there in pipes:
        here.recv()
    took = time.perf_counter() - began
    for process in processes:
        process.join()
    return took


def bare_loop(port: int, mails: int) -> float:
    """Send as the standard library alone does, over one connection; the seconds it took."""
    text = "Subject: x\r\nMessage-ID: <{}@bare>\r\n\r\n" + "line\r\n" * 300
    with smtplib.SMTP("127.0.0.1", port) as client:
        began = time.perf_counter()
        for number in range(mails):
            client.sendmail("a@b.example", [f"s{number}@c.example"], text.format(number))
        return time.perf_counter() - began


def run_peer(settings: Settings, port: int, mails: int) -> None:
    """Let django-post_office send as many in two processes, where it is installed."""
    if importlib.util.find_spec("post_office") is None:
        print("django-post_office: not installed (pip install '.[benchmarks]')")
        return
    url = superuser_url(Instance.at(settings.instance)).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as superuser:
        superuser.execute("CREATE DATABASE peer")
    words = [f"{url.rpartition('/')[0]}/peer", str(port), str(mails), "2"]
    script = str(Path(__file__).with_name("outbox_peer.py"))
    subprocess.run([sys.executable, script, *words], check=False)


def measure(
    app: Flask, settings: Settings, endpoints: Endpoints, given: argparse.Namespace
) -> None:
    """Print the figures."""
    url = endpoints.migrate_url.replace("+psycopg", "")
    super_url = superuser_url(Instance.at(settings.instance)).replace("+psycopg", "")
    super_url = super_url.rpartition("/")[0] + "/" + url.rpartition("/")[2]
    with app.app_context(), use_scope(system_scope("benchmark")):
        with psycopg.connect(super_url, autocommit=True) as superuser:
            make_crowd(superuser, given.people)
            seconds = []
            for number in range(given.repeats):
                superuser.execute("TRUNCATE notices, deliveries, delivery_events CASCADE")
                seconds.append(tell(number, settings))
            median = statistics.median(seconds)
            print(f"announce to {given.people:,}: {median:.2f} s (median of {given.repeats})")
            for senders in given.senders:
                superuser.execute("TRUNCATE notices, deliveries, delivery_events CASCADE")
                tell(senders, settings)
                db.session.rollback()
                took = send_all(senders, settings, endpoints)
                query = "SELECT count(*) FROM deliveries WHERE state = 'sent'"
                sent = superuser.execute(query).fetchone()[0]
                print(f"{senders} senders: {sent / took:,.0f} mails/s ({sent:,} in {took:.1f} s)")
        db.engine.dispose()


def main() -> None:
    """Read the options and run all of it in a folder that is gone afterwards."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=34_267)
    parser.add_argument("--senders", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="placement-outbox-"))
    settings = load_settings({}, instance=folder, senders=max(given.senders))
    settings = dataclasses.replace(
        settings, mail_rate=0, mail_domain_rate=0, mail_quiet_hours="off"
    )
    try:
        endpoints = attach(settings)
        migrate.upgrade(endpoints.migrate_url)
        with mail_server(folder) as port:
            outlet = dataclasses.replace(settings, smtp_url=f"smtp://127.0.0.1:{port}")
            measure(create_app(outlet, endpoints=endpoints), outlet, endpoints, given)
            mails = min(given.people, 5_000)
            run_peer(settings, port, mails)
            print(f"bare SMTP loop, 1 connection: {mails / bare_loop(port, mails):,.0f} mails/s")
    finally:
        detach(folder, at_once=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
