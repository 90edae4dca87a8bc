"""Three people at the system, from signing in to signing out, as a person goes: by what they see.

Nothing here knows the database: who works and what waits for them is given.
"""

import re

from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen

_SAVE = "保存"


def counselors_day(screen: Screen, login: dict[str, str], *, another: str) -> str:
    """A counselor's whole day; the name of who was helped first. `another` is somebody else."""
    page = screen.page
    screen.enter(login)
    expect(page).to_have_url("/today")
    screen.look()
    name = _rows(screen).first.locator("[data-row]").inner_text()
    _note_in_three_taps(screen, name)
    _plan_with(screen)
    _work_the_list(screen, name)
    _look_up(screen, another)
    _lose_the_session(screen, login)
    _talk_to_several(screen)
    for place in ("岗位", "招聘会", "去向", "帮扶服务", "责任名单"):
        screen.go(place)
        screen.look()
    screen.leave()
    return name


def students_contact(screen: Screen, login: dict[str, str]) -> None:
    """A student's whole contact with the system: plan, wishes, job, fair, message, outcome."""
    page = screen.page
    screen.enter(login)
    expect(page).to_have_url("/my/plan")
    screen.look()
    page.get_by_role("button", name="我需要帮助").click()
    screen.told("辅导员今天就会看到。")
    screen.place("岗位").click()
    screen.look()
    page.get_by_role("link", name="我的意愿").first.click()
    screen.look()
    page.get_by_label("我会什么").fill("会剪辑视频，有驾驶证。")
    page.get_by_role("button", name=_SAVE).click()
    expect(page).to_have_url(re.compile("/my/jobs"))
    screen.place("招聘会").click()
    screen.look()
    page.get_by_role("button", name=re.compile("我要报名")).first.click()
    expect(page.locator("main")).to_contain_text("已报名")
    screen.place("消息").click()
    screen.look()
    screen.place("我").click()
    expect(page.get_by_role("heading", name="谁看过我的档案")).to_be_visible()
    screen.look()
    page.get_by_role("link", name="我的去向登记").click()
    screen.look()
    _report_an_outcome(screen)
    screen.leave()


def administrators_week(screen: Screen, login: dict[str, str]) -> None:
    """An administrator's weekly round: who is left out, what stands still, what is to decide."""
    page = screen.page
    screen.enter(login)
    expect(page).to_have_url("/overview")
    screen.look()
    page.get_by_role("link", name="停滞个案").click()
    page.get_by_role("link", name="有联系但无进展").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("停滞个案")
    screen.look()
    screen.go("总览")
    page.get_by_role("link", name="待批结案").click()
    screen.look()
    screen.go("核验")
    screen.look()
    page.locator("main").get_by_role("link", name=re.compile("全部")).first.click()
    screen.look()
    for place in ("学生", "导入", "通知", "统计", "帮扶服务"):
        screen.go(place)
        screen.look()
    screen.go("责任分工")
    page.get_by_role("link", name="批量调整责任人").click()
    screen.look()
    screen.go("责任分工")
    page.get_by_role("link", name="指定默认辅导员").click()
    screen.look()
    screen.go("责任分工")
    page.get_by_role("link", name="结对帮扶").click()
    expect(page.locator("main table")).to_contain_text("帮扶")
    screen.look()
    page.get_by_role("link", name="批量结对").click()
    screen.look()
    screen.go("设置")
    screen.look()
    screen.leave()


def _rows(screen: Screen) -> Locator:
    return screen.page.locator("#today-list .row-item")


def _note_in_three_taps(screen: Screen, name: str) -> None:
    """Open the first person; from there a contact is noted with three taps and nothing typed."""
    page = screen.page
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    screen.look()
    taps = (
        page.locator("summary", has_text="快速跟进"),
        page.get_by_role("radio", name="已接通，有面试"),
        page.get_by_role("button", name=_SAVE),
    )
    for tap in taps:
        tap.click()
    screen.told(f"{name}：跟进已记录。")
    expect(page.locator("#timeline")).to_contain_text("已接通，有面试")
    screen.look()


