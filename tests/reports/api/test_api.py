"""The API of figures: tokens that open what they say, and no more."""

import datetime as dt

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from placement.db import db, system_scope, use_scope
from placement.reports.api.operations import A_MINUTE
from placement.reports.models import ApiToken, TokenScope
from placement.reports.snapshots.answers import publication_answer

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
ASKED = "rates?class_year=2016&as_of=2016-12-31"


def test_token_is_shown_once_and_kept_as_a_hash(browser, cast, asked, register):
    browser.sign_in(cast.zheng)

    made = browser.submit(
        "/settings/tokens", name="图表", scope="own", days="30", small_counts="y"
    ).text
    token = made.split("<code>")[1].split("</code>")[0]

    assert asked(ASKED, token).json["total"]["counts"]["denominator"] == 12
    page = browser.get("/settings/tokens").text
    assert token not in page
    assert token[:10] in page
    with use_scope(system_scope("test")):
        row = db.session.query(ApiToken).one()
    assert token.encode() not in row.token_hash
    assert row.last_used_at is not None


def test_figures_are_those_its_maker_may_see(cast, asked, token_of, register, browser):
    for user, counted in ((cast.zheng, 12), (cast.huang, 13), (cast.xu, 1)):
        token = token_of(user, small_counts=True)

        answer = asked(f"{ASKED}&by=level", token).json
        report = (
            browser.sign_in(user)
            .get("/reports/rates.json?year=2016&as_of=2016-12-31&by=level")
            .json
        )

        assert answer["total"]["counts"]["denominator"] == counted
        assert [(row["key"], row["counts"]["placed"]) for row in answer["rows"]] == [
            (row["key"], row["placed"]) for row in report["by"]["level"]
        ]


def test_published_tables_are_the_same_for_every_token(cast, asked, token_of, publication):
    token = token_of(cast.xu, TokenScope.PUBLISHED)

    listed = asked("publications?class_year=2016", token).json
    table = asked(f"publications/{publication.id}/tables/level?page_size=1", token)

    past = asked("publications?page=2", token).json
    none = asked(f"publications/{publication.id}/tables/nothing", token)

    assert [found["publication_id"] for found in listed["publications"]] == [publication.id]
    assert (past["publications"], past["page"]["page"], past["page"]["pages"]) == ([], 2, 1)
    assert (none.status_code, "no such table" in none.json["detail"]) == (404, True)
    published = publication_answer(publication)["tables"]["level"]
    assert table.json["page"]["rows"] == len(published)
    shown = table.json["rows"][0]
    assert shown["key"] == published[0]["key"]
    assert {
        name: "*" if value is None else value for name, value in shown["counts"].items()
    }.items() <= published[0].items()
    if len(published) > 1:
        assert 'rel="next"' in table.headers["Link"]
    assert asked("publications?class_year=1999", token).json["publications"] == []
    assert asked(f"publications/{publication.id}/tables/shoe", token).status_code == 404


def test_tokens_that_open_nothing(browser, cast, asked, token_of, register, travel):
    withdrawn, ended, closed = token_of(cast.zheng), token_of(cast.huang, days=1), token_of(cast.xu)
    published_only = token_of(cast.zheng, TokenScope.PUBLISHED)
    with use_scope(system_scope("test")):
        number = db.session.query(ApiToken).order_by(ApiToken.id).first().id
    browser.sign_in(cast.zheng).submit(f"/settings/tokens/{number}/withdraw")
    cast.xu.disabled_at = dt.datetime(2016, 1, 1, tzinfo=dt.UTC)
    db.session.commit()

    assert asked(ASKED, published_only).status_code == 403
    travel(days=2)

    for token in (None, "plc_nonsense", withdrawn, ended, closed):
        refused = asked(ASKED, token)
        assert refused.status_code == 401
        assert refused.mimetype == "application/problem+json"
        assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_token_asks_so_often_in_a_minute(cast, asked, token_of, register, travel):
    token = token_of(cast.zheng, small_counts=True)
    asked(ASKED, token)
    with use_scope(system_scope("test")):
        db.session.query(ApiToken).update({"uses": A_MINUTE})
        db.session.commit()

    refused = asked(ASKED, token)

    # The minute may have turned since, which begins the count anew.
    assert refused.status_code == 429 or refused.headers["RateLimit-Remaining"] == "119"
    travel(minutes=2)
    assert asked(ASKED, token).headers["RateLimit-Remaining"] == str(A_MINUTE - 1)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("rates", 422),
        (f"{ASKED}&by=student", 422),
        (f"{ASKED}&where=sex%3D1", 422),
        (f"{ASKED}&known_at=2150-01-01T00:00:00Z", 409),
        ("rates?class_year=2031", 404),
        ("publications/999999999/tables/total", 404),
        ("students", 404),
    ],
)
def test_errors_are_json_too(cast, asked, token_of, register, path, status):
    refused = asked(path, token_of(cast.zheng, small_counts=True))

    assert refused.status_code == status
    assert refused.mimetype == "application/problem+json"
    assert refused.json["status"] == status


def test_api_keeps_to_its_description(app, cast, token_of, publication, monkeypatch):
    """A fuzzer asks what the description allows and what it does not, always the same questions."""
    monkeypatch.setattr("placement.reports.api.views.asking.A_MINUTE", 10_000)
    db.session.rollback()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    headers = {"Authorization": f"Bearer {token_of(cast.huang, small_counts=True)}"}
    asked_for = set()
    plain = settings(
        max_examples=12,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):

            @plain
            @given(case=operation.as_strategy(generation_mode=mode))
            def keeps_to_it(case):
                db.session.rollback()
                response = case.call(headers=headers)
                case.validate_response(response, checks=CHECKS)
                asked_for.add((case.operation.label, response.status_code))

            keeps_to_it()

    assert {label for label, _status in asked_for} == {
        "GET /api/v1/publications",
        "GET /api/v1/publications/{publication_id}/tables/{table}",
        "GET /api/v1/rates",
    }
    assert {200, 404, 422} <= {status for _label, status in asked_for}
