"""The province sets what is owed and how often somebody calls."""

import datetime as dt
import re

from placement import clock
from placement.accounts.queries import viewer_of
from placement.audit.models import AuditEvent
from placement.cases.models import ActionKind
from placement.cases.operations import add_action
from placement.db import db, transaction
from placement.rulebook.models import Rule
from placement.rulebook.queries import standard_on
from tests.factories import save
from tests.rulebook.entries import (
    CONTACTS,
    SERVICE,
    day,
    guidance,
    look_and_do,
    usual,
)


def owed() -> dict[str, int]:
    return {each.code: each.needed for each in standard_on(clock.today()).requirements}


def give_guidance(cast) -> None:
    with transaction():
        add_action(
            cast.case,
            actor=viewer_of(cast.chen),
            kind=ActionKind.GUIDANCE,
            title="Talk",
            done_on=clock.today(),
        )


def test_more_is_asked_from_a_day_on_after_a_look_at_whom_it_touches(browser, cast):
    browser.sign_in(cast.huang)
    for code in ("policy", "referrals", "training"):
        look_and_do(browser, f"{SERVICE}/{code}/end", last_on=day(-1))
    give_guidance(cast)
    path = f"{SERVICE}/guidance/change"

    looked, done = look_and_do(browser, path, **guidance(needed="2"))

    assert "1 person stands otherwise" in looked.text
    assert cast.university.name in looked.text
    assert done.status_code == 302
    assert owed() == {"guidance": 2}
    meter = browser.sign_in(cast.chen).get(f"/cases/{cast.case.id}").text
    assert "1 of 2" in meter
    listed = browser.sign_in(cast.huang).get("/rules?set=service_standards").text
    assert "闽人社〔2026〕1号" in listed
    assert "no longer holds" in listed


def test_people_behind_a_count_are_listed_in_masks_and_the_look_is_kept(browser, cast):
    browser.sign_in(cast.huang)
    path, entered = f"{CONTACTS}/usual/change", usual(days="7")
    with transaction():
        cast.case.last_contact_on = clock.today() - dt.timedelta(days=9)
    looked = browser.submit(path, act="look", **entered)
    asked = re.search(r'name="people"\s+value="(lost-\d+-1)"', looked.text)[1]

    listed = browser.submit(path, people=asked, **entered)
    gained = browser.submit(path, people=asked.replace("lost", "gained"), **entered)
    odd = browser.submit(path, people="lost-1", **entered)

    url = f"/students/{cast.lin_mei.id}"
    assert url in listed.text
    assert "林*" in listed.text
    assert cast.lin_mei.name not in listed.text
    assert cast.lin_mei.student_number not in listed.text
    assert 'value="do"' in listed.text
    assert (gained.status_code, url in gained.text) == (200, False)
    assert (odd.status_code, url in odd.text) == (200, False)
    shown = [event for event in db.session.query(AuditEvent) if event.details == {"page": "rules"}]
    assert [event.student_ids for event in shown] == [[cast.lin_mei.id]]
    assert db.session.query(Rule).count() == 0


def test_looking_changes_nothing(browser, cast):
    before = db.session.query(AuditEvent).filter(AuditEvent.action.like("rule.%")).count()

    looked = browser.sign_in(cast.huang).submit(
        f"{SERVICE}/guidance/change", act="look", **guidance(needed="9")
    )

    assert looked.status_code == 200
    assert db.session.query(Rule).count() == 0
    assert owed()["guidance"] == 1
    after = db.session.query(AuditEvent).filter(AuditEvent.action.like("rule.%")).count()
    assert after == before


def test_what_was_not_looked_at_is_not_done(browser, cast):
    path = f"{SERVICE}/guidance/change"
    browser.sign_in(cast.huang)
    looked = browser.submit(path, act="look", **guidance(needed="2"))
    digest = looked.text.split('name="digest"')[1].split('value="')[1].split('"')[0]

    other = browser.submit(path, act="do", digest=digest, **guidance(needed="3"))

    assert other.status_code == 422
    assert "not what you looked at" in other.text
    assert db.session.query(Rule).count() == 0


