"""A student is paired with a helper: the counselor's pages, the monthly word, the objection."""

import datetime as dt

import pytest

from placement import clock
from placement.accounts.queries import viewer_of
from placement.audit.models import AuditEvent
from placement.db import db, transaction
from placement.desk.needs import needs_today
from placement.errors import InvalidValueError, NotAllowedError
from placement.pairing import operations
from placement.pairing.models import HelperKind, Pairing, PairingWord
from placement.pairing.operations.pairing import Helper
from placement.students.names import given_name

DAY = dt.timedelta(days=1)


def helper(**changes: object) -> Helper:
    today = clock.today()
    given = {
        "kind": HelperKind.ALUMNUS,
        "name": "苏学长",
        "plan": "Practise interviews",
        "starts_on": today,
        "ends_on": today + 100 * DAY,
    }
    return Helper(**(given | changes))


@pytest.fixture
def pairing(cast) -> Pairing:
    today = clock.today()
    case = cast.case
    case.opened_on = case.last_contact_on = today
    case.next_contact_on, case.next_step = today + 9 * DAY, "Wait for the answer"
    with transaction():
        return operations.pair_student(cast.case, actor=viewer_of(cast.chen), helper=helper())


def rules_of(cast) -> tuple[str, ...]:
    db.session.rollback()
    listed = needs_today(viewer_of(cast.chen), today=clock.today()).page.items
    return listed[0].rules if listed else ()


def test_counselor_pairs_notes_changes_and_ends(browser, cast):
    base, today = f"/cases/{cast.case.id}", clock.today()
    entered = {
        "kind": "teacher",
        "name": "郭老师",
        "organisation": "文学院",
        "phone": "0591-1234567",
        "plan": "Read the CV together",
        "starts_on": str(today),
        "ends_on": str(today + 60 * DAY),
    }
    browser.sign_in(cast.chen)
    telling = browser.submit(f"{base}/helpers/new", **(entered | {"plan": "因为是低保家庭"}))
    backwards = browser.submit(f"{base}/helpers/new", **(entered | {"ends_on": "2016-01-01"}))
    browser.submit(f"{base}/helpers/new", **entered)
    row = db.session.query(Pairing).one()
    mine = f"/helpers/{row.id}"
    browser.submit(f"{mine}/words/new", text="They read two drafts", helped_on=str(today))
    browser.submit(f"{mine}/edit", version=1, **(entered | {"plan": "Read the letter too"}))
    stale = browser.submit(f"{mine}/edit", version=1, **(entered | {"plan": "Something else"}))
    shown = browser.get(f"{base}/helpers").text
    listed = browser.get("/helpers").text
    case_page = browser.get(base).text
    browser.submit(f"{mine}/end", version=2, reason="Found a post")
    ended = browser.get(f"{base}/helpers").text
    browser.submit(f"{mine}/end/undo")

    assert (telling.status_code, backwards.status_code, stale.status_code) == (422, 422, 409)
    assert "郭老师" in shown
    assert "Read the letter too" in shown
    assert "郭老师 · Teacher · 文学院" in listed
    assert "They read two drafts" in case_page
    assert "Found a post" in ended
    assert "郭" not in str(row.helper_sealed)
    assert db.session.query(Pairing).one().ended_at is None


def test_month_without_a_word_stands_on_today_until_there_is_one(cast, pairing):
    before = rules_of(cast)
    row = db.session.query(Pairing).one()
    row.starts_on = clock.today() - 40 * DAY
    db.session.commit()
    missing = rules_of(cast)
    with transaction():
        word = operations.note_word(
            pairing, actor=viewer_of(cast.chen), text="Met twice", helped_on=clock.today() - DAY
        )

    written = rules_of(cast)
    with transaction():
        operations.take_word_back(word, actor=viewer_of(cast.chen))

    assert (before, written) == ((), ())
    assert missing == rules_of(cast) == ("helper",)


def test_student_objects_and_the_counselor_settles_it(browser, cast, pairing):
    mine = f"/my/helpers/{pairing.id}/object"
    browser.sign_in(cast.lin_mei_user)
    plan = browser.get("/my/plan").text
    browser.submit(mine, reason="He knows my family")
    browser.submit(f"{mine}/undo")
    taken_back = rules_of(cast)
    browser.submit(mine, reason="He knows my family well")
    objected = rules_of(cast)
    browser.sign_in(cast.chen)
    page = browser.get(f"/cases/{cast.case.id}/helpers").text
    refused = browser.submit(f"/helpers/{pairing.id}/link").headers["Location"]
    browser.submit(f"/helpers/{pairing.id}/objection", answer="Only by phone from now on")
    told = browser.sign_in(cast.lin_mei_user).get("/my/plan").text

    assert "苏学长 helps you" in plan
    assert taken_back == ()
    assert objected == ("objection",)
    assert "He knows my family well" in page
    assert refused.endswith("/helpers")
    assert "Only by phone from now on" in told
    assert rules_of(cast) == ()


def test_what_does_not_hold_is_refused(cast, pairing):
    chen, mine, zheng = map(viewer_of, (cast.chen, cast.lin_mei_user, cast.zheng))
    today = clock.today()
    for text, day in (("", today), ("Met", today + DAY), ("Met", today - DAY)):
        with pytest.raises(InvalidValueError):
            operations.note_word(pairing, actor=chen, text=text, helped_on=day)
    with pytest.raises(NotAllowedError):
        operations.object_to_pairing(pairing, actor=chen, reason="Not mine to say")
    for act in (
        lambda: operations.object_to_pairing(pairing, actor=mine, reason=""),
        lambda: operations.settle_objection(pairing, actor=chen, answer="Nothing was said"),
        lambda: operations.pair_student(cast.case, actor=chen, helper=helper(name="")),
        lambda: operations.end_pairing(pairing, actor=chen, reason="", version=1),
    ):
        with pytest.raises(InvalidValueError):
            act()
    operations.object_to_pairing(pairing, actor=mine, reason="I would rather not")
    with pytest.raises(NotAllowedError):
        operations.settle_objection(pairing, actor=mine, answer="All is well")
    with pytest.raises(InvalidValueError):
        operations.settle_objection(pairing, actor=chen, answer="")
    operations.end_pairing(pairing, actor=chen, reason="As wished", version=pairing.version)
    with pytest.raises(InvalidValueError):
        operations.object_to_pairing(pairing, actor=mine, reason="Still")
    with pytest.raises(NotAllowedError):
        operations.take_end_back(pairing, actor=zheng)
    operations.take_end_back(pairing, actor=chen)
    operations.take_end_back(pairing, actor=chen)
    db.session.rollback()
    assert db.session.query(PairingWord).count() == 0
    assert db.session.query(AuditEvent).filter_by(action="helper.ended").count() == 0


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("林梅", "梅"),
        ("林晓梅", "晓梅"),
        ("欧阳娜", "娜"),
        ("欧阳", "阳"),
        ("古丽娜尔·买买提", "古丽娜尔"),
        ("Mei Lin", "Mei"),
        ("梅", "梅"),
    ],
)
def test_given_name(name, given):
    assert given_name(name) == given