def _plan_with(screen: Screen) -> None:
    """Note what stands in the way, what is aimed at, what is done, and adjusted hopes."""
    page = screen.page
    page.get_by_role("link", name="记录障碍").click()
    screen.look()
    page.get_by_label("障碍").select_option(label="信心不足")
    page.get_by_label("具体说明").fill("不敢打电话。")
    _save_and_read(screen, "障碍已记录。")
    page.get_by_role("link", name="设定目标").click()
    page.get_by_label("目标", exact=True).fill("主动联系三家单位")
    _save_and_read(screen, "目标已设定。")
    page.get_by_role("link", name="安排措施").click()
    screen.look()
    page.get_by_label("帮扶类型").select_option(label="就业指导")
    page.get_by_label("措施", exact=True).fill("模拟面试一次")
    _save_and_read(screen, "措施已安排。")
    page.get_by_role("link", name="调整就业期望").click()
    page.get_by_label("意向地点").fill("福州、厦门")
    page.get_by_label("最低月薪（元）").fill("4200")
    _save_and_read(screen, "就业期望已记录。")
    expect(page.locator("main")).to_contain_text("4,200 元以上")
    screen.look()


def _save_and_read(screen: Screen, said: str) -> None:
    screen.page.get_by_role("button", name=_SAVE).click()
    screen.told(said)


def _work_the_list(screen: Screen, done: str) -> None:
    """The one who was helped is gone; a call in vain and a putting off in place, and back."""
    page = screen.page
    screen.go("今日")
    expect(page.locator("#today-list")).not_to_contain_text(done)
    row = _rows(screen).first
    name = row.locator("[data-row]").inner_text()
    row.locator("summary", has_text="快速跟进").click()
    row.get_by_role("radio", name="未接通").click()
    row.get_by_role("button", name=_SAVE).click()
    expect(page.locator("#today-list")).not_to_contain_text(name)
    page.locator("#flashes").get_by_role("button", name="撤销").click()
    screen.told("跟进记录已撤回。")
    screen.go("今日")
    expect(page.locator("#today-list")).to_contain_text(name)
    row = _rows(screen).filter(has_text=name)
    row.get_by_role("button", name="明天").click()
    expect(page.locator("#today-list")).not_to_contain_text(name)
    page.locator("#flashes").get_by_role("button", name="撤销").click()
    expect(page.locator("#today-list")).to_contain_text(name)
    screen.look()


def _look_up(screen: Screen, name: str) -> None:
    """The box proposes while one types; the first proposal is opened by keyboard or thumb."""
    page = screen.page
    if screen.size == "phone":
        page.get_by_role("link", name="查找学生").click()
    box = page.get_by_role("combobox", name="查找学生")
    box.press_sequentially(name)
    option = page.get_by_role("option", name=re.compile(name)).first
    expect(option).to_be_visible()
    screen.look()
    if screen.size == "phone":
        option.click()
    else:
        box.press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def _lose_the_session(screen: Screen, login: dict[str, str]) -> None:
    """The session ends while a note is typed; after signing in again the words are there."""
    page = screen.page
    page.get_by_role("link", name="记录跟进").click()
    page.get_by_label("谈话内容").fill("周五去厦门面试。")
    expect(page.locator("[data-draft-line]").first).to_contain_text("已暂存在本机")
    screen.end_session()
    page.get_by_role("button", name=_SAVE).click()
    page.wait_for_url(lambda url: "/sign-in" in url)
    screen.fill_door(login)
    expect(page.get_by_label("谈话内容")).to_have_value("周五去厦门面试。")
    expect(page.locator("[data-draft-line]").first).to_contain_text("已找回")
    page.get_by_role("button", name="不要了").click()


def _talk_to_several(screen: Screen) -> None:
    page = screen.page
    screen.go("今日")
    page.get_by_role("link", name="集体座谈").click()
    page.get_by_label("谈话内容").fill("讲了本周的招聘会。")
    people = page.get_by_role("group", name="参加人员")
    whole, each = people.locator("[data-check-all]").first, people.locator("[name=people]")
    whole.check()
    expect(each.first).to_be_checked()
    whole.uncheck()
    for number in range(2):
        each.nth(number).check()
    page.get_by_label("尚无下一步者的下一步").fill("参加周五的招聘会。")
    screen.look()
    page.get_by_role("button", name="先看一遍").click()
    expect(page.locator("main")).to_contain_text("讲了本周的招聘会。")
    screen.look()
    page.get_by_role("button", name="修改").click()
    expect(each.nth(1)).to_be_checked()
    page.get_by_role("button", name="先看一遍").click()
    page.get_by_role("button", name="为每人记录").click()
    screen.told("2 人")
    page.locator("#flashes").get_by_role("button", name="撤销").click()
    screen.told("这次集体座谈的记录已撤回。")


def _report_an_outcome(screen: Screen) -> None:
    page = screen.page
    page.get_by_role("link", name="我有去向了").first.click()
    screen.look()
    page.get_by_label("毕业去向").select_option("76")
    page.get_by_role("button", name="登记去向").click()
    screen.told("学校会进行核验")
    screen.look()
