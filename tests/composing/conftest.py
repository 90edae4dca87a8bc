"""What tests of drafts share: a fair to come, and a way through the pages of a composer."""

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from placement import clock
from placement.composing.models import NoticeDraft
from placement.config import Settings
from placement.db import db
from placement.fairs.models import Fair
from tests.browsing import Browser
from tests.cast import Cast
from tests.factories import save

_AGREE = re.compile(r'name="(head_count|digest|version)" value="([^"]*)"')


@pytest.fixture
def fair(cast: Cast) -> Fair:
    """A fair of the university for the class of 2016, in three days."""
    fair = Fair(
        title="Spring fair",
        on=clock.today() + dt.timedelta(days=3),
        place="Fuzhou",
        class_year=2016,
        university_id=cast.university.id,
    )
    save(fair)
    return fair


@pytest.fixture
def offered(app: Flask, settings: Settings) -> Iterator[Callable[..., Settings]]:
    """Settings with a mail server and no quiet hours; `offered(release_size=1)` changes them."""

    def change(**changes: Any) -> Settings:
        usual = {"smtp_url": "smtp://127.0.0.1:9", "mail_quiet_hours": "off"}
        app.config["SETTINGS"] = dataclasses.replace(settings, **usual | changes)
        return app.config["SETTINGS"]

    change()
    yield change
    app.config["SETTINGS"] = settings


class Composer:
    """A member of staff at the pages of drafts."""

    def __init__(self, browser: Browser, fair: Fair) -> None:
        self.browser = browser
        self.fair_id = fair.id

    def compose(self, **fields: Any) -> TestResponse:
        """Send the form of a new draft."""
        given = {"channels": ["inbox"], "when": "now", **fields}
        return self.browser.submit(f"/fairs/{self.fair_id}/announce", **given)

    def draft(self, **fields: Any) -> NoticeDraft:
        """Compose a draft and give its row."""
        response = self.compose(**fields)
        assert response.status_code == 302, response.text
        return self.newest()

    def newest(self) -> NoticeDraft:
        """The draft that was made last, as the database has it now."""
        db.session.rollback()
        db.session.expire_all()
        return db.session.query(NoticeDraft).order_by(NoticeDraft.id.desc()).first()

    def shown(self, draft: NoticeDraft) -> dict[str, str]:
        """What the page of a draft asks somebody to agree to."""
        return dict(_AGREE.findall(self.page(draft)))

    def page(self, draft: NoticeDraft, path: str = "") -> str:
        """A page of a draft."""
        response = self.browser.get(f"/notices/drafts/{draft.id}{path}")
        assert response.status_code == 200
        return response.text

    def act(self, draft: NoticeDraft, act: str, **fields: Any) -> TestResponse:
        """Press a button of the page: `hand-in`, `release`, `take-back`, `discard`, `restore`."""
        return self.browser.submit(f"/notices/drafts/{draft.id}/{act}", **fields)

    def agree(self, draft: NoticeDraft, act: str = "hand-in") -> TestResponse:
        """Agree to exactly what the page shows."""
        return self.act(draft, act, **self.shown(draft))


@pytest.fixture
def composer(browser: Browser, cast: Cast, fair: Fair, offered: Any, sent_jobs: Any) -> Composer:
    """Ms Zheng, who announces the fair of her university."""
    browser.sign_in(cast.zheng)
    return Composer(browser, fair)
