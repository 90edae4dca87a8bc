"""Accounts from the command line, invitations, activation, a lost password."""

import re

import pytest
from click.testing import CliRunner

from placement.accounts.models import ActivationCode, User
from placement.accounts.operations import hash_password, issue_activation
from placement.db import db, transaction
from placement.desk.invitations import invite_students, mail_invitations, sheet_of
from placement.notices.models import Delivery, Notice, NoticeKind

PASSWORD = "one quiet river stone"


def invite(cast):
    assert cast.lin_mei
    with transaction():
        return invite_students(class_year=2016, university_id=None, actor=None)


def test_every_student_of_the_register_gets_a_code_that_works_once(browser, cast):
    invitation = invite(cast)[0]

    fields = {"code": invitation.code.lower(), "password": PASSWORD, "again": PASSWORD}
    first = browser.submit("/activate", **fields)
    second = browser.submit("/activate", **fields)
    entered = browser.submit("/sign-in", username=invitation.username, password=PASSWORD)

    assert invitation.username == "90001/20120001"
    assert (first.status_code, second.status_code) == (302, 422)
    assert entered.headers["Location"] == "/"


def test_code_is_kept_as_a_hash_only(cast):
    invitation = invite(cast)[0]

    stored = db.session.query(ActivationCode).one()

    assert invitation.code.encode() not in stored.code_hash


def test_code_expires_after_fourteen_days(browser, cast, travel):
    invitation = invite(cast)[0]

    travel(days=14, minutes=1)
    response = browser.submit("/activate", code=invitation.code, password=PASSWORD, again=PASSWORD)

    assert response.status_code == 422


def test_invited_again_the_first_code_stops_working(browser, cast):
    first = invite(cast)[0]
    second = invite(cast)[0]

    responses = [
        browser.submit("/activate", code=code, password=PASSWORD, again=PASSWORD)
        for code in (first.code, second.code)
    ]

    assert [r.status_code for r in responses] == [422, 302]


def test_invitations_go_out_by_mail_and_confirm_the_address(browser, cast, settings):
    invitation = invite(cast)[0]
    with transaction():
        mail_invitations([invitation], class_year=2016, settings=settings)

    browser.submit("/activate", code=invitation.code, password=PASSWORD, again=PASSWORD)

    assert db.session.query(Delivery).count() == 1
    assert (
        db.session.query(User).filter_by(student_id=cast.lin_mei.id).one().email_index
        == cast.lin_mei.email_index
    )
    entered = browser.submit("/sign-in", username=cast.lin_mei.email, password=PASSWORD)
    assert entered.headers["Location"] == "/"


def test_sheet_names_each_student_with_the_code(cast):
    invitation = invite(cast)[0]

    page = sheet_of([invitation], base_url="https://placement.example")

    assert invitation.code in page
    assert "林梅" in page
    assert "https://placement.example/activate" in page


@pytest.mark.parametrize(
    "weak", ["short", "1234567890", "password12345", "aaaaaaaaaaaa", "90001/20120001"]
)
def test_weak_password_is_refused(browser, cast, weak):
    invitation = invite(cast)[0]

    response = browser.submit("/activate", code=invitation.code, password=weak, again=weak)

    assert response.status_code == 422
    assert db.session.query(User).filter_by(student_id=cast.lin_mei.id).one().password_hash is None


def test_first_password_must_be_changed_before_anything_else(browser, cast):
    user = cast.chen
    user.password_hash, user.must_change_password = hash_password("given to me once"), True
    db.session.commit()
    browser.submit("/sign-in", username="chen", password="given to me once")

    led = browser.get("/today")
    browser.submit("/password", password=PASSWORD, again=PASSWORD)

    assert led.headers["Location"] == "/password"
    assert browser.get("/today").status_code == 200


def test_lost_password_answers_the_same_for_all(browser, cast):
    assert cast.lin_mei_user
    assert cast.chen

    answers = {
        browser.submit("/forgotten", username=name).text.replace(name, "")
        for name in ("90001/20120001", "chen", "nobody")
    }

    assert len({re.sub(r'content="[^"]{40,}"|value="[^"]{40,}"', "", a) for a in answers}) == 1
    assert [n.kind for n in db.session.query(Notice).all()] == [NoticeKind.PASSWORD]


def test_five_failures_delay_this_address_and_nobody_elsewhere(browser, cast):
    user = cast.chen
    user.password_hash = hash_password(PASSWORD)
    db.session.commit()

    tries = [
        browser.submit("/sign-in", username="chen", password=f"wrong number {n}").status_code
        for n in range(6)
    ]
    browser.client.environ_base = {"REMOTE_ADDR": "192.0.2.7"}
    elsewhere = browser.submit("/sign-in", username="chen", password=PASSWORD)

    assert tries == [422] * 5 + [429]
    assert elsewhere.status_code == 302


def test_signed_out_session_is_dead_on_the_server(browser, cast):
    browser.sign_in(cast.chen)
    token = browser.client.get_cookie("placement-sign-in").value

    browser.submit("/sign-out")
    browser.client.set_cookie("placement-sign-in", token)

    assert "/sign-in" in browser.get("/today").headers["Location"]


def test_idle_session_ends(browser, cast, travel):
    browser.sign_in(cast.chen)

    travel(minutes=31)

    assert "/sign-in" in browser.get("/today").headers["Location"]


def test_closed_account_loses_its_sessions_at_once(browser, cast):
    other = browser.sign_in(cast.chen)
    token = other.client.get_cookie("placement-sign-in").value
    browser.sign_in(cast.zheng).submit(f"/accounts/{cast.chen.id}/close")

    browser.client.set_cookie("placement-sign-in", token)

    assert "/sign-in" in browser.get("/today").headers["Location"]


def test_administrator_makes_an_account_and_hands_over_its_code(browser, cast):
    browser.sign_in(cast.zheng)

    page = browser.submit(
        "/accounts/new",
        display_name="李老师",
        username="li",
        role="counselor",
        university_id=cast.university.id,
    )
    code = re.search(r'id="code">([^<]+)<', page.text).group(1).strip()
    response = browser.submit("/activate", code=code, password=PASSWORD, again=PASSWORD)

    assert response.status_code == 302
    assert db.session.query(User).filter_by(username="li").one().password_hash


def test_university_cannot_make_an_account_of_the_province(browser, cast):
    browser.sign_in(cast.zheng)

    response = browser.submit(
        "/accounts/new", display_name="X", username="x", role="province", university_id=1
    )

    assert response.status_code == 422


def test_new_code_ends_what_the_old_password_opened(browser, cast):
    assert cast.chen
    with transaction():
        code = issue_activation(cast.chen, actor_id=cast.zheng.id)
    browser.sign_in(cast.chen)

    browser.submit("/activate", code=code, password=PASSWORD, again=PASSWORD)

    assert "/sign-in" in browser.get("/today").headers["Location"]


def test_command_line_explains_itself():
    from placement.cli import main  # noqa: PLC0415 - loads every command

    result = CliRunner().invoke(main, ["users", "add", "--help"])

    assert result.exit_code == 0
    assert "one-time password" in result.output
