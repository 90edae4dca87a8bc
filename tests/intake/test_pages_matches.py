"""The matching desk: what a partner list found, and the university's word on it."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from placement.accounts.queries import viewer_of
from placement.audit.models import AuditEvent
from placement.cases.models import Case
from placement.db import db, use_scope
from placement.intake.models import Import, ImportKind, ListKind, ListMatch, MatchDecision
from placement.students.models import Basis, Membership
from tests.intake.pages import (
    cells_marked,
    confirm,
    know_both,
    send_file,
    text_of,
    work_off,
)
from tests.intake.people import id_number, student
from tests.intake.taking import file_of, take, take_students

DAY = dt.date(2016, 3, 1)
LIST = {"list_kind": ListKind.LOW_INCOME, "as_of": DAY}


def listed(serial: int, name: str, **more: object) -> dict[str, object]:
    return {"name": name, "id_number": id_number(serial, male=serial % 2 == 1), **more}


@pytest.fixture
def list_(cast) -> Import:
    """Two certain and one possible at the university, one certain elsewhere, one stranger."""
    know_both(cast)
    take_students(
        student(1, name="甲甲"),
        student(2, name="乙乙"),
        student(3, name="丙丙"),
        student(4, name="丁丁", university="90002"),
    )
    answer = take(
        "list",
        listed(1, "甲甲", card_number="DB0001", level="一级"),
        listed(2, "乙乙"),
        listed(2, "乙乙"),
        listed(3, "欧阳锋"),
        listed(4, "丁丁"),
        listed(9, "路人甲"),
        **LIST,
    )
    return db.session.get_one(Import, answer["import_id"])


def match_of(list_: Import, row: int) -> ListMatch:
    db.session.expire_all()
    found = select(ListMatch).where(ListMatch.import_id == list_.id, ListMatch.row == row)
    return db.session.execute(found.order_by(ListMatch.id)).scalars().first()


def members() -> list[tuple[dt.date, dt.date | None]]:
    db.session.rollback()
    found = select(Membership.holds_from, Membership.holds_to).where(
        Membership.basis == Basis.LIST, Membership.voided_at.is_(None)
    )
    return [tuple(row) for row in db.session.execute(found.order_by(Membership.id))]


def cases() -> int:
    return db.session.scalar(select(func.count()).select_from(Case))


def desk(list_: Import, show: str = "") -> str:
    return f"/imports/{list_.id}/matches" + (f"?show={show}" if show else "")


def test_a_university_finds_the_list_and_what_waits(browser, cast, list_):
    page = text_of(browser.sign_in(cast.zheng).get("/imports?show=lists"))

    assert "Partner list:" in page
    assert "2016-03-01" in page
    assert page.rstrip().endswith("3 1–1 / 1")


def test_without_own_people_on_it_a_list_does_not_exist(browser, cast):
    know_both(cast)
    take_students(student(1, name="甲甲"))
    answer = take("list", listed(1, "甲甲"), **LIST)
    browser.sign_in(cast.xu)

    assert "No list has found anybody yet." in browser.get("/imports?show=lists").text
    path = f"/imports/{answer['import_id']}/matches"
    assert browser.get(path).status_code == 404
    assert browser.get(f"{path}/confirm").status_code == 404


def test_a_university_sees_its_own_rows_and_no_others(browser, cast, list_):
    browser.sign_in(cast.zheng)

    page = text_of(browser.get(desk(list_)))

    assert "Matched 2 Possible 1 Not ours 0 Duplicate 1 Left the list 0" in page
    assert "甲甲" in page
    assert "D****1" in page
    assert "一级" in page
    assert "丁丁" not in page
    assert "欧阳锋" in browser.get(desk(list_, "possible")).text
    assert "丁丁" not in browser.get(desk(list_, "possible")).text


def test_the_database_itself_shows_a_university_its_own_rows(cast, list_):
    seen = {}
    for name in ("zheng", "xu", "chen"):
        with use_scope(viewer_of(getattr(cast, name)).scope):
            rows = db.session.execute(select(ListMatch.row).order_by(ListMatch.row)).scalars()
            seen[name] = rows.all()

    assert seen == {"zheng": [2, 3, 4, 5], "xu": [6], "chen": []}


def test_both_people_stand_side_by_side_with_the_reason(browser, cast, list_):
    browser.sign_in(cast.zheng)

    page = text_of(browser.get(desk(list_, "possible")))

    assert f"欧阳锋 {id_number(3)} 丙丙 {id_number(3)}" in page
    assert "Same ID number, quite another name." in page
    assert "Agreement 50 of 100" in page
    # Where nothing has to be compared the numbers stay behind their masks.
    assert id_number(1) not in browser.get(desk(list_, "matched")).text
    refusals = [f"{desk(list_)}/{match_of(list_, row).id}/refuse" for row in (2, 5)]
    certain, possible = (browser.get(path).text for path in refusals)
    assert id_number(1) not in certain
    assert id_number(3) in possible


def test_a_repeated_row_names_the_other(browser, cast, list_):
    page = browser.sign_in(cast.zheng).get(desk(list_, "duplicate")).text

    assert "The same person as in row 3." in page


def test_who_was_shown_is_written_down(browser, cast, list_):
    browser.sign_in(cast.zheng).get(desk(list_, "matched"))

    event = db.session.execute(
        select(AuditEvent).where(AuditEvent.action == "students.listed")
    ).scalar_one()
    assert event.student_ids == sorted(match_of(list_, row).student_id for row in (2, 3))


def test_the_province_sees_all_behind_masks_and_decides_nothing(browser, cast, list_):
    browser.sign_in(cast.huang)

    for show in ("matched", "possible", "duplicate"):
        page = browser.get(desk(list_, show)).text
        for hidden in ("甲甲", "丁丁", "丙丙", "欧阳锋", "20120001", id_number(1), id_number(3)):
            assert hidden not in page
        assert "/confirm" not in page
        assert "/refuse" not in page
    assert "Matched 3 Possible 1 Not ours 1 Duplicate 1" in text_of(browser.get(desk(list_)))
    assert "7" in text_of(browser.get(desk(list_, "not_ours")))
    match = match_of(list_, 2)
    assert browser.submit(f"{desk(list_)}/{match.id}/confirm").status_code == 403
    assert browser.submit(f"{desk(list_)}/{match.id}/refuse", reason="no").status_code == 403
    assert browser.submit(f"{desk(list_)}/confirm", count="3").status_code == 403
    assert members() == []


@pytest.mark.parametrize("who", ["chen", "stranger_user"])
def test_others_do_not_see_the_desk(browser, cast, list_, who):
    browser.sign_in(getattr(cast, who))

    assert browser.get(desk(list_)).status_code == 403
    assert browser.submit(f"{desk(list_)}/confirm", count="2").status_code == 403


def test_a_confirmed_person_is_in_the_category_with_a_case(browser, cast, list_):
    browser.sign_in(cast.zheng)
    match = match_of(list_, 5)

    response = browser.submit(
        f"{desk(list_)}/{match.id}/confirm", next=f"{desk(list_)}?show=possible&page=1"
    )

    assert response.headers["Location"] == f"{desk(list_)}?show=possible&page=1"
    assert members() == [(DAY, None)]
    assert cases() == 1
    page = text_of(browser.get(desk(list_, "possible")))
    assert "confirmed" in page
    assert "郑主任" in page
    event = db.session.execute(
        select(AuditEvent).where(AuditEvent.action == "match.confirmed")
    ).scalar_one()
    assert event.student_ids == [match.student_id]
    assert browser.submit(f"{desk(list_)}/{match.id}/confirm").status_code == 409


def test_a_refusal_needs_its_reason(browser, cast, list_):
    browser.sign_in(cast.zheng)
    path = f"{desk(list_)}/{match_of(list_, 5).id}/refuse"

    assert "This is somebody else" in browser.get(path).text
    assert browser.submit(path, reason="").status_code == 422
    assert browser.submit(path, reason="x" * 501).status_code == 422
    assert match_of(list_, 5).decision is None

    assert browser.submit(path, reason="Another date of birth.").status_code == 302
    assert match_of(list_, 5).decision is MatchDecision.REFUSED
    assert members() == []
    page = text_of(browser.get(desk(list_, "possible")))
    assert "not confirmed" in page
    assert "Another date of birth." in page


@pytest.mark.parametrize("act", ["confirm", "refuse"])
def test_nothing_is_decided_without_the_token(browser, cast, list_, act):
    browser.sign_in(cast.zheng)
    path = f"{desk(list_)}/{match_of(list_, 5).id}/{act}"

    assert browser.submit(path, token="forged", reason="somebody else").status_code == 400
    assert match_of(list_, 5).decision is None


@pytest.mark.parametrize("act", ["confirm", "refuse"])
def test_another_universitys_row_does_not_exist(browser, cast, list_, act):
    browser.sign_in(cast.zheng)
    path = f"{desk(list_)}/{match_of(list_, 6).id}/{act}"

    assert browser.submit(path, reason="somebody else").status_code == 404
    assert match_of(list_, 6).decision is None


def test_a_repeated_row_is_not_decided(browser, cast, list_):
    browser.sign_in(cast.zheng)

    assert browser.submit(f"{desk(list_)}/{match_of(list_, 4).id}/confirm").status_code == 422
    assert match_of(list_, 4).decision is None
    assert members() == []


def test_a_tampered_choice_changes_nothing(browser, cast, list_):
    browser.sign_in(cast.zheng)
    path = f"{desk(list_)}/{match_of(list_, 5).id}/confirm"

    assert browser.submit(path, student_id="x").status_code == 422
    assert browser.submit(path, student_id="987654321").status_code == 422
    assert members() == []


def test_the_desk_speaks_chinese(browser, cast, list_):
    cast.zheng.locale = "zh_Hans_CN"
    db.session.commit()
    browser.sign_in(cast.zheng)

    page = text_of(browser.get(desk(list_, "possible")))

    assert "身份证号相同，但姓名完全不同。" in page
    assert "匹配 2 疑似 1 非本届 0 重复 1 已退出 0" in page
    assert "有 3 行待确认。" in page


def test_the_provinces_preview_shows_what_a_list_finds(browser, cast, list_, sent_jobs):
    browser.sign_in(cast.huang)
    send_file(
        browser,
        file_of(listed(1, "甲甲"), listed(3, "欧阳锋"), listed(9, "路人甲")),
        kind="list",
        list_kind="disability",
    )
    work_off(sent_jobs)
    found = select(Import).where(
        Import.kind == ImportKind.LIST, Import.list_kind == ListKind.DISABILITY
    )
    import_ = db.session.execute(found).scalar_one()

    page = browser.get(f"/imports/{import_.id}")
    said = text_of(page)
    assert "Of the list 1 are matched and 1 possible; 1 are not ours" in said
    assert "Same ID number, same name." in said
    assert "甲*" in said
    assert cells_marked(page, "wrong") == []
    assert "路人" not in browser.get(f"/imports/{import_.id}?show=not_ours").text
    confirm(browser, import_)
    work_off(sent_jobs)
    assert "2 rows wait for their universities." in text_of(browser.get(f"/imports/{import_.id}"))
    assert members() == []
    assert only_import_of_kind(ListKind.DISABILITY).applied_at is not None


def only_import_of_kind(kind: ListKind) -> Import:
    db.session.expire_all()
    return db.session.execute(select(Import).where(Import.list_kind == kind)).scalar_one()
