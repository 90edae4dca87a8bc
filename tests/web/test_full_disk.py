"""A full disk of the database: a page and a command that say so, and nothing half done."""

import errno

import pytest

from placement.cli import fairs
from placement.db import db
from placement.errors import is_disk_full
from placement.fairs.models import Fair

_FULL = """
    CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON fairs EXECUTE FUNCTION full_disk()
"""
FAIR = {"title": "T", "on": "2036-01-01", "place": "P"}


@pytest.fixture
def full_disk(superuser):
    superuser.execute(_FULL)
    yield
    db.session.rollback()
    superuser.execute("DROP TRIGGER full_disk ON fairs; DROP FUNCTION full_disk()")


@pytest.mark.parametrize(("locale", "words"), [("en", "No room left"), ("zh_Hans_CN", "磁盘已满")])
def test_an_act_that_finds_no_room_says_so(browser, cast, full_disk, locale, words):
    cast.zheng.locale = locale
    db.session.commit()
    browser.sign_in(cast.zheng)

    page = browser.submit("/fairs/new", **FAIR)

    assert page.status_code == 507
    assert words in page.text
    assert db.session.query(Fair).count() == 0


def test_a_command_that_finds_no_room_says_so_in_one_line(typed, full_disk):
    words = [word for name, value in FAIR.items() for word in (f"--{name}", value)]

    done = typed(fairs, "fairs", "add", *words)

    assert done.exit_code == 1
    assert "placement: The disk is full" in done.stderr
    assert "Traceback" not in done.output


def test_a_full_disk_of_our_own_is_known_too():
    ours = ValueError("not written")
    ours.__cause__ = OSError(errno.ENOSPC, "No space left on device")

    assert is_disk_full(ours)
    assert not is_disk_full(ValueError("something else"))
