"""The three main ways, in Chinese, on a phone and at a desk: help one person, answer, account."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from placement import clock
from placement.accounts.models import User
from placement.cases.models import Case, FollowUp
from placement.db import db
from placement.jobs import laid_out
from placement.jobs.models import DeclineReason, Posting, PostingResponse, ResponseKind
from placement.jobs.operations import refresh_lists
from placement.students.models import Category, StandingKind
from tests.factories import (
    make_member,
    make_outcome,
    make_standing,
    make_student,
    save,
)
from tests.openings import make_posting, make_wish

pytestmark = pytest.mark.browser


@pytest.fixture
def overdue(cast) -> dt.date:
    """Lin Mei should have been called three days ago; the day."""
    day = clock.today() - dt.timedelta(days=3)
    cast.case.next_contact_on = day
    save(cast.case)
    return day


def test_counselor_helps_the_first_of_today(screen, cast, overdue):
    page, case_id = screen.page, cast.case.id
    next_on = clock.today() + dt.timedelta(days=5)
    screen.sign_in(cast.chen)

    expect(page).to_have_url("/today")
    expect(page.locator("#today-list")).to_contain_text("逾期 3 天")
    screen.look()
    page.get_by_role("link", name="林梅", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("林梅")
    screen.look()
    page.get_by_role("link", name="记录跟进").click()
    screen.look()
    screen.choose("办公室面谈")
    page.get_by_label("下一步").fill("陪她去面试。")
    page.get_by_label("谈话内容").fill("周五去福州面试，材料已备好。")
    screen.enter_day("下次联系", next_on)
    page.get_by_role("button", name="保存").click()

    expect(page).to_have_url(f"/cases/{case_id}")
    expect(page.locator("#flashes")).to_contain_text("跟进已记录。")
    expect(page.locator("#timeline")).to_contain_text("周五去福州面试，材料已备好。")
    screen.look()
    db.session.expire_all()
    case = db.session.get_one(Case, case_id)
    assert (case.next_contact_on, case.next_step) == (next_on, "陪她去面试。")
    assert db.session.query(FollowUp).one().contacted_on == clock.today()

    screen.place("今日").click()
    expect(page.locator("#today-list")).not_to_contain_text("林梅")
    screen.look()


@pytest.fixture
def posting(cast) -> Posting:
    """A posting on Lin Mei's list."""
    laid_out.forget()
    make_wish(cast.lin_mei)
    posting = make_posting(title="档案管理员")
    today = clock.today()
    refresh_lists([cast.lin_mei.id], offers=laid_out.live_offers(today), day=today)
    db.session.commit()
    return posting


def open_job(screen, user: User) -> None:
    screen.sign_in(user)
    screen.place("岗位").click()
    expect(screen.page.get_by_role("heading", level=1)).to_have_text("为你挑的岗位")
    screen.look()
    screen.page.get_by_role("link", name="档案管理员", exact=True).click()
    expect(screen.page.get_by_role("heading", level=1)).to_have_text("档案管理员")
    screen.look()


def answers() -> list[tuple[ResponseKind, DeclineReason | None]]:
    db.session.expire_all()
    return [(answer.kind, answer.reason) for answer in db.session.query(PostingResponse)]


def test_student_has_applied(screen, cast, posting):
    open_job(screen, cast.lin_mei_user)

    screen.page.get_by_role("button", name="我已投递").click()

    expect(screen.page.locator("#flashes")).to_contain_text("祝你顺利！")
    screen.look()
    assert answers() == [(ResponseKind.APPLIED, None)]


def test_student_says_why_not(screen, cast, posting):
    page = screen.page
    open_job(screen, cast.lin_mei_user)

    page.get_by_role("link", name="不适合我，因为…").click()
    screen.look()
    screen.choose("离得太远")
    page.get_by_role("button", name="就这样说").click()

    expect(page.locator("#flashes")).to_contain_text("谢谢，不会再推荐这个岗位。")
    expect(page.locator(f"#job-{posting.id}")).to_have_count(0)
    screen.look()
    assert answers() == [(ResponseKind.DECLINED, DeclineReason.TOO_FAR)]


@pytest.fixture
def register(cast) -> None:
    """Two placed, one unknown, one left out; another university's student is unknown too."""
    make_outcome(cast.lin_mei)
    for code in ("80", None):
        student = make_student(cast.university)
        make_member(student, Category.RURAL_ORIGIN)
        if code:
            make_outcome(student, code)
    deferred = make_student(cast.university)
    make_member(deferred, Category.RURAL_ORIGIN)
    make_standing(deferred, StandingKind.DEFERRED)
    assert cast.stranger


def test_province_reads_a_rate_and_goes_to_its_people(screen, cast, register):
    page = screen.page
    screen.sign_in(cast.huang)
    screen.look()

    screen.place("统计").click()
    expect(page.locator(".sentence")).to_contain_text("50.00 %")
    screen.look()
    page.get_by_label("分母").select_option("registered")
    expect(page.locator(".sentence")).to_contain_text("40.00 %")
    placed = page.locator(".sentence a.number").last
    expect(placed).to_have_text("2")
    placed.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("数字背后的人")
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(2)
    expect(page.locator("main")).not_to_contain_text("林梅")
    screen.look()


def test_university_sees_its_people_by_name(screen, cast, register):
    page = screen.page
    screen.sign_in(cast.zheng)

    screen.page.goto("/reports/rates")
    expect(page.locator(".sentence")).to_contain_text("66.67 %")
    page.locator(".sentence a.number").last.click()

    expect(page.locator("main tbody")).to_contain_text("林梅")
    page.get_by_role("link", name="林梅").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("这个人怎么计")
    expect(page.locator("main")).to_contain_text("林梅")
    screen.look()
