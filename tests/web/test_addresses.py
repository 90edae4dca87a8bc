"""The addresses in pages are those of `url_for`, whatever is kept."""

import pytest
from flask import Flask, url_for

from placement.web.addresses import address, init_addresses


@pytest.fixture
def page():
    app = Flask(__name__)
    init_addresses(app)
    app.add_url_rule("/people/<int:number>", "show_person", str)
    app.add_url_rule("/people", "list_people", str)
    return app


@pytest.mark.parametrize("base", ["http://localhost/", "http://localhost/placement"])
@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("show_person", {"number": 7}),
        ("list_people", {"q": "林 & co", "year": None}),
        ("list_people", {"on": True}),
        ("list_people", {"on": 1}),
        ("list_people", {"state": ["open", "late"]}),
        ("list_people", {"_external": True}),
        ("static", {"filename": "mark.svg"}),
    ],
)
def test_address_is_that_of_flask(page, base, endpoint, values):
    with page.test_request_context("/", base_url=base):
        wanted = url_for(endpoint, **values)

        assert [address(endpoint, **values) for _ in range(2)] == [wanted, wanted]
