"""Debian's Chromium, the real application behind a port, and screens of two sizes."""

import shutil
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect, sync_playwright
from werkzeug.serving import make_server

from tests.browser.screen import SIZES, Screen, open_screen

PATIENCE_MILLISECONDS = 30_000
# The first is the same engine without the windows, tabs and menus of a desktop, which take more
# than half of the processor time where nobody sees them.
PROGRAMS = ("chromium-headless-shell", "chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The system's browser, started once; nothing is downloaded."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("NO CHROMIUM ON THIS MACHINE: NOTHING IS TRIED IN A BROWSER")
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The application on a free port of this machine; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=SIZES)
def screen(request: pytest.FixtureRequest, chromium: Browser, served: str) -> Iterator[Screen]:
    """A phone's and a desk's screen of a person who reads Chinese; complaints fail the test."""
    with open_screen(chromium, served, request.param) as shown:
        yield shown
    assert shown.complaints == []
