"""One link for each helper: all whom they stand by, one mail, each withdrawn alone."""

import html
import re

import pytest

from placement import clock
from placement.accounts.models import User
from placement.accounts.queries import viewer_of
from placement.audit.models import AuditEvent
from placement.cases.models import Case
from placement.db import db, transaction
from placement.notices.models import Delivery
from placement.pairing import operations
from placement.pairing.models import Pairing, PairingLink, PairingWord
from placement.students.models import Category
from tests.factories import assign, make_member, make_student
from tests.pairing.test_helpers import DAY, helper
from tests.pairing.test_many import entry, look_and_do

SU = {"name": "苏学长", "email": "Su@alumni.example"}


@pytest.fixture
def three(cast) -> list[str]:
    """The student numbers of three whom Ms Chen looks after."""
    others = [make_student(cast.university, name=name) for name in ("王小明", "赵阳")]
    for student in others:
        make_member(student, Category.RURAL_ORIGIN)
        assign(student, cast.chen)
    return [cast.lin_mei.student_number, *(student.student_number for student in others)]


@pytest.fixture
def pairings(cast, three) -> list[Pairing]:
    """One helper of all three, each paired alone."""
    return [pair(cast.chen, number, plan=f"Plan {number}", **SU) for number in three]


def pair(counselor: User, number: str, **given: object) -> Pairing:
    case = db.session.query(Case).join(Case.student).filter_by(student_number=number).one()
    with transaction():
        return operations.pair_student(case, actor=viewer_of(counselor), helper=helper(**given))


def link_to(pairing: Pairing, actor: User, *, mailed: bool = False) -> str:
    with transaction():
        return "/help/" + operations.new_link(pairing, actor=viewer_of(actor), mailed=mailed)


def names_on(page) -> list[str]:
    return re.findall(r"<h2>([^<]+)</h2>", page.text)


def test_one_link_shows_all_and_takes_a_word_on_each(browser, cast, pairings):
    link = link_to(pairings[0], cast.chen)

    page = browser.get(link)
    for pairing in pairings[:2]:
        sent = {"text": f"Met about {pairing.plan}", "helped_on": str(clock.today())}
        browser.submit(f"{link}/{pairing.id}", **sent)
    refused = browser.submit(f"{link}/{pairings[2].id}", text="", helped_on=str(clock.today()))

    assert sorted(names_on(page)) == sorted(["梅", "小明", "阳"])
    assert all(pairing.plan in page.text for pairing in pairings)
    assert not any(family in page.text for family in ("林", "王小", "赵"))
    written = {row.pairing_id for row in db.session.query(PairingWord)}
    assert written == {pairing.id for pairing in pairings[:2]}
    assert refused.status_code == 422
    assert refused.text.count("form-errors") == 1
    ids = re.findall(r'\bid="([^"]+)"', page.text)
    assert len(ids) == len(set(ids))


def test_each_opening_is_noted_for_every_student_shown(browser, cast, pairings):
    browser.get(link_to(pairings[0], cast.chen))

    db.session.rollback()
    event = db.session.query(AuditEvent).filter_by(action="helper.opened").one()
    assert event.student_ids == sorted(pairing.student_id for pairing in pairings)


def test_who_is_paired_later_is_shown_by_the_same_link(browser, cast, three):
    link = link_to(pair(cast.chen, three[0], **SU), cast.chen)
    pair(cast.chen, three[1], **SU)
    pair(cast.chen, three[2], name="苏学长", email="another@alumni.example")

    assert sorted(names_on(browser.get(link))) == sorted(["梅", "小明"])


