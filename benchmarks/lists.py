"""Lists under load: requests a second and their times, beside a bare Flask page in the same run.

Usage: python benchmarks/lists.py [--instance FOLDER] [--seconds N] [--connections N]
       [--ways sync,gthread:4] [--only LABEL]

The demo province is loaded into FOLDER, or into a folder that is gone afterwards. For each way
of working the pages are served by `placement web` itself with 2 processes, and asked for over
kept connections by a small client in a process of its own, each connection signed in as one of
the accounts to whom the list belongs. The bare page is Flask with one query of 50 people and one
template of ours without a frame, without sign-in, rights or audit, by the same server. Printed:
requests a second, the median and the 95th percentile in milliseconds, and how many answers were
not 200. The figures to reach on 2 cores: 300 a second, 95 % within 60 ms, at 16 connections.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bare_page import PEER
from demo_province import STUDENTS, demo_province, token_of
from flask import Flask

from placement.services.ports import HOST, choose_port

LISTS = [
    ("students of a caseload", "counselor", "/students"),
    ("students of a university", "university", "/students"),
    ("students of the province", "province", "/students?year=2016"),
    ("Today", "counselor", "/today"),
    ("postings", "counselor", "/jobs"),
    ("fairs", "counselor", "/fairs"),
]
START_SECONDS = 60
WARMING_SECONDS = 3


@contextmanager
def served(command: list[str], way: str, instance: Path) -> Iterator[int]:
    """Serve pages with 2 processes that work in a way; the port."""
    kind, _, threads = way.partition(":")
    port = choose_port(None)
    environment = {
        **os.environ,
        "PLACEMENT_INSTANCE": str(instance),
        "PLACEMENT_DEMO": "1",
        "PLACEMENT_WEB_PROCESSES": "2",
        "PLACEMENT_WEB_WORKER_CLASS": kind,
        "PLACEMENT_WEB_THREADS": threads or "1",
    }
    server = subprocess.Popen(
        [sys.executable, *command, "--port", str(port)], env=environment, stdin=subprocess.DEVNULL
    )
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise SystemExit(f"the server ended with {server.returncode}")
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server does not answer")


async def ask(port: int, path: str, cookie: str, until: float, taken: list[float]) -> int:
    """Ask for a page again and again over one connection; how many answers were not 200."""
    request = (
        f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nCookie: placement-sign-in={cookie}\r\n\r\n"
    ).encode()
    wrong = 0
    reader = writer = None
    while time.perf_counter() < until:
        began = time.perf_counter()
        if reader is None or writer is None:
            reader, writer = await asyncio.open_connection(HOST, port)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(
            line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line
        )
        await reader.readexactly(int(fields[b"content-length"]))
        taken.append((time.perf_counter() - began) * 1000)
        wrong += not head.startswith(b"HTTP/1.1 200")
        if fields.get(b"connection") == b"close":
            writer.close()
            reader = writer = None
    if writer is not None:
        writer.close()
    return wrong


async def load(port: int, path: str, cookies: list[str], seconds: float) -> tuple[list[float], int]:
    """Ask over as many connections as there are cookies; the times and the wrong answers."""
    taken: list[float] = []
    until = time.perf_counter() + seconds
    wrong = await asyncio.gather(*(ask(port, path, cookie, until, taken) for cookie in cookies))
    return taken, sum(wrong)


def measure(label: str, way: str, port: int, path: str, cookies: list[str], seconds: float) -> None:
    """Warm up, ask, and print the line."""
    asyncio.run(load(port, path, cookies, WARMING_SECONDS))
    began = time.perf_counter()
    taken, wrong = asyncio.run(load(port, path, cookies, seconds))
    rate = len(taken) / (time.perf_counter() - began)
    slow = statistics.quantiles(taken, n=20)[-1]
    print(
        f"{label:26} {way:10} {rate:6.0f} a second  median {statistics.median(taken):6.1f} ms"
        f"  p95 {slow:6.1f} ms" + (f"  {wrong} not 200" if wrong else ""),
        flush=True,
    )


def measure_all(app: Flask, given: argparse.Namespace) -> None:
    """Every list by every way, each way with its bare page."""
    instance = app.config["SETTINGS"].instance
    roles = sorted({role for _, role, _ in LISTS})
    cookies = {role: [token_of(app, role)] * given.connections for role in roles}
    for way in given.ways.split(","):
        with served(PEER, way, instance) as port:
            nobody = ["none"] * given.connections
            measure("a bare Flask page", way, port, "/", nobody, given.seconds)
        with served(["-m", "placement.cli", "web"], way, instance) as port:
            for label, role, path in LISTS:
                if given.only in {"", label}:
                    measure(label, way, port, path, cookies[role], given.seconds)


def main() -> None:
    """Read what is asked, have the province, and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--instance", type=Path)
    parser.add_argument("--students", type=int, default=STUDENTS)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--ways", default="sync,gthread:4")
    parser.add_argument("--only", default="", help="the label of a list")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="placement-lists-") as scratch:
        instance = given.instance or Path(scratch)
        with demo_province(instance, given.students) as app:
            measure_all(app, given)


if __name__ == "__main__":
    main()
