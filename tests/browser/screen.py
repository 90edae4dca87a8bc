"""A screen with a real browser: what it complains about, and what every page must have."""

import datetime as dt
import re
from pathlib import Path
from typing import Self

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    expect,
)
from playwright.sync_api import Request as Sent

from placement.accounts.models import User
from placement.accounts.operations import set_password
from placement.db import transaction
from tests.factories import save

SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 800}}
PASSWORD = "一把旧伞-晴天也带着"
_INSPECTION = Path(__file__).with_name("inspection.js").read_text(encoding="utf-8")
_POLICY_WATCH = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("policy: " + event.violatedDirective + " " + event.blockedURI));
"""


def faults_of(page: Page, *, phone: bool) -> list[str]:
    """What a page lacks or has that no page may; `phone` demands targets for thumbs."""
    found: list[str] = page.evaluate(_INSPECTION, {"phone": phone})
    return found


def open_screen(browser: Browser, home: str, size: str) -> "Screen":
    """A window of a size, of a person who reads Chinese, before the site at `home`."""
    context = browser.new_context(
        base_url=home,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport=SIZES[size],
        is_mobile=size == "phone",
        has_touch=size == "phone",
    )
    return Screen(context, home, size=size)


class Screen:
    """One person's browser. `complaints` is what went wrong behind the pages."""

    def __init__(self, context: BrowserContext, home: str, *, size: str) -> None:
        self.size = size
        self.complaints: list[str] = []
        self._home = home
        self._context = context
        context.add_init_script(_POLICY_WATCH)
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("console", self._hear)
        self.page.on("request", self._see_request)
        self.page.on("response", self._see_response)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the browser's window, its cookies with it."""
        self._context.close()

    def sign_in(self, user: User) -> None:
        """Sign in at the door with a name and a password, as a person does."""
        user.locale = "zh_Hans_CN"
        save(user)
        with transaction():
            set_password(user, password=PASSWORD, actor_id=user.id)
        login = {"username": user.username, "password": PASSWORD}
        self.page.goto("/sign-in")
        self.look()
        self.enter(login)

    def enter(self, login: dict[str, str]) -> None:
        """Go in by the door with a user name and a password that exist."""
        self.page.goto("/sign-in")
        self.fill_door(login)

    def end_session(self) -> None:
        """Let the session end behind the person's back, as it does after half an hour."""
        self._context.clear_cookies(name="placement-sign-in")

    def fill_door(self, login: dict[str, str]) -> None:
        """Fill in the sign-in page that is shown."""
        self.page.get_by_label("用户名").fill(login["username"])
        self.page.get_by_label("密码").fill(login["password"])
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def leave(self) -> None:
        """Sign out by the menu of the own account."""
        self.page.get_by_label("我的账号").click()
        self.page.get_by_role("button", name="退出登录").click()
        self.page.wait_for_url(lambda url: "/sign-in" in url)

    def go(self, name: str) -> None:
        """Go to one of the places, on a phone to the rarer ones by 'more'."""
        link = self.place(name).first
        if not link.is_visible():
            self.page.get_by_role("navigation", name="主要栏目").locator("summary").click()
            link = self.place(name).last
        link.click()
        self.page.wait_for_load_state("load")

    def told(self, words: str) -> None:
        """Read the news on top of the page."""
        expect(self.page.locator("#flashes")).to_contain_text(words)

    def place(self, name: str) -> Locator:
        """One of the places that the frame leads to: left at a desk, below on a phone."""
        return self.page.get_by_role("navigation", name="主要栏目").get_by_role(
            "link", name=re.compile(rf"^{name}( |$)")
        )

    def choose(self, words: str) -> None:
        """Touch one chip of a choice."""
        self.page.get_by_role("radio", name=words, exact=True).check()

    def enter_day(self, label: str, day: dt.date) -> None:
        """Fill in a date."""
        self.page.get_by_label(label).fill(day.isoformat())

    def look(self) -> None:
        """Look at the page that is shown. Fails with everything that no page may have or lack."""
        self.page.wait_for_load_state("load")
        found = faults_of(self.page, phone=self.size == "phone")
        assert found == [], f"{self.page.url} ({self.size})"

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            self.complaints.append(f"console: {said.text}")

    def _see_request(self, sent: Sent) -> None:
        if not sent.url.startswith((self._home, "data:")):
            self.complaints.append(f"asked a stranger: {sent.url}")

    def _see_response(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")
