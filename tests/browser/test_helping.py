"""The plan is shared, in Chinese, on a phone and at a desk: student, helper and approver."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from placement import clock
from placement.accounts.queries import viewer_of
from placement.cases.models import ActionKind
from placement.cases.operations import add_action, set_goal, set_next_step
from placement.db import transaction
from placement.students.models import Category
from tests.factories import make_member, save

pytestmark = pytest.mark.browser


@pytest.fixture
def plan(cast) -> int:
    """A plan with a goal and a step, of a student of this year; the case's number."""
    case, today = cast.case, clock.today()
    cast.lin_mei.class_year = today.year + (today.month >= 9)
    cast.university.approves_plans = True
    save(cast.lin_mei, cast.university)
    make_member(cast.lin_mei, Category.FAMILY_HARDSHIP, hardship_class="low_income")
    with transaction():
        actor = viewer_of(cast.chen)
        soon = today + dt.timedelta(days=9)
        set_next_step(
            case, actor=actor, next_step="改好简历", next_contact_on=soon, version=case.version
        )
        set_goal(case, actor=actor, title="在福州找到岗位")
        kind = ActionKind.GUIDANCE
        add_action(case, actor=actor, kind=kind, title="到办公室模拟面试", due_on=soon)
    return case.id


def test_plan_is_shared_with_student_helper_and_approver(screen, cast, plan):
    page = screen.page
    screen.sign_in(cast.chen)
    page.goto(f"/cases/{plan}")
    screen.look()
    page.get_by_role("link", name="计划已制定，提交审批").click()
    screen.look()
    page.get_by_role("button", name="提交审批").click()
    expect(page.locator("#flashes")).to_contain_text("由其他人审阅")
    page.goto(f"/cases/{plan}/helpers")
    screen.look()
    page.get_by_role("link", name="结对帮扶人").click()
    screen.look()
    screen.choose("校友")
    page.get_by_label("帮扶人姓名").fill("苏学长")
    page.get_by_label("帮扶内容").fill("每两周一起练习面试")
    page.get_by_role("button", name="保存").click()
    screen.look()
    page.get_by_role("button", name="为苏学长生成新链接").click()
    screen.look()
    link = urlsplit(page.get_by_label("链接").input_value()).path

    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_contain_text("梅")
    screen.look()
    page.get_by_label("帮扶情况").fill("练了两次，比上次从容。")
    page.get_by_role("button", name="发给辅导员").click()
    expect(page.locator("main")).to_contain_text("练了两次，比上次从容。")
    screen.look()
    page.goto(f"/cases/{plan}/helpers")
    screen.look()
    page.goto("/helpers")
    screen.look()


def test_student_answers_the_plan_and_sees_who_helps(screen, cast, plan):
    page = screen.page
    screen.sign_in(cast.lin_mei_user)
    page.goto("/my/plan")
    screen.look()
    page.get_by_role("link", name="我有疑问：到办公室模拟面试").click()
    screen.look()
    page.locator("textarea").fill("可以视频吗？")
    page.get_by_role("button", name="询问辅导员").click()
    expect(page.locator("main")).to_contain_text("可以视频吗？")
    page.get_by_role("button", name="我同意：到办公室模拟面试").click()
    expect(page.locator("main")).to_contain_text("你已同意")
    screen.look()
    page.get_by_role("link", name="查看补贴").click()
    screen.look()
    if clock.today().month not in {7, 8}:
        page.get_by_role("link", name="登记进度：求职创业补贴").click()
        screen.look()
        page.get_by_label("申请表").check()
        page.get_by_role("button", name="保存进度").click()
        expect(page.locator("#flashes")).to_contain_text("已保存你的进度")
    page.goto("/my")
    screen.look()