def test_withdrawing_one_leaves_the_others(browser, cast, pairings):
    link = link_to(pairings[0], cast.chen)
    browser.sign_in(cast.chen).submit(f"/helpers/{pairings[0].id}/link/withdraw")
    helpers_page = browser.get(f"/cases/{pairings[0].case_id}/helpers").text
    left = browser.get(link)
    written = browser.submit(f"{link}/{pairings[0].id}", text="Met", helped_on=str(clock.today()))

    with transaction():
        for pairing in pairings[1:]:
            operations.withdraw_link(pairing, actor=viewer_of(cast.chen))

    assert sorted(names_on(left)) == sorted(["小明", "阳"])
    assert "no link yet" in helpers_page
    assert written.status_code == 404
    assert browser.get(link).status_code == 410
    browser.sign_in(cast.chen).submit(f"/helpers/{pairings[0].id}/link")
    assert "link good until" in browser.get(f"/cases/{pairings[0].case_id}/helpers").text


def test_shown_link_opens_no_more_than_who_was_shown_it_may_see(browser, cast, three):
    mine = pair(cast.chen, three[0], **SU)
    elsewhere = make_student(cast.university, name="陈光")
    make_member(elsewhere, Category.RURAL_ORIGIN)
    assign(elsewhere, cast.wu)
    theirs = pair(cast.wu, elsewhere.student_number, **SU)

    shown, mailed = link_to(mine, cast.chen), link_to(theirs, cast.wu, mailed=True)

    assert "您帮扶的学生：梅" in browser.get(shown).text
    assert sorted(names_on(browser.get(mailed))) == sorted(["梅", "光"])


def test_shown_link_opens_nothing_once_the_account_is_closed(browser, cast, pairings):
    link = link_to(pairings[0], cast.zheng)
    before = browser.get(link).status_code
    cast.zheng.disabled_at = clock.now()
    db.session.commit()

    assert (before, browser.get(link).status_code) == (200, 410)


def test_new_link_replaces_the_one_of_its_way_alone(browser, cast, pairings):
    mailed, shown = link_to(pairings[0], cast.chen, mailed=True), link_to(pairings[1], cast.chen)
    newer = link_to(pairings[2], cast.chen)

    statuses = [browser.get(link).status_code for link in (mailed, shown, newer)]

    assert statuses == [200, 410, 200]


def test_many_pairs_of_one_helper_are_one_mail(browser, cast, three, settings):
    browser.sign_in(cast.chen)

    _seen, done = look_and_do(
        browser, **entry("\n".join(three), name="苏学长", email="su@alumni.example", mail="y")
    )

    assert done.status_code == 302
    assert db.session.query(Pairing).count() == 3
    assert db.session.query(PairingLink).count() == 1
    assert db.session.query(Delivery).count() == 1
    assert "1 link is on its way" in html.unescape(browser.get("/helpers").text)


def test_namesakes_without_an_address_are_two_people_unless_entered_once(browser, cast, three):
    first, second = (pair(cast.chen, number, name="张老师") for number in three[:2])
    look_and_do(browser.sign_in(cast.chen), **entry("\n".join(three), name="李老师"))
    entered_once = db.session.query(Pairing).filter(Pairing.batch_id.is_not(None)).all()

    alone, together = link_to(first, cast.chen), link_to(entered_once[0], cast.chen)

    assert first.helper_key != second.helper_key
    assert "You help 梅" in browser.get(alone).text
    assert len(names_on(browser.get(together))) == 3


def test_word_by_an_older_link_is_still_shown_and_that_of_another_helper_is_not(
    browser, cast, pairings
):
    old = link_to(pairings[0], cast.chen)
    today = str(clock.today())
    browser.submit(f"{old}/{pairings[0].id}", text="By the old link", helped_on=today)
    renewed = browser.get(link_to(pairings[0], cast.chen)).text
    with transaction():
        row = db.session.get(Pairing, pairings[0].id)
        given = helper(name="黄书记", email="huang@mail.example", ends_on=clock.today() + 9 * DAY)
        operations.change_pairing(
            row, actor=viewer_of(cast.chen), helper=given, version=row.version
        )

    other = browser.get(link_to(row, cast.chen)).text

    assert "By the old link" in renewed
    assert "By the old link" not in other
