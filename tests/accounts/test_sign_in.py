"""The door: who comes in, who does not, and what a stranger can learn."""

from placement.accounts.models import Role
from placement.accounts.operations import hash_password
from tests.factories import make_user

PASSWORD = "one quiet river stone"


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
    assert wrong.get_data(as_text=True).replace("zheng", "") == unknown.get_data(
        as_text=True
    ).replace("nobody", "")
