"""Every route with every role, on own and on foreign objects."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from placement.accounts.access import PUBLIC as PUBLIC_MARK
from placement.accounts.models import Role
from tests.access.table import ACCESS, PUBLIC
from tests.access.world import World

# Values of route variables that name no object.
PLAIN = {
    "filename": "placement.css",
    "column": "mobile",
    "day": "2026-01-02",
    "token": "none",
    "channel": "mail",
    "choice": "on",
    "subsidy": "job_search",
    "form": "csv",
    "class_year": 2016,
    "kind": "students",
    "name": "barriers",
    "code": "skills",
    "rules": "service_standards",
    "rule": "guidance",
}
# Postings are for everybody: there is no foreign one.
SHARED = {"posting_id", "publication_id", "term_id", "rule_id"}
# What an administrator of the province may see although it belongs to a university: everything.
SEES_ALL = {Role.PROVINCE}


@pytest.fixture
def world(cast, settings) -> World:
    return World(cast, settings)


def rules(app) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if not rule.endpoint.startswith("demo.")]


def methods_of(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def visits(app) -> Iterator[tuple[Rule, str]]:
    for rule in rules(app):
        for method in methods_of(rule):
            yield rule, method


def call(app, browser, rule: Rule, method: str, values: dict[str, Any]) -> TestResponse:
    with app.test_request_context():
        url = app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
    if method == "GET":
        return browser.get(url)
    return browser.submit(url)


def values_for(rule: Rule, belongings) -> dict[str, Any]:
    plain = {name: PLAIN[name] for name in rule.arguments & set(PLAIN)}
    return plain | belongings.fill(rule.arguments - set(PLAIN))


def test_every_route_stands_in_the_table(app):
    endpoints = {rule.endpoint for rule in rules(app)}

    assert endpoints == set(ACCESS) | PUBLIC


def test_only_what_the_table_calls_public_is_open(app):
    marked = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if getattr(view, PUBLIC_MARK, False)
    }

    assert marked | {"static", "bootstrap.static"} == PUBLIC


def test_strangers_are_led_to_the_door(app, browser, world):
    wrong = {}
    for rule, method in visits(app):
        if rule.endpoint in PUBLIC:
            continue
        response = call(app, browser, rule, method, values_for(rule, world.own))
        if response.status_code != 302 or "/sign-in" not in response.headers["Location"]:
            wrong[f"{method} {rule}"] = response.status_code

    assert not wrong


@pytest.mark.parametrize("role", list(Role))
def test_roles_enter_what_the_table_says(app, browser, world, role):
    wrong = {}
    for rule, method in visits(app):
        if rule.endpoint in PUBLIC:
            continue
        browser.sign_in(world.actors[role])
        response = call(app, browser, rule, method, values_for(rule, world.own))
        allowed = role in ACCESS[rule.endpoint]
        if allowed != (response.status_code not in {403, 404}) or response.status_code >= 500:
            wrong[f"{method} {rule}"] = response.status_code

    assert not {url: code for url, code in wrong.items() if not _refused_by_rule(url, code)}


def _refused_by_rule(url: str, code: int) -> bool:
    # The rule of the domain, not of the table: only who recorded or offered it may take it
    # back, and only who sent a file gets its rows in clear.
    own_only = (
        "follow-ups/<int:follow_up_id>/undo",
        "group-talks/<uuid:group_id>/undo",
        "evidence/<int:evidence_id>/remove",
        "imports/<int:import_id>/rejects",
        "hand-overs/<int:hand_over_id>/withdraw",
        "helpers/<int:pairing_id>/words/<int:word_id>/undo",
        "helpers/<int:pairing_id>/end/undo",
    )
    # A report by mail and a file are seen by the one who asked for them, here the counselor.
    theirs = ("/reports/schedules/<int:schedule_id>", "/files/<int:work_id>")
    if code == 404 and any(part in url for part in theirs):
        return True
    return code == 403 and any(part in url for part in own_only)


@pytest.mark.parametrize("role", [role for role in Role if role not in SEES_ALL])
def test_foreign_objects_do_not_exist(app, browser, world, role):
    wrong = {}
    for rule, method in visits(app):
        objects = rule.arguments - set(PLAIN) - SHARED
        if rule.endpoint in PUBLIC or not objects or role not in ACCESS[rule.endpoint]:
            continue
        browser.sign_in(world.actors[role])
        response = call(app, browser, rule, method, values_for(rule, world.foreign))
        if response.status_code != 404 or "CANARY" in response.text:
            wrong[f"{method} {rule}"] = response.status_code

    assert not wrong


@pytest.mark.parametrize("role", [role for role in Role if role not in SEES_ALL])
def test_foreign_parts_of_an_own_object_do_not_exist(app, browser, world, role):
    wrong = {}
    for rule, method in visits(app):
        objects = rule.arguments - set(PLAIN) - SHARED
        if rule.endpoint in PUBLIC or len(objects) < 2 or role not in ACCESS[rule.endpoint]:
            continue
        for name in objects:
            values = values_for(rule, world.own) | {name: world.foreign.numbers[name]}
            browser.sign_in(world.actors[role])
            response = call(app, browser, rule, method, values)
            if response.status_code != 404:
                wrong[f"{method} {rule} with foreign {name}"] = response.status_code

    assert not wrong


def test_missing_and_foreign_look_alike(app, browser, world):
    browser.sign_in(world.actors[Role.COUNSELOR])
    foreign = browser.get(f"/cases/{world.foreign.numbers['case_id']}")
    missing = browser.get("/cases/987654321")

    assert foreign.status_code == missing.status_code == 404
    assert _without_token(foreign.text) == _without_token(missing.text)


def _without_token(page: str) -> str:
    """The page without its token and without the address that was asked for."""
    page = re.sub(r'(content|value)="[\w.-]{40,}"', "", page)
    return re.sub(r"/cases/\d+", "", page)


def test_every_post_needs_the_token(app, browser, world):
    wrong = {}
    for rule, method in visits(app):
        # Mail programs and gateways post without a session: theirs is the token in the address.
        # A helper's link stands for who has it, and its form looks at its own token.
        without = {
            "notices.unsubscribe",
            "notices.take_receipts",
            "pairing.undo_by_link",
            "pairing.write_by_link",
        }
        if method != "POST" or rule.endpoint in without:
            continue
        browser.sign_in(world.actors[Role.COUNSELOR])
        with app.test_request_context():
            url = app.url_map.bind("localhost").build(
                rule.endpoint, values_for(rule, world.own), method="POST"
            )
        response = browser.submit(url, token="")
        if response.status_code != 400:
            wrong[str(rule)] = response.status_code

    assert not wrong
