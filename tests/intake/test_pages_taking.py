"""A previewed file on its page: taken in, discarded, stopped, its wrong rows given back."""

import io

import pytest
from sqlalchemy import func, select

from placement.db import db
from placement.files import FileChunk, StoredFile
from placement.intake.models import Import, ImportRow, ImportState
from placement.intake.spreadsheets import read_table
from placement.work.models import Work
from tests.factories import make_user
from tests.intake.pages import (
    WRONG_SEX,
    XLSX,
    confirm,
    hold,
    know_both,
    only_import,
    send_file,
    students_there,
    text_of,
    work_off,
)
from tests.intake.people import student
from tests.intake.taking import file_of, register_now, take_students


def test_taken_in_by_the_worker_and_the_result_is_kept(browser, previewed, sent_jobs):
    response = confirm(browser, previewed)

    assert response.headers["Location"] == f"/imports/{previewed.id}"
    assert "data-poll" in browser.get(f"/imports/{previewed.id}").text
    work_off(sent_jobs)
    page = text_of(browser.get(f"/imports/{previewed.id}"))
    assert "1 new, 1 changed, 1 unchanged; 1 rows were wrong and stayed out." in page
    assert "Rows that were wrong" in page
    assert "王大海" in page
    assert students_there() == 3
    # Nothing is kept of what was taken in: it is in the register.
    assert db.session.execute(select(ImportRow.outcome)).scalars().all() == ["rejected"]
    assert db.session.scalar(select(func.count()).select_from(FileChunk)) == 0


def test_confirmed_twice_is_taken_in_once(browser, previewed, sent_jobs):
    first, second = confirm(browser, previewed), confirm(browser, previewed)
    work_off(sent_jobs)
    third = confirm(browser, previewed)

    assert {r.status_code for r in (first, second, third)} == {302}
    assert students_there() == 3
    works = select(func.count()).select_from(Work)
    assert db.session.scalar(works) == 2


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        pytest.param({"sha256": "0" * 64}, 409, id="another file"),
        pytest.param({"sha256": "nothing"}, 422, id="tampered"),
        pytest.param({"token": "forged"}, 400, id="no token"),
    ],
)
def test_only_what_was_looked_at_is_taken_in(browser, previewed, sent_jobs, fields, status):
    response = confirm(browser, previewed, **fields)
    work_off(sent_jobs)

    assert response.status_code == status
    assert previewed.state is ImportState.PREVIEWED
    assert students_there() == 2


def test_nothing_to_take_in_offers_no_button(browser, cast, sent_jobs):
    know_both(cast)
    take_students(student(1))
    send_file(browser.sign_in(cast.zheng), file_of(student(1)))
    work_off(sent_jobs)
    number = db.session.scalar(select(func.max(Import.id)))

    page = browser.get(f"/imports/{number}").text

    assert "There is nothing to take in." in page
    assert "/confirm" not in page


def test_what_is_discarded_is_not_kept(browser, previewed):
    before = register_now()

    response = browser.submit(f"/imports/{previewed.id}/cancel")

    assert response.status_code == 302
    db.session.expire_all()
    assert previewed.state is ImportState.CANCELLED
    assert "Discarded; nothing was taken in" in browser.get(f"/imports/{previewed.id}").text
    assert "毕业生.csv" in browser.get("/imports").text
    assert db.session.scalar(select(func.count()).select_from(ImportRow)) == 0
    assert db.session.scalar(select(func.count()).select_from(FileChunk)) == 0
    assert db.session.execute(select(StoredFile.data_key)).scalar_one() is None
    assert register_now() == before
    assert confirm(browser, previewed).status_code == 409
    assert browser.submit(f"/imports/{previewed.id}/cancel").status_code == 409


def test_what_waits_for_a_worker_is_stopped_at_once(browser, cast, sent_jobs):
    send_file(browser.sign_in(cast.zheng), file_of(student(1)))

    browser.submit(f"/imports/{only_import().id}/cancel")
    work_off(sent_jobs)

    assert only_import().state is ImportState.CANCELLED
    assert students_there() == 0


def test_what_a_worker_is_at_stops_at_its_next_step(browser, cast, sent_jobs):
    send_file(browser.sign_in(cast.zheng), file_of(student(1)))
    work = db.session.get_one(Work, only_import().work_id)
    hold(work)

    browser.submit(f"/imports/{only_import().id}/cancel")

    page = browser.get(f"/imports/{only_import().id}").text
    assert "It stops at its next step." in page
    assert "data-poll" in page


def test_a_worker_that_never_came_to_its_end_is_told(browser, cast, sent_jobs):
    send_file(browser.sign_in(cast.zheng), file_of(student(1)))
    work = db.session.get_one(Work, only_import().work_id)
    work.attempts = 5
    db.session.commit()
    work_off(sent_jobs)
    path = f"/imports/{only_import().id}"

    page = browser.get(path).text

    assert "The worker did not come to its end" in page
    assert "data-poll" not in page
    browser.submit(f"{path}/cancel")
    assert only_import().state is ImportState.CANCELLED


def test_the_wrong_rows_come_back_ready_to_be_corrected(browser, cast, previewed, sent_jobs):
    response = browser.get(f"/imports/{previewed.id}/rejects")

    assert response.mimetype == XLSX
    table = read_table(response.data, "rejects.xlsx", "students")
    assert table.unknown == ("宿舍",)
    assert table.column("name").texts == ["王大海"]
    confirm(browser, previewed)
    work_off(sent_jobs)
    assert browser.get(f"/imports/{previewed.id}/rejects").status_code == 200
    browser.submit(
        "/imports/new/students",
        class_year="2016",
        file=(io.BytesIO(response.data), "again.xlsx"),
    )
    work_off(sent_jobs)
    again = db.session.execute(select(Import).order_by(Import.id.desc())).scalars().first()
    assert (again.rows, again.rejected) == (1, 1)


def test_only_who_sent_a_provinces_file_gets_its_rows_back(browser, cast, sent_jobs):
    know_both(cast)
    send_file(browser.sign_in(cast.huang), file_of(WRONG_SEX))
    work_off(sent_jobs)
    path = f"/imports/{only_import().id}/rejects"

    assert browser.get(path).status_code == 200
    browser.sign_in(make_user(cast.huang.role))
    assert browser.get(path).status_code == 403
    assert "/rejects" not in browser.get(f"/imports/{only_import().id}").text
