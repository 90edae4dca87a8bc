"""A fair on a demo province: announced, reminded of, answered, attended and followed up.

Everything is real: the processes of the demo and its mailbox, an administrator and a counselor at
a desk, a student with a phone.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from placement.clock import ZONE
from tests.browser.demo_province import Demo
from tests.browser.screen import Screen, open_screen

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A small province."""
    running = Demo(tmp_path_factory.mktemp("demo"))
    try:
        running.wait()
        yield running
    finally:
        running.stop()


@pytest.fixture
def enter(demo: Demo, chromium: Browser) -> Iterator[object]:
    """Sign one of the four people in at a screen; complaints of the browser fail the test."""
    shown: list[Screen] = []

    def sign_in(role: str, size: str) -> Screen:
        screen = open_screen(chromium, demo.home, size)
        shown.append(screen)
        name, password = demo.account(role)
        screen.page.goto("/sign-in")
        screen.page.get_by_label("用户名").fill(name)
        screen.page.get_by_label("密码").fill(password)
        screen.page.get_by_role("button", name="登录").click()
        screen.page.wait_for_url(lambda url: "/sign-in" not in url)
        return screen

    yield sign_in
    for screen in shown:
        with screen:
            assert screen.complaints == []


def test_life_of_a_fair(demo, enter):
    title = "就业服务日招聘会"
    host, student, counselor = (
        enter("university", "desk"),
        enter("student", "phone"),
        enter("counselor", "desk"),
    )
    fair = plan(host, title)
    give_a_stand(host, fair)
    notice = announce(host, fair)
    read(student, title)
    demo.let_a_day_pass_for_notices()
    see_the_reminder(host, notice)
    code = answer(student, fair, f"您参加吗？{title}")
    move_to_today(host, fair)
    attend(counselor, fair, code)
    tell(student, fair)
    follow_up(counselor, title)


def plan(host: Screen, title: str) -> str:
    """Plan a fair in three days; its address."""
    page = host.page
    page.goto("/fairs/new")
    host.look()
    page.get_by_label("名称").fill(title)
    page.get_by_label("日期").fill((today() + dt.timedelta(days=3)).isoformat())
    page.get_by_label("地点").fill("学生活动中心")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    host.look()
    return path_of(page)


def today() -> dt.date:
    """The day in the province, as the demo's own clock has it."""
    return dt.datetime.now(ZONE).date()


def path_of(page: Page) -> str:
    """The address of the page that is shown, without its host."""
    return re.sub(r"^https?://[^/]+", "", page.url)


def give_a_stand(host: Screen, fair: str) -> None:
    """Find an employer who is known and give them a stand with all that they offer."""
    page = host.page
    page.goto(f"{fair}/stands/new")
    page.get_by_label("展位给哪家单位？").fill("福州")
    page.get_by_role("button", name="搜索").click()
    host.look()
    page.locator("a.row-link").first.click()
    host.look()
    page.get_by_label("展位", exact=True).fill("A01")
    page.get_by_role("button", name="添加展位").click()
    expect(page.locator("#flashes")).to_contain_text("展位已添加")
    host.look()


def announce(host: Screen, fair: str) -> str:
    """Tell everybody of the university by mail and in the inbox; the address of the notice."""
    page = host.page
    page.goto(f"{fair}/announce")
    page.get_by_label("几天后提醒").fill("1")
    host.look()
    page.get_by_role("button", name="保存并查看").click()
    expect(page.locator("main")).to_contain_text("发出 1 天后提醒尚未回复的人一次。")
    host.look()
    page.get_by_role("button", name=re.compile("发送给")).click()
    expect(page.locator("#flashes")).to_contain_text("通知")
    host.look()
    return path_of(page)


def read(student: Screen, title: str) -> None:
    """Read the message and say nothing yet."""
    page = student.page
    student.place("消息").click()
    expect(page.locator("main")).to_contain_text(title)
    student.look()
    page.get_by_role("button", name=re.compile(title)).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    student.look()


def see_the_reminder(host: Screen, notice: str) -> None:
    """See on the page of the notice that those without an answer have been reminded."""
    page = host.page
    page.goto(notice)
    expect(page.locator("main")).to_contain_text(re.compile("已于 .* 提醒。"))
    host.look()


def move_to_today(host: Screen, fair: str) -> None:
    """Move the fair to today; who signed up is told."""
    page = host.page
    page.goto(f"{fair}/edit")
    page.get_by_label("日期").fill(today().isoformat())
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#flashes")).to_contain_text("已通知 1 人。")
    host.look()


def answer(student: Screen, fair: str, title: str) -> str:
    """Open the reminder, look at what fits, sign up, keep the date; the ticket's code."""
    page = student.page
    student.place("消息").click()
    expect(page.locator("main")).to_contain_text(title)
    student.look()
    page.get_by_role("button", name=re.compile(title)).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    student.look()
    page.goto(fair)
    student.look()
    page.get_by_role("button", name="我要报名").click()
    expect(page.locator("#flashes")).to_contain_text("报名成功")
    student.look()
    with page.expect_download() as taken:
        page.get_by_role("link", name="加入日历").first.click()
    assert "BEGIN:VEVENT" in Path(taken.value.path()).read_text("utf-8")
    page.get_by_role("link", name="我的入场券").click()
    picture = page.get_by_role("img", name="入场二维码")
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("picture => picture.naturalWidth") > 0
    student.look()
    return page.locator(".ticket .code").inner_text()


def attend(counselor: Screen, fair: str, code: str) -> None:
    """Type the code at the door, once too often; then note what came of it and what is next."""
    page = counselor.page
    page.goto(f"{fair}/door")
    counselor.look()
    for said in ("已签到。", "此前已签到"):
        page.get_by_label("入场码").fill(code)
        page.get_by_role("button", name="签到", exact=True).click()
        expect(page.locator("#flashes")).to_contain_text(said)
        counselor.look()
    page.goto(f"{fair}?show=came")
    page.get_by_role("link", name=re.compile("记录.*的结果")).first.click()
    counselor.look()
    page.get_by_label("展位").select_option(index=1)
    counselor.choose("约定面试")
    page.get_by_label("下一步").fill("陪他准备面试。")
    counselor.enter_day("下次联系", today())
    page.get_by_role("button", name="记录", exact=True).click()
    expect(page.locator("#who")).to_contain_text("约定面试")
    counselor.look()


def tell(student: Screen, fair: str) -> None:
    """See what was noted, and add a word of one's own."""
    page = student.page
    page.goto(fair)
    expect(page.locator("main")).to_contain_text("约定面试")
    page.get_by_role("link", name="填写结果").click()
    student.look()
    student.choose("未达成意向")
    page.get_by_label("说明").fill("其他展位不太合适。")
    page.get_by_role("button", name="记录", exact=True).click()
    expect(page.locator("main")).to_contain_text("未达成意向")
    student.look()
    page.goto("/my/plan")
    expect(page.locator("main")).to_contain_text("陪他准备面试。")


def follow_up(counselor: Screen, title: str) -> None:
    """The student stands on the list of today; the fair is in their story."""
    page = counselor.page
    page.goto("/today")
    expect(page.locator("#today-list")).to_contain_text("陪他准备面试。")
    counselor.look()
    row = page.locator(".row-item", has_text="陪他准备面试。").first
    row.locator("a[data-row]").click()
    expect(page.locator("#timeline")).to_contain_text(title)
    expect(page.locator("#timeline")).to_contain_text("约定面试")
    counselor.look()