def test_own_service_is_added_stands_on_every_meter_and_is_taken_back(browser, cast):
    own = guidance(zh="走访", en="Home visit", kinds=["other"], within_days="90")
    _seen, done = look_and_do(browser.sign_in(cast.huang), f"{SERVICE}/new", **own)
    meter = browser.sign_in(cast.chen).get(f"/cases/{cast.case.id}").text
    board = browser.get("/service").text
    rule = db.session.query(Rule).one()

    browser.sign_in(cast.huang).submit(f"/rules/{rule.id}/undo")

    assert done.status_code == 302
    assert "Home visit" in meter
    assert "0 of 6 met" in meter
    assert "Home visit" in board
    assert db.session.query(Rule).count() == 0
    acts = [event.action for event in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    assert [act for act in acts if act.startswith("rule.")] == ["rule.added", "rule.taken_back"]


def test_contacts_come_closer_and_today_says_so(browser, cast):
    save(cast.case)
    with transaction():
        cast.case.opened_on = clock.today() - dt.timedelta(days=9)
        cast.case.last_contact_on = clock.today() - dt.timedelta(days=9)
    browser.sign_in(cast.huang)

    looked, done = look_and_do(browser, f"{CONTACTS}/usual/change", **usual(days="7"))

    assert "1 person stands otherwise" in looked.text
    assert done.status_code == 302
    assert standard_on(clock.today()).interval.days == 7
    assert "9 days" in browser.sign_in(cast.chen).get("/today").text
    silent = browser.get("/students?state=silent").text
    assert "No contact for 7 days" in silent
    assert cast.lin_mei.name in silent
    overview = browser.sign_in(cast.huang).get("/overview").text
    assert "No contact for 7 days" in overview


def test_months_are_never_left_without_an_interval(browser, cast):
    browser.sign_in(cast.huang)

    ended, _none = look_and_do(browser, f"{CONTACTS}/usual/end", last_on=day(0))
    narrowed, _none = look_and_do(browser, f"{CONTACTS}/usual/change", **usual(to_month="3"))

    for page in (ended, narrowed):
        assert page.status_code == 422
        assert "Some months would have no interval" in page.text
    assert db.session.query(Rule).count() == 0


def test_something_is_always_owed(browser, cast):
    browser.sign_in(cast.huang)
    codes = list(owed())
    for code in codes[:-1]:
        assert look_and_do(browser, f"{SERVICE}/{code}/end", last_on=day(-1))[1].status_code == 302

    last, _none = look_and_do(browser, f"{SERVICE}/{codes[-1]}/end", last_on=day(-1))

    assert last.status_code == 422
    assert "Nothing would be owed" in last.text


def test_days_of_a_rule_never_meet_and_each_act_is_taken_back_in_turn(browser, cast):
    browser.sign_in(cast.huang)
    change = f"{SERVICE}/guidance/change"
    look_and_do(browser, change, **guidance(needed="2", valid_from=day(0)))
    early, _none = look_and_do(browser, change, **guidance(needed="3", valid_from=day(0)))
    look_and_do(browser, change, **guidance(needed="3", valid_from=day(5)))
    first, second = db.session.query(Rule).order_by(Rule.valid_from).all()
    assert first.valid_to == clock.today() + dt.timedelta(days=4)
    not_last = browser.submit(f"/rules/{first.id}/undo")
    browser.submit(f"/rules/{second.id}/undo")
    look_and_do(browser, f"{SERVICE}/guidance/end", last_on=day(9))
    gone, _none = look_and_do(browser, change, **guidance(valid_from=day(20)))
    browser.submit(f"/rules/{first.id}/undo")
    open_again = db.session.query(Rule).one().valid_to
    browser.submit(f"/rules/{first.id}/undo")

    assert [page.status_code for page in (early, not_last, gone)] == [422] * 3
    assert open_again is None
    assert db.session.query(Rule).count() == 0
    assert owed()["guidance"] == 1
    for path in ("/rules?set=none", f"{SERVICE}/none/end"):
        assert browser.get(path).status_code == 404
