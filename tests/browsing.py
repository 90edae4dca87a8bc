"""A browser without script: signs in, sends forms with their real token, inspects every page."""

import re
import secrets
from html.parser import HTMLParser
from typing import Any

from flask import Flask, g
from werkzeug.test import TestResponse

from placement import clock
from placement.accounts.models import SignIn, User
from placement.accounts.operations.sign_ins import token_hash
from placement.db import db

_VOID = {
    "area",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "wbr",
}
_UNLABELLED = {"hidden", "submit", "button", "image", "reset"}


class Browser:
    """What a person does at a screen."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self._token_of: tuple[str, str] = ("", "")

    def sign_in(self, user: User) -> "Browser":
        """Hold a session of `user`, as if they had signed in."""
        token = secrets.token_urlsafe(16)
        db.session.rollback()
        db.session.add(
            SignIn(
                token_hash=token_hash(token),
                user_id=user.id,
                expires_at=clock.now().replace(year=clock.now().year + 1),
            )
        )
        db.session.commit()
        self.client.set_cookie("placement-sign-in", token)
        return self

    def get(self, url: str, **options: Any) -> TestResponse:
        """Open a page; an HTML answer is inspected."""
        _forget_request()
        return self._inspected(self.client.get(url, **options))

    def submit(self, url: str, *, token: str | None = None, **fields: Any) -> TestResponse:
        """Send a form with the real token of this session (or with `token`)."""
        data = {"csrf_token": self.token() if token is None else token, **fields}
        _forget_request()
        return self._inspected(self.client.post(url, data=data))

    def token(self) -> str:
        """The token against forgery of this session, as a page carries it."""
        session, token = self._token_of
        if session and session == self._session():
            return token
        _forget_request()
        page = self.client.get("/sign-in").get_data(as_text=True)
        found = re.search(r'name="csrf-token"\s+content="([^"]+)"', page)
        assert found, "the page carries no token"
        self._token_of = (self._session(), found.group(1))
        return found.group(1)

    def _session(self) -> str:
        """The cookie that holds what the token belongs to; the token is good until it changes."""
        cookie = self.client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return "" if cookie is None else str(cookie.value)

    def _inspected(self, response: TestResponse) -> TestResponse:
        # The test and the request must not share what neither has committed.
        db.session.rollback()
        db.session.expire_all()
        if response.mimetype == "text/html" and response.data.strip().startswith(b"<!DOCTYPE"):
            inspect_page(response.get_data(as_text=True))
        return response


def _forget_request() -> None:
    # Within a test's application context Flask keeps `g` from one request to the next.
    for name in list(g):
        g.pop(name)


class _Page(HTMLParser):
    """Collects what a page must have."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings = 0
        self.title = ""
        self.labels: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note headings, labels, fields, and what the page's policy would block."""
        values = dict(attrs)
        if tag not in _VOID:
            self.open.append(tag)
        self.headings += tag == "h1"
        if tag == "label" and values.get("for"):
            self.labels.add(str(values["for"]))
        if tag in {"input", "select", "textarea"} and values.get("type") not in _UNLABELLED:
            wrapped = (
                "label" in self.open or values.get("aria-label") or values.get("aria-labelledby")
            )
            self.fields.append(values | {"wrapped": "yes" if wrapped else None})
        if tag == "form" and not values.get("action"):
            self.faults.append("a form without action")
        if "style" in values or any(name.startswith("on") for name in values):
            self.faults.append(f"<{tag}> with an inline style or script")
        if tag == "style" or (tag == "script" and not values.get("src")):
            self.faults.append(f"an inline <{tag}>")
        if tag == "img" and values.get("alt") is None:
            self.faults.append("a picture without alt")

    def handle_endtag(self, tag: str) -> None:
        """Every element ends where it began."""
        if tag in _VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")

    def handle_data(self, data: str) -> None:
        """Collect the title."""
        if self.open and self.open[-1] == "title":
            self.title += data


def inspect_page(html: str) -> None:
    """Fail for a page that does not parse, or lacks what every page must have."""
    page = _Page()
    page.feed(html)
    page.close()
    assert not page.open, f"never closed: {page.open}"
    assert not page.faults, page.faults
    assert page.headings == 1, f"{page.headings} h1 on '{page.title.strip()}'"
    assert page.title.strip(), "the page has no title"
    bare = [f for f in page.fields if not f["wrapped"] and f.get("id") not in page.labels]
    assert not bare, f"fields without label: {bare}"
