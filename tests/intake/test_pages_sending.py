"""Choosing a kind of file and sending it: what is asked, what is refused beside its field."""

import io

import openpyxl
import pytest
from sqlalchemy import func, select

from placement import queue
from placement.db import db
from placement.files import StoredFile
from placement.intake.columns import KINDS, columns_of
from placement.intake.models import Import, ImportKind, ImportState
from placement.intake.spreadsheets import reading
from tests.intake.files import workbook
from tests.intake.pages import (
    know_both,
    only_import,
    send_file,
    text_of,
    work_off,
)
from tests.intake.people import student
from tests.intake.taking import file_of, sample, take_samples


def nothing_written() -> bool:
    return not any(
        db.session.scalar(select(func.count()).select_from(model)) for model in (Import, StoredFile)
    )


def test_an_empty_list_leads_to_the_first_file(browser, cast):
    page = browser.sign_in(cast.zheng).get("/imports")

    assert "No file was sent yet." in page.text
    assert 'href="/imports/new"' in page.text


def test_a_university_is_offered_its_kinds_and_the_province_all(browser, cast):
    own = browser.sign_in(cast.zheng).get("/imports/new").text
    whole = browser.sign_in(cast.huang).get("/imports/new").text

    assert [kind for kind in KINDS if f'href="/imports/new/{kind}"' in own] == [
        "students",
        "outcomes",
        "wishes",
        "postings",
    ]
    assert all(f'href="/imports/new/{kind}"' in whole for kind in KINDS)


@pytest.mark.parametrize("kind", ["list", "baseline", "universities", "nonsense"])
def test_a_kind_that_is_not_a_universitys_does_not_exist(browser, cast, kind):
    browser.sign_in(cast.zheng)

    assert browser.get(f"/imports/new/{kind}").status_code == 404
    assert browser.get(f"/imports/blank/{kind}").status_code == 404
    assert send_file(browser, sample("list-low-income.csv"), kind=kind).status_code == 404
    assert nothing_written()


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        pytest.param("students", {"class_year", "effective_on", "allow_id_change"}, id="students"),
        pytest.param("outcomes", {"class_year", "verified"}, id="outcomes"),
        pytest.param("wishes", {"class_year"}, id="wishes"),
        pytest.param("postings", set(), id="postings"),
    ],
)
def test_each_kind_asks_what_it_needs_and_no_more(browser, cast, kind, asked):
    page = browser.sign_in(cast.zheng).get(f"/imports/new/{kind}").text

    every = {"class_year", "effective_on", "allow_id_change", "verified", "as_of", "complete"}
    assert {name for name in every if f'name="{name}"' in page} == asked
    assert 'name="university_id"' not in page


def test_the_province_says_of_a_list_what_it_is(browser, cast):
    page = browser.sign_in(cast.huang).get("/imports/new/list").text

    for name in ("list_kind", "class_year", "as_of", "complete"):
        assert f'name="{name}"' in page


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locale", ["en", "zh_Hans_CN"])
def test_a_blank_workbook_is_read_as_its_own_kind(browser, cast, kind, locale):
    cast.huang.locale = locale
    db.session.commit()

    response = browser.sign_in(cast.huang).get(f"/imports/blank/{kind}")

    assert response.headers["Content-Disposition"].startswith("attachment")
    table = reading.read_table(response.data, "blank.xlsx", kind)
    assert (len(table), table.unknown) == (0, ())
    assert table.known == tuple(columns_of(kind))
    assert len(openpyxl.load_workbook(io.BytesIO(response.data)).sheetnames) == 2


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        pytest.param(b"PK\x03\x04 broken", "a.xlsx", "not a spreadsheet", id="broken"),
        pytest.param(sample("students.csv"), "a.xls", "without a password", id="old"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x", "a.xlsx", "password", id="password"),
        pytest.param(b"what;is;this\n1;2;3\n", "a.csv", "None of the headings", id="headings"),
        pytest.param(b"", "a.csv", "None of the headings", id="empty"),
    ],
)
def test_a_wrong_file_is_refused_beside_its_field(browser, cast, content, name, words):
    response = send_file(browser.sign_in(cast.zheng), content, name=name)

    assert response.status_code == 422
    assert 'id="file-error"' in response.text
    assert words in response.text
    assert nothing_written()


def test_a_wrong_file_is_refused_in_the_pages_language(browser, cast):
    cast.zheng.locale = "zh_Hans_CN"
    db.session.commit()

    response = send_file(browser.sign_in(cast.zheng), b"nothing\n1\n")

    assert "没有找到可识别的表头。请使用模板中的表头。" in response.text


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"class_year": ""}, id="no year"),
        pytest.param({"class_year": "1066"}, id="another age"),
        pytest.param({"class_year": "x"}, id="no number"),
        pytest.param({"effective_on": "yesterday"}, id="no day"),
    ],
)
def test_a_bad_entry_writes_nothing(browser, cast, fields):
    response = send_file(browser.sign_in(cast.zheng), file_of(student(1)), **fields)

    assert response.status_code == 422
    assert nothing_written()


