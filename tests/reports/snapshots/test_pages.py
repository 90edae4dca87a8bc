"""Snapshots on pages: taken, signed, verified, published, read by everybody, corrected."""

import csv
import io

import openpyxl
import pytest

from placement.accounts.operations import hash_password
from placement.db import db
from placement.reports.models import Publication, Snapshot, SnapshotState
from placement.students.models import Category
from placement.work.models import Work, WorkState
from tasks.work import run_work
from tests.factories import make_member, make_outcome, make_student
from tests.reports.snapshots.conftest import FINAL, sign, verify

PASSWORD = "eleven grey herons wait"


@pytest.fixture
def known(cast, colleague):
    """Ms Zheng and Mr Huang have a password to give again."""
    for user in (cast.zheng, cast.huang, colleague):
        user.password_hash = hash_password(PASSWORD)
    db.session.commit()


@pytest.fixture
def published(register, cast, take, sent_jobs):
    """The university's snapshot, published, and its snapshot; few enough people to hide some."""
    for number in range(40):
        student = make_student(cast.university, level="61" if number % 3 else "31")
        make_member(student, Category.RURAL_ORIGIN)
        make_outcome(student, "10" if number % 8 else "70")
    snapshot = take()
    sign(snapshot, cast.zheng)
    verify(snapshot, cast.huang)
    return snapshot


def publish(browser, cast, snapshot):
    """Press the button, and let a worker do the work."""
    response = browser.sign_in(cast.huang).submit(f"/reports/snapshots/{snapshot.id}/publish")
    work = db.session.query(Work).one()
    run_work(work.id)
    db.session.rollback()
    db.session.expire_all()
    return response


def do_work():
    """Let a worker do the one piece of work there is."""
    run_work(db.session.query(Work).one().id)
    db.session.rollback()
    db.session.expire_all()


def state_of(snapshot):
    db.session.expire_all()
    return db.session.get_one(Snapshot, snapshot.id).state


def test_university_freezes_signs_and_province_verifies(browser, cast, register, known):
    browser.sign_in(cast.zheng)
    taken = browser.submit("/reports/snapshots", class_year="2016", as_of="2016-12-31")
    assert "being frozen" in browser.get("/reports/snapshots").text
    again = browser.submit("/reports/snapshots", class_year="2016", as_of="2016-12-31")
    assert again.status_code == 422
    do_work()
    snapshot = db.session.query(Snapshot).one()
    assert taken.status_code == 302
    assert snapshot.university_id == cast.university.id

    page = browser.get(f"/reports/snapshots/{snapshot.id}")
    assert "66.67 %" in page.text
    signed = browser.submit(f"/reports/snapshots/{snapshot.id}/sign", password=PASSWORD)
    assert (signed.status_code, state_of(snapshot)) == (302, SnapshotState.SIGNED)

    browser.sign_in(cast.huang)
    assert "郑主任" in browser.get(f"/reports/snapshots/{snapshot.id}/verify").text
    browser.submit(f"/reports/snapshots/{snapshot.id}/verify", password=PASSWORD)
    assert state_of(snapshot) is SnapshotState.VERIFIED


def test_wrong_password_signs_nothing_and_is_counted(browser, cast, take, known):
    snapshot = take()
    browser.sign_in(cast.zheng)

    for _ in range(5):
        refused = browser.submit(f"/reports/snapshots/{snapshot.id}/sign", password="not it at all")
        assert refused.status_code == 422
    stopped = browser.submit(f"/reports/snapshots/{snapshot.id}/sign", password=PASSWORD)

    assert stopped.status_code == 429
    assert state_of(snapshot) is SnapshotState.DRAFT


def test_province_does_not_sign_for_a_university(browser, cast, take, known):
    snapshot = take()

    refused = browser.sign_in(cast.huang).submit(
        f"/reports/snapshots/{snapshot.id}/sign", password=PASSWORD
    )

    assert refused.status_code == 422
    assert "The university signs its own snapshot." in refused.text


def test_signer_is_not_offered_to_verify(browser, cast, take, colleague):
    snapshot = take(province=True)
    sign(snapshot, cast.huang)
    link = f"/reports/snapshots/{snapshot.id}/verify"

    assert link not in browser.sign_in(cast.huang).get(f"/reports/snapshots/{snapshot.id}").text
    assert link in browser.sign_in(colleague).get(f"/reports/snapshots/{snapshot.id}").text


