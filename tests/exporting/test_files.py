"""Large files: made by a worker as the page would have sent them, for one person, for a day."""

import dataclasses
import datetime as dt
import io

import openpyxl
import pytest
from flask import g
from sqlalchemy import func, select

from placement import clock, queue
from placement.audit.models import AuditEvent
from placement.db import db
from placement.errors import InvalidValueError
from placement.files import FileChunk, StoredFile
from placement.students.models import Category
from placement.work.models import Work, WorkState
from tasks.accounts import delete_what_is_over
from tasks.work import run_work
from tests.factories import assign, make_member, make_outcome, make_student

PEOPLE = "/reports/people.csv?year=2016&as_of=2016-12-31"
MANY_OF = 2


@pytest.fixture(autouse=True)
def register(app, cast, monkeypatch):
    """Three of one university, of whom one file may hold two."""
    make_outcome(cast.lin_mei)
    for code in ("80", "70"):
        student = make_student(cast.university)
        make_member(student, Category.RURAL_ORIGIN)
        make_outcome(student, code)
    _let_through(app, monkeypatch, rows=MANY_OF)


def _let_through(app, monkeypatch, *, rows):
    few = dataclasses.replace(app.config["SETTINGS"], export_rows=rows)
    monkeypatch.setitem(app.config, "SETTINGS", few)


def _ask(browser, user, address=PEOPLE):
    """Press the button of the page that stands in the place of the file; the work."""
    browser.sign_in(user)
    page = browser.get(address)
    assert page.mimetype == "text/html"
    asked = browser.submit("/files", address=address)
    return db.session.get_one(Work, int(asked.headers["Location"].rpartition("/")[2]))


def _make(work):
    """Let a worker do it, who knows nothing of the requests before."""
    for name in list(g):
        g.pop(name)
    run_work(work.id)
    db.session.rollback()
    db.session.expire_all()


def _events(action):
    found = select(AuditEvent).where(AuditEvent.action == action)
    return db.session.execute(found).scalars().all()