def test_without_a_file_it_says_so(browser, cast):
    browser.sign_in(cast.zheng)

    response = browser.submit("/imports/new/students", class_year="2016")

    assert response.status_code == 422
    assert "Choose a file." in response.text
    assert nothing_written()


def test_without_the_token_nothing_is_taken(browser, cast):
    browser.sign_in(cast.zheng)

    assert send_file(browser, file_of(student(1)), token="forged").status_code == 400
    assert nothing_written()


@pytest.mark.parametrize("who", ["chen", "lin_mei_user"])
def test_others_send_nothing(browser, cast, who):
    browser.sign_in(getattr(cast, who))

    assert browser.get("/imports").status_code == 403
    assert send_file(browser, file_of(student(1))).status_code == 403


def test_an_account_of_single_colleges_sends_nothing(browser, cast):
    cast.zheng.colleges = ["文学院"]
    db.session.commit()
    browser.sign_in(cast.zheng)

    assert 'href="/imports/new"' not in browser.get("/imports").text
    assert "single colleges" in browser.get("/imports/new").text
    assert send_file(browser, file_of(student(1))).status_code == 404
    assert nothing_written()


def test_a_file_is_kept_and_a_worker_is_woken(browser, cast, sent_jobs):
    response = send_file(
        browser.sign_in(cast.zheng),
        file_of(student(1)),
        effective_on="2016-03-01",
        name="毕业生 2016.csv",
    )

    import_ = only_import()
    assert response.headers["Location"] == f"/imports/{import_.id}"
    assert import_.kind is ImportKind.STUDENTS
    assert import_.university_id == cast.university.id
    assert str(import_.effective_on) == "2016-03-01"
    assert import_.file_name == "毕业生 2016.csv"
    assert sent_jobs == [(queue.RUN_WORK, (import_.work_id,))]


def test_a_large_file_is_refused_by_the_worker(browser, cast, sent_jobs, monkeypatch):
    monkeypatch.setattr(reading, "SCREENED_BYTES", 10)
    cast.huang.locale = "zh_Hans_CN"
    db.session.commit()
    browser.sign_in(cast.huang)

    assert send_file(browser, b"what;is;this\n1;2;3\n").status_code == 302
    work_off(sent_jobs)

    page = text_of(browser.get(f"/imports/{only_import().id}"))
    assert only_import().state is ImportState.REFUSED
    assert "没有找到可识别的表头。请使用模板中的表头。" in page
    assert db.session.execute(select(StoredFile.data_key)).scalar_one() is None


def test_the_province_narrows_a_file_to_one_university(browser, cast, sent_jobs):
    know_both(cast)
    browser.sign_in(cast.huang)

    send_file(browser, file_of(student(1, university="")), university_id=str(cast.university.id))
    work_off(sent_jobs)

    assert (only_import().university_id, only_import().created) == (cast.university.id, 1)


def test_a_list_goes_with_its_kind_its_day_and_its_word(browser, cast, sent_jobs):
    take_samples()
    browser.sign_in(cast.huang)

    send_file(
        browser,
        sample("list-low-income.csv"),
        kind="list",
        list_kind="low_income",
        as_of="2016-03-01",
        complete="y",
    )

    newest = db.session.execute(select(Import).order_by(Import.id.desc())).scalars().first()
    assert newest.list_kind == "low_income"
    assert newest.options == {"as_of": "2016-03-01", "complete": True}


def test_the_list_says_who_sent_what_and_what_came_of_it(browser, cast, sent_jobs):
    browser.sign_in(cast.zheng)
    send_file(browser, file_of(student(1), student(2, level="99")), name="first.csv")
    work_off(sent_jobs)

    page = text_of(browser.get("/imports"))

    assert "Students · 2016 first.csv" in page
    assert "郑主任 2 1 0 0 1 waits for you to look" in page


def test_another_universitys_import_does_not_exist(browser, cast):
    send_file(browser.sign_in(cast.zheng), file_of(student(1)), name="first.csv")
    browser.sign_in(cast.xu)

    assert "first.csv" not in browser.get("/imports").text
    assert browser.get(f"/imports/{only_import().id}").status_code == 404


def test_a_workbook_goes_the_same_way(browser, cast, sent_jobs):
    rows = [["学号", "姓名", "身份证号", "民族", "学历"]]
    person = student(1)
    rows.append([person[name] for name in ("student_number", "name", "id_number")] + ["01", "31"])

    send_file(browser.sign_in(cast.zheng), workbook(rows), name="a.xlsx")
    work_off(sent_jobs)

    assert (only_import().state, only_import().created) == (ImportState.PREVIEWED, 1)
