"""A notice is composed, counted while the form changes, and released by a second person."""

import dataclasses
import datetime as dt

import pytest
from playwright.sync_api import expect

from placement import clock
from placement.accounts.models import Role
from placement.composing.models import DraftState, NoticeDraft
from placement.db import db
from placement.fairs.models import Fair
from placement.students.models import Category
from tests.factories import make_member, make_outcome, make_student, make_user, save

pytestmark = pytest.mark.browser


@pytest.fixture
def fair(app, settings, cast, sent_jobs):
    """A fair in three days, mail on offer, three people of whom one has found a place."""
    app.config["SETTINGS"] = dataclasses.replace(
        settings, smtp_url="smtp://127.0.0.1:9", release_size=1
    )
    for code in ("70", "10"):
        student = make_student(cast.university)
        make_member(student, Category.RURAL_ORIGIN)
        make_outcome(student, code, verified=True)
    assert cast.lin_mei
    fair = Fair(
        title="春季招聘会",
        on=clock.today() + dt.timedelta(days=3),
        place="福州",
        class_year=2016,
        university_id=cast.university.id,
    )
    save(fair)
    yield fair
    app.config["SETTINGS"] = settings


def test_two_people_send_a_notice(screen, cast, fair):
    second = make_user(Role.UNIVERSITY, cast.university, username="second", display_name="陈复核")
    screen.sign_in(cast.zheng)
    page = screen.page
    page.goto(f"/fairs/{fair.id}/announce")
    count = page.locator("#head-count .big")
    expect(count).to_have_text("3 人")
    page.get_by_label("已落实去向的人").check()
    expect(count).to_have_text("2 人")
    screen.look()
    page.get_by_label("您要说的话", exact=False).first.fill("请带简历。")
    page.get_by_role("button", name="保存并查看").click()

    expect(page.frame_locator("iframe").first.get_by_text("请带简历。")).to_be_visible()
    screen.look()
    page.get_by_role("link", name="谁收不到，为什么").click()
    screen.look()
    page.go_back()
    page.get_by_role("button", name="提交复核").click()
    expect(page.get_by_text("等待第二人复核").first).to_be_visible()
    screen.look()

    page.context.clear_cookies()
    screen.sign_in(second)
    page.goto("/notices/drafts")
    screen.look()
    page.get_by_role("link", name="春季招聘会").click()
    screen.look()
    page.get_by_role("button", name="放行，发给 2 人").click()
    page.wait_for_url("**/notices/*")

    db.session.rollback()
    assert db.session.query(NoticeDraft).one().state is DraftState.SENT
