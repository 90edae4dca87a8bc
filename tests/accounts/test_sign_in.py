"""The door: who comes in, who does not, and what a stranger can learn."""

import re

from placement.accounts.models import Role
from placement.accounts.operations import hash_password
from tests.factories import make_user

PASSWORD = "one quiet river stone"
TOKEN = re.compile(
    r'(?<=csrf-token" content=")[^"]+|(?<=name="csrf_token" value=")[^"]+'
    r'|(?<=name="csrf_token" type="hidden" value=")[^"]+'
)


def _without(page, name):
    """A page without the name that was typed and the token, which carries the second."""
    return TOKEN.sub("", page.get_data(as_text=True)).replace(name, "")


def test_right_password_opens_the_first_page(browser, cast):
    make_user(
        Role.UNIVERSITY, cast.university, username="zheng", password_hash=hash_password(PASSWORD)
    )

    response = browser.submit("/sign-in", username="ZHENG", password=PASSWORD)

    assert response.status_code == 302
    assert response.headers["Location"] == "/"


def test_wrong_password_and_unknown_name_look_alike(browser, cast):
    make_user(
        Role.UNIVERSITY, cast.university, username="zheng", password_hash=hash_password(PASSWORD)
    )

    wrong = browser.submit("/sign-in", username="zheng", password="something else")
    unknown = browser.submit("/sign-in", username="nobody", password="something else")

    assert wrong.status_code == unknown.status_code == 422
    assert _without(wrong, "zheng") == _without(unknown, "nobody")
