"""The place that a page belongs to is marked, also on the pages below it."""

import re

import pytest

from placement.desk.places import place_of
from tests.access.table import ACCESS

NOWHERE = ("/account", "/files", "/password")
"""Pages about the person who is signed in, which belong to no place of staff."""


def marked(page):
    """The places that a page marks, as (how, label)."""
    found = re.findall(
        r'aria-current="(page|true)">\s*<svg.*?<span class="label">(.*?)<', page, re.S
    )
    return set(found)


@pytest.mark.parametrize(
    ("who", "path", "place"),
    [
        pytest.param("chen", "/today", ("page", "Today"), id="the-place-itself"),
        pytest.param("chen", "/cases/{case}", ("true", "Students"), id="a-case"),
        pytest.param("chen", "/cases/group-talk", ("true", "Today"), id="longest-beginning-counts"),
        pytest.param("zheng", "/cases/closings", ("true", "Overview"), id="closings"),
        pytest.param("zheng", "/notices/drafts", ("true", "Notices"), id="drafts"),
        pytest.param("lin_mei_user", "/my/outcome", ("true", "Me"), id="own-outcome"),
        pytest.param("lin_mei_user", "/my/wishes", ("true", "Jobs"), id="own-wishes"),
    ],
)
def test_place_of_a_page_is_marked(browser, cast, who, path, place):
    browser.sign_in(getattr(cast, who))

    assert marked(browser.get(path.format(case=cast.case.id)).text) == {place}


def test_every_page_of_a_role_belongs_to_a_place(app):
    pages = [
        (role.value, rule.rule)
        for rule in app.url_map.iter_rules()
        for role in ACCESS.get(rule.endpoint, ())
        if "GET" in (rule.methods or ())
        and rule.rule != "/"
        and not rule.rule.startswith(NOWHERE)
        and place_of(role, rule.endpoint, rule.rule) is None
    ]

    assert pages == []


def test_own_account_belongs_to_no_place(browser, cast):
    browser.sign_in(cast.chen)

    assert marked(browser.get("/account").text) == set()
