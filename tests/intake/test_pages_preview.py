"""A sent file on its page: progress, preview, what is wrong beside what to do, taking in."""

import pytest
from sqlalchemy import func, select

from placement.audit.models import AuditEvent
from placement.db import db
from placement.intake.models import Import
from placement.intake.operations import tally
from placement.work.models import Work
from tests.intake.pages import (
    WRONG_SEX,
    cells_marked,
    hold,
    know_both,
    only_import,
    send_file,
    students_there,
    text_of,
    work_off,
)
from tests.intake.people import id_number, student
from tests.intake.taking import file_of, take_students


def test_while_it_waits_the_page_asks_again(browser, cast, sent_jobs):
    send_file(browser.sign_in(cast.zheng), file_of(student(1)))
    path = f"/imports/{only_import().id}"

    page = browser.get(path)

    assert f'data-poll="{path}"' in page.text
    assert "It waits for a worker." in page.text
    assert f'href="{path}"' in page.text  # without script

    work_off(sent_jobs)
    assert "data-poll" not in browser.get(path).text


def test_progress_of_a_running_check_is_shown_in_counts(browser, cast, sent_jobs):
    send_file(browser.sign_in(cast.zheng), file_of(student(1)))
    work = db.session.get_one(Work, only_import().work_id)
    hold(work, done=12_000, total=34_267)

    page = browser.get(f"/imports/{only_import().id}").text

    assert '<progress aria-label="Reading and checking the file" value="12000" max="34267">' in page
    assert "12,000 / 34,267" in page


def test_the_preview_says_in_one_line_what_would_happen(browser, previewed):
    page = text_of(browser.get(f"/imports/{previewed.id}"))

    assert "1 will be new, 1 changed, 1 stay as they are; 1 rows are wrong and stay out." in page
    assert "These columns are not known and are left out: 宿舍." in page
    assert "Wrong 1 New 1 Changed 1 Unchanged 1" in page
    assert students_there() == 2


def test_the_wrong_cell_is_marked_as_it_stood_with_what_to_do(browser, previewed):
    page = browser.get(f"/imports/{previewed.id}")

    assert cells_marked(page, "wrong") == ["1"]
    said = text_of(page)
    assert "王大海" in said
    assert "By the ID number the sex is Female, the file says Male." in said
    assert "3-204" in said  # the whole row is behind it


def test_what_to_do_is_said_in_the_pages_language(browser, cast, previewed):
    cast.zheng.locale = "zh_Hans_CN"
    db.session.commit()

    said = text_of(browser.get(f"/imports/{previewed.id}"))

    assert "按身份证号性别为女，文件中填写的是男。" in said
    assert "将新增 1 行，更新 1 行，不变 1 行；1 行有误，不会导入。" in said
    assert "有误 1 新增 1 更新 1 不变 1" in said


def test_a_changed_row_shows_what_is_known_and_what_comes(browser, previewed):
    page = browser.get(f"/imports/{previewed.id}?show=updated")

    assert cells_marked(page, "changed") == ["文学院 → 理学院"]
    assert "甲甲" in page.text
    assert "戊戊" not in page.text


@pytest.mark.parametrize(
    ("shown", "there", "missing"),
    [("created", "戊戊", "丙丙"), ("unchanged", "丙丙", "戊戊"), ("rejected", "王大海", "丙丙")],
)
def test_each_tab_shows_its_rows(browser, previewed, shown, there, missing):
    page = browser.get(f"/imports/{previewed.id}?show={shown}").text

    assert there in page
    assert missing not in page


def test_a_tab_that_is_none_shows_what_is_wrong(browser, previewed):
    assert "王大海" in browser.get(f"/imports/{previewed.id}?show=nonsense").text


def test_a_joined_category_is_told(browser, cast, sent_jobs):
    know_both(cast)
    take_students(student(1, name="甲甲"))
    send_file(browser.sign_in(cast.zheng), file_of(student(1, name="甲甲", ethnic_group="畲族")))
    work_off(sent_jobs)
    number = db.session.scalar(select(func.max(Import.id)))

    page = browser.get(f"/imports/{number}?show=updated")

    assert cells_marked(page, "changed") == ["Han → 畲族"]
    assert "joins Ethnic minority" in text_of(page)


def test_a_number_under_cipher_is_never_shown_as_it_was(browser, cast, sent_jobs):
    know_both(cast)
    take_students(student(1, mobile="13800000001"))
    send_file(browser.sign_in(cast.zheng), file_of(student(1, mobile="13900000002")))
    work_off(sent_jobs)
    number = db.session.scalar(select(func.max(Import.id)))

    page = browser.get(f"/imports/{number}?show=updated")

    assert cells_marked(page, "changed") == ["*** → 13900000002"]


def test_many_wrong_rows_are_paged(browser, cast, sent_jobs):
    rows = [student(2 * n, name=f"林{n:03}", sex="1") for n in range(1, 71)]
    send_file(browser.sign_in(cast.zheng), file_of(*rows))
    work_off(sent_jobs)
    path = f"/imports/{only_import().id}"

    first, second = browser.get(path).text, browser.get(f"{path}?page=2").text

    assert "1–50 / 70" in first
    assert "51–70 / 70" in second
    assert "林070" in second
    assert "林070" not in first


def test_of_very_many_rows_the_first_are_kept_and_that_is_said(
    browser, cast, sent_jobs, monkeypatch
):
    monkeypatch.setattr(tally, "MOST_LOOKS", 2)
    send_file(browser.sign_in(cast.zheng), file_of(*(student(n) for n in range(1, 6))))
    work_off(sent_jobs)

    page = browser.get(f"/imports/{only_import().id}?show=created").text

    assert "The first 2 of 5 are shown." in page


def test_that_rows_were_shown_is_written_down(browser, cast, previewed):
    browser.get(f"/imports/{previewed.id}")

    event = db.session.execute(
        select(AuditEvent).where(AuditEvent.action == "import.rows_shown")
    ).scalar_one()
    assert event.actor_id == cast.zheng.id
    assert event.details == {"outcome": "rejected", "first": 5, "last": 5}


def test_the_province_sees_who_it_is_behind_masks(browser, cast, sent_jobs):
    rows = (student(1, name="欧阳锋", mobile="13800000001"), WRONG_SEX | {"宿舍": "3-204"})
    know_both(cast)
    send_file(browser.sign_in(cast.huang), file_of(*rows))
    work_off(sent_jobs)
    number = only_import().id

    for shown in ("created", "rejected"):
        page = browser.get(f"/imports/{number}?show={shown}").text
        for hidden in ("欧阳锋", "王大海", id_number(1), "13800000001", "20120004", "3-204"):
            assert hidden not in page
    assert "欧**" in browser.get(f"/imports/{number}?show=created").text
