"""What a page says when something is refused or fails: what happened, what to do, where to go."""

import errno

import pytest
from sqlalchemy.exc import OperationalError

from placement.errors import NotAllowedError, PlacementError


class TooOftenError(PlacementError):
    """Something is asked for too often."""

    status = 429


def down() -> OperationalError:
    return OperationalError("SELECT secret_table", {}, Exception("connection refused"))


@pytest.fixture
def failing(app, monkeypatch):
    """Let the counselor's Today fail with an error."""

    def fail_with(error: Exception) -> None:
        def fail() -> str:
            raise error

        monkeypatch.setitem(app.view_functions, "desk.today", fail)

    return fail_with


@pytest.mark.parametrize(
    ("error", "status", "said", "again"),
    [
        pytest.param(
            NotAllowedError("Only they may.", remedy="Ask them."), 403, "Ask them.", False, id="403"
        ),
        pytest.param(TooOftenError("Too often.", remedy="Wait."), 429, "Wait.", True, id="429"),
        pytest.param(ValueError("secret_value"), 500, "Number of the report", True, id="500"),
        pytest.param(down(), 503, "nothing was lost", True, id="503"),
        pytest.param(OSError(errno.ENOSPC, "secret"), 507, "No room left", True, id="507"),
    ],
)
def test_failure_says_what_to_do_and_nothing_of_the_program(
    browser, cast, failing, error, status, said, again
):
    browser.sign_in(cast.chen)
    failing(error)

    page = browser.get("/today?page=2")

    assert page.status_code == status
    assert said in page.text
    assert ('href="/today?page=2">Try again</a>' in page.text) is again
    assert "secret" not in page.text
    assert "Traceback" not in page.text


def test_what_a_browser_asks_wrongly_is_no_failure_of_ours(browser, cast, failing):
    gone = PlacementError("It is gone.")
    gone.status = 410
    browser.sign_in(cast.chen)
    failing(gone)

    page = browser.get("/today")

    assert page.status_code == 410
    assert "It is gone." in page.text
    assert "on our side" not in page.text


def test_what_was_sent_and_failed_is_not_asked_for_as_a_page(browser, cast, failing, app):
    browser.sign_in(cast.chen)

    page = browser.get("/cases/999999999/put-off")

    assert page.status_code == 405
    assert "Try again" not in page.text