def _cells(data):
    """What the first sheet says, but for the moment at which it was made."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return [list(row) for row in sheet.values if "known at" not in str(row[0]).lower()]


def test_a_large_file_is_offered_and_nothing_is_read_before_it_is_wanted(browser, cast, sent_jobs):
    page = browser.sign_in(cast.zheng).get(PEOPLE)

    assert "3 rows" in page.text
    assert "Make the file" in page.text
    assert not sent_jobs
    assert not _events("report.people_listed")


@pytest.mark.parametrize(
    "address",
    [
        PEOPLE,
        "/reports/people.xlsx?year=2016&as_of=2016-12-31&is=placed&base=registered",
        "/reports/people.json?year=2016&as_of=2016-12-31",
        "/ledger.xlsx?year=2016",
        "/reports/rates.xlsx?year=2016&as_of=2016-12-31&by=sex%2Blevel",
        "/reports/compare/people.csv?year=2016&as_of=2016-12-31&as_of_2=2016-01-02",
    ],
)
def test_the_worker_makes_what_the_page_would_have_sent(
    app, browser, cast, sent_jobs, monkeypatch, address
):
    _let_through(app, monkeypatch, rows=0)
    work = _ask(browser, cast.zheng, address)
    assert sent_jobs == [(queue.RUN_OFFICE_WORK, (work.id,))]
    _make(work)
    fetched = browser.get(f"/files/{work.id}/content")
    _let_through(app, monkeypatch, rows=100)
    direct = browser.get(address)

    assert fetched.status_code == direct.status_code == 200
    assert fetched.headers["Cache-Control"] == "no-store"
    assert fetched.mimetype == direct.mimetype
    if "xlsx" in address:
        assert _cells(fetched.data) == _cells(direct.data)
    elif "json" in address:
        assert fetched.json["people"] == direct.json["people"]
    else:
        assert fetched.data == direct.data


def test_page_leads_to_the_file_and_the_list_names_it(browser, cast, sent_jobs):
    work = _ask(browser, cast.zheng)
    waiting = browser.get(f"/files/{work.id}")
    _make(work)

    done, own = browser.get(f"/files/{work.id}"), browser.get("/files")

    assert "waits for a worker" in waiting.text
    assert "data-poll" in waiting.text
    assert f'href="/files/{work.id}/content"' in done.text
    assert "data-poll" not in done.text
    assert "people-2016-2016-12-31.csv" in own.text


def test_who_was_shown_to_whom_is_written_and_so_is_the_fetching(browser, cast, sent_jobs):
    work = _ask(browser, cast.zheng)
    _make(work)
    browser.get(f"/files/{work.id}/content")

    (listed,), (fetched,) = _events("report.people_listed"), _events("export.fetched")
    assert listed.actor_id == fetched.actor_id == cast.zheng.id
    assert cast.lin_mei.id in listed.student_ids
    assert len(listed.student_ids) == 3
    assert fetched.subject_id == work.id


def test_the_kept_file_is_unreadable_and_belongs_to_one_person(browser, cast, sent_jobs):
    work = _ask(browser, cast.zheng)
    _make(work)
    stored = b"".join(db.session.execute(select(FileChunk.data)).scalars())

    others = [
        browser.sign_in(user).get(f"/files/{work.id}{part}").status_code
        for user in (cast.chen, cast.huang, cast.gao)
        for part in ("", "/content")
    ]

    assert cast.lin_mei.name.encode() not in stored
    assert cast.lin_mei.student_number.encode() not in stored
    assert others == [404] * 6


def test_who_lost_a_student_does_not_get_the_file_any_more(
    app, browser, cast, sent_jobs, monkeypatch
):
    _let_through(app, monkeypatch, rows=0)
    work = _ask(browser, cast.chen)
    _make(work)
    before = browser.get(f"/files/{work.id}/content")
    assign(cast.lin_mei, cast.wu)

    after = browser.get(f"/files/{work.id}/content")

    assert before.status_code == 200
    assert cast.lin_mei.student_number in before.text
    assert after.status_code == 403
    assert "has changed since" in after.text


def test_whose_account_was_narrowed_does_not_get_the_file_any_more(browser, cast, sent_jobs):
    work = _ask(browser, cast.zheng)
    _make(work)
    cast.zheng.colleges = ["经济学院"]
    db.session.commit()

    assert browser.get(f"/files/{work.id}/content").status_code == 403


def test_a_file_is_made_with_the_rights_of_its_making(browser, cast, sent_jobs):
    work = _ask(browser, cast.zheng)
    cast.zheng.disabled_at = clock.now()
    db.session.commit()

    _make(work)

    assert work.state is WorkState.FAILED
    assert "is closed" in work.error
    assert not _events("report.people_listed")


def test_after_a_day_it_is_gone(browser, cast, sent_jobs):
    work = _ask(browser, cast.zheng)
    _make(work)
    clock.set_offset(dt.timedelta(hours=24, minutes=1))
    late = browser.sign_in(cast.zheng).get(f"/files/{work.id}/content")

    delete_what_is_over()
    db.session.rollback()
    db.session.expire_all()

    assert late.status_code == 404
    assert db.session.execute(select(func.count(FileChunk.id))).scalar_one() == 0
    assert db.session.execute(select(StoredFile.data_key)).scalars().all() == [None]


def test_pressing_twice_makes_one_file_and_too_many_are_refused(browser, cast, sent_jobs):
    first, second = _ask(browser, cast.zheng), _ask(browser, cast.zheng)
    for number in range(2):
        _ask(browser, cast.zheng, f"{PEOPLE}&n={number}")

    refused = browser.submit("/files", address=f"{PEOPLE}&n=3")

    assert first.id == second.id
    assert refused.status_code == 429
    assert "being made for you" in refused.text


@pytest.mark.parametrize(
    "address", ["", "https://other.example/reports/people.csv", "/students", "/users/new", "/none"]
)
def test_only_addresses_of_files_are_taken(browser, cast, sent_jobs, address):
    refused = browser.sign_in(cast.zheng).submit("/files", address=address)

    assert refused.status_code == 422
    assert not sent_jobs


def test_a_file_of_another_role_is_not_taken(browser, cast, sent_jobs):
    refused = browser.sign_in(cast.chen).submit("/files", address="/ledger.xlsx?year=2016")

    assert refused.status_code == 422


def test_a_file_that_is_given_up_is_not_made(browser, cast, sent_jobs):
    work = _ask(browser, cast.zheng)

    browser.submit(f"/files/{work.id}/cancel")
    _make(work)

    assert work.state is WorkState.CANCELLED
    assert "Make it after all" in browser.get(f"/files/{work.id}").text


def test_why_it_cannot_be_made_is_said(browser, cast, sent_jobs, monkeypatch):
    work = _ask(browser, cast.zheng)
    monkeypatch.setattr("placement.reports.views.people.people_table", _refuse)

    _make(work)

    assert work.state is WorkState.FAILED
    assert "Nobody knows any more" in browser.get(f"/files/{work.id}").text


def _refuse(*_given):
    raise InvalidValueError("Nobody knows any more.")
