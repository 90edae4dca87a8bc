"""Whatever view may make a large file: a worker makes the same as the page would send."""

import dataclasses
import io

import openpyxl
import pytest
from flask import g

from placement.db import db
from placement.exporting.guards import LARGE
from placement.work.models import Work, WorkState
from tasks.work import run_work
from tests.access.table import ACCESS
from tests.access.world import World

CHOSEN = {"form": "xlsx", "name": "", "class_year": 2016}


@pytest.fixture
def world(cast, settings):
    return World(cast, settings)


def _addresses(app, world):
    """The address of every such view about what is one's own, with who may open it."""
    for rule in app.url_map.iter_rules():
        if getattr(app.view_functions[rule.endpoint], LARGE, False):
            known = CHOSEN | world.own.numbers
            with app.test_request_context():
                adapter = app.url_map.bind("localhost")
                address = adapter.build(rule.endpoint, {n: known[n] for n in rule.arguments})
            yield address, [world.actors[role] for role in ACCESS[rule.endpoint]]


def _content(response):
    if response.mimetype == "text/csv":
        return response.data
    sheets = list(openpyxl.load_workbook(io.BytesIO(response.data)))
    # Both say of which moment they are, and one is made a moment after the other.
    return [list(row) for row in sheets[0].values if "known at" not in str(row[0]).lower()]


def _let_through(app, monkeypatch, *, rows):
    few = dataclasses.replace(app.config["SETTINGS"], export_rows=rows)
    monkeypatch.setitem(app.config, "SETTINGS", few)


def test_a_worker_makes_what_each_view_would_send(app, browser, world, sent_jobs, monkeypatch):
    made = {}
    for address, people in _addresses(app, world):
        for person in people:
            browser.sign_in(person)
            _let_through(app, monkeypatch, rows=1_000)
            direct = browser.get(address)
            if direct.status_code in {403, 404}:
                continue  # somebody else's, such as the wrong rows of a file that others sent
            _let_through(app, monkeypatch, rows=-1)
            assert browser.get(address).mimetype == "text/html", address
            asked = browser.submit("/files", address=address)
            number = int(asked.headers["Location"].rpartition("/")[2])
            for name in list(g):
                g.pop(name)
            run_work(number)
            db.session.rollback()
            work = db.session.get_one(Work, number)
            assert work.state is WorkState.DONE, (address, work.error)
            fetched = browser.get(f"/files/{number}/content")
            assert _content(fetched) == _content(direct), address
            made[address] = made.get(address, 0) + 1

    assert len(made) == 9, made