def test_nothing_new_is_said_beside_the_day(browser, cast, take):
    take()

    browser.sign_in(cast.zheng).submit("/reports/snapshots", class_year="2016", as_of="2016-12-31")
    do_work()

    assert "Nothing has changed" in browser.get("/reports/snapshots").text


def test_draft_is_not_published(browser, cast, take):
    snapshot = take()

    refused = browser.sign_in(cast.huang).submit(f"/reports/snapshots/{snapshot.id}/publish")

    assert refused.status_code == 409
    assert db.session.query(Work).count() == 0


@pytest.mark.parametrize("name", ["lin_mei_user", "chen", "zheng", "xu", "huang"])
def test_everybody_reads_what_is_published(browser, cast, published, name):
    assert publish(browser, cast, published).status_code == 302
    assert state_of(published) is SnapshotState.PUBLIC
    number = db.session.query(Publication).one().id

    browser.sign_in(getattr(cast, name))
    listed = browser.get("/reports/published")
    page = browser.get(f"/reports/published/{number}")

    assert f"/reports/published/{number}" in listed.text
    assert page.status_code == 200
    assert "Hidden to protect people" in page.text


def test_page_and_files_say_the_same_and_mark_what_is_hidden(browser, cast, published):
    publish(browser, cast, published)
    number = db.session.query(Publication).one().id
    browser.sign_in(cast.chen)

    answer = browser.get(f"/reports/published/{number}.json").json
    text = browser.get(f"/reports/published/{number}.csv").data.decode("utf-8-sig")
    book = openpyxl.load_workbook(
        io.BytesIO(browser.get(f"/reports/published/{number}.xlsx").data), read_only=True
    )

    lines = list(csv.DictReader(io.StringIO(text)))
    sheet = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    about = list(book.worksheets[1].iter_rows(values_only=True))
    book.close()
    total = answer["tables"]["total"][0]
    assert (total["denominator"], lines[0]["Counted"], sheet[1][4]) == (43, "43", 43)
    level = {row["key"]: row for row in answer["tables"]["category"]}
    hidden = level["family_hardship"]
    assert {hidden["denominator"], hidden["placed"], hidden["rate"]} == {"*"}
    line = next(row for row in lines if row["Code"] == "family_hardship")
    assert (line["Counted"], line["Placed"], line["Rate in percent"]) == ("*", "*", "*")
    assert "Hidden to protect people" in line["Note"]
    assert any("Hidden to protect people" in str(row[1]) for row in about)
    assert lines[0]["Grouped by"] == "Total"
    assert answer["hidden"]["least_values"] >= 5
    assert answer["hidden"]["counts"] > 0


def test_work_that_failed_says_why_and_may_be_tried_again(browser, cast, published, superuser):
    superuser.execute("DELETE FROM file_chunks WHERE file_id = %s", (published.people_file_id,))

    publish(browser, cast, published)

    assert db.session.query(Work).one().state is WorkState.FAILED
    page = browser.get(f"/reports/snapshots/{published.id}")
    assert "not what was sealed" in page.text
    assert f"/reports/snapshots/{published.id}/publish" in page.text


def test_correction_is_shown_with_cells_and_people(browser, cast, take, signed):
    make_outcome(cast.lin_mei, "46", FINAL)
    second = take()
    number = second.id

    own = browser.sign_in(cast.zheng).get(f"/reports/snapshots/{number}/differences")
    masked = browser.sign_in(cast.huang).get(f"/reports/snapshots/{number}/differences")
    first = browser.get(f"/reports/snapshots/{signed.id}")

    assert "林梅" in own.text
    assert "林梅" not in masked.text
    assert "Version 2 corrects this one" in first.text


def test_first_version_leads_from_differences_to_itself(browser, cast, take):
    snapshot = take()

    response = browser.sign_in(cast.zheng).get(f"/reports/snapshots/{snapshot.id}/differences")

    assert response.status_code == 302


def test_bad_entry_freezes_nothing(browser, cast, register):
    refused = browser.sign_in(cast.zheng).submit(
        "/reports/snapshots", class_year="16", as_of="soon"
    )

    assert refused.status_code == 422
    assert db.session.query(Snapshot).count() == 0
