"""What came of a fair stands in the case and brings the counselor to the student."""

import datetime as dt

import pytest

from placement import clock
from placement.accounts.queries import viewer_of
from placement.cases.models import FollowUpMethod, FollowUpResult
from placement.cases.operations import record_follow_up
from placement.db import db, transaction
from placement.desk.needs import needs_today
from placement.errors import InvalidValueError
from placement.fairs.models import FairResult, ResultKind, SignUp, Stand
from placement.fairs.operations import ResultPlan, note_result
from tests.factories import make_student, save
from tests.fairs.cast_of_fairs import held


@pytest.fixture
def fair(cast):
    """A fair of today, with one stand, to which Lin Mei came."""
    fair = held(on=clock.today())
    save(
        Stand(fair_id=fair.id, number="A01", employer_name="Paper Works"),
        SignUp(fair_id=fair.id, student_id=cast.lin_mei.id, came_at=clock.now()),
    )
    case = cast.case
    case.opened_on = case.last_contact_on = clock.today()
    case.next_contact_on, case.next_step = clock.today() + dt.timedelta(days=9), "Wait"
    save(case)
    return fair


def rules_of(cast) -> tuple[str, ...]:
    db.session.rollback()
    listed = needs_today(viewer_of(cast.chen), today=clock.today()).page.items
    return tuple(rule for rule in (listed[0].rules if listed else ()) if rule != "new")


def stand_of(fair) -> int:
    return db.session.query(Stand).filter_by(fair_id=fair.id).one().id


def test_student_tells_and_the_counselor_is_asked_to_talk(browser, cast, fair):
    browser.sign_in(cast.lin_mei_user)
    asked = browser.get(f"/fairs/{fair.id}")
    form = browser.get(f"/fairs/{fair.id}/result")
    told = {"stand": stand_of(fair), "kind": "interview", "note": "They liked my essay"}

    browser.submit(f"/fairs/{fair.id}/result", **told, next_on=clock.today().isoformat())
    seen = browser.get(f"/fairs/{fair.id}")
    before = rules_of(cast)
    page = browser.sign_in(cast.chen).get(f"/cases/{cast.case.id}?show=messages")
    today = browser.get("/today")
    with transaction():
        record_follow_up(
            cast.case,
            counselor=viewer_of(cast.chen),
            contacted_on=clock.today(),
            method=FollowUpMethod.CALL,
            result=FollowUpResult.REACHED,
            summary="Prepared the interview",
            version=cast.case.version,
            next_contact_on=clock.today() + dt.timedelta(days=5),
        )

    assert "How was it?" in asked.text
    assert "Paper Works" in form.text
    assert "interview agreed" in seen.text
    assert before == ("fair_result",)
    assert "interview agreed · A01 Paper Works · Spring fair" in page.text
    assert "They liked my essay" in page.text
    assert "something came of a fair" in today.text
    assert rules_of(cast) == ()


def test_staff_note_it_with_the_next_step_and_take_it_back(browser, cast, fair):
    browser.sign_in(cast.chen)
    address = f"/fairs/{fair.id}/students/{cast.lin_mei.id}/result"
    offer = {"stand": stand_of(fair), "kind": "offer"}
    day = clock.today() + dt.timedelta(days=3)

    browser.get(address)
    browser.submit(address, **offer, next_step="Look at the contract", step_on=day.isoformat())
    step = (cast.case.next_step, cast.case.next_contact_on)
    rules = rules_of(cast)
    browser.submit(address, **offer | {"kind": "intent"})
    again = rules_of(cast)
    shown = browser.get(f"/fairs/{fair.id}?show=came")
    file = browser.get(f"/fairs/{fair.id}/students.csv?show=came")
    result = db.session.query(FairResult).filter_by(voided_at=None).one()
    browser.submit(f"/fairs/{fair.id}/results/{result.id}/undo")

    assert step == ("Look at the contract", day)
    assert (rules, again) == ((), ("fair_result",))
    assert result.kind is ResultKind.INTENT
    assert "mean to sign" in shown.text
    assert "A01 Paper Works: mean to sign" in file.text
    assert db.session.query(FairResult).filter_by(voided_at=None).count() == 0


def test_closed_case_and_student_without_one_take_results_but_no_step(browser, cast, fair):
    other = make_student(cast.university, counselor=cast.chen)
    browser.sign_in(cast.chen)
    address = f"/fairs/{fair.id}/students/{other.id}/result"

    page = browser.get(address)
    browser.submit(address, stand=0, kind="no_interest", next_step="x")

    assert "Next step" not in page.text
    assert db.session.query(FairResult).one().stand_id is None
    assert rules_of(cast) == ()


def test_student_takes_back_only_what_they_told(browser, cast, fair):
    address = f"/fairs/{fair.id}/students/{cast.lin_mei.id}/result"
    browser.sign_in(cast.chen).submit(address, stand=0, kind="offer")
    staffs = db.session.query(FairResult).one()
    browser.sign_in(cast.lin_mei_user)

    refused = browser.submit(f"/fairs/{fair.id}/results/{staffs.id}/undo")
    browser.submit(f"/fairs/{fair.id}/result", stand=stand_of(fair), kind="interview")
    own = db.session.query(FairResult).filter_by(by_student=True).one()
    taken = browser.submit(f"/fairs/{fair.id}/results/{own.id}/undo")

    assert (refused.status_code, taken.status_code) == (403, 302)
    assert [r.id for r in db.session.query(FairResult) if r.voided_at is None] == [staffs.id]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"kind": "offer", "next_on": "2001-01-01"}, id="before-the-fair"),
        pytest.param({"kind": "no_interest", "next_on": "2199-01-01"}, id="goes-on-for-nothing"),
        pytest.param({"kind": "offer", "stand": 987654}, id="no-such-stand"),
    ],
)
def test_result_that_cannot_be_is_explained_and_not_written(browser, cast, fair, wrong):
    browser.sign_in(cast.lin_mei_user)

    response = browser.submit(f"/fairs/{fair.id}/result", **{"stand": 0, **wrong})

    assert response.status_code == 422
    assert db.session.query(FairResult).count() == 0


def test_stand_of_another_fair_is_refused(cast, fair):
    other = held(title="Other fair")
    stand = Stand(fair_id=other.id, number="A01", employer_name="Paper Works")
    save(stand)
    plan = ResultPlan(kind=ResultKind.OFFER, stand_id=stand.id)

    with pytest.raises(InvalidValueError):
        note_result(fair, cast.lin_mei, plan, actor=viewer_of(cast.chen))


def test_nobody_tells_of_a_fair_that_they_did_not_sign_up_for_or_that_is_ahead(browser, cast):
    today, ahead = held(on=clock.today()), held()
    browser.sign_in(cast.lin_mei_user)

    answers = [
        browser.submit(f"/fairs/{fair.id}/result", stand=0, kind="offer") for fair in (today, ahead)
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert db.session.query(FairResult).count() == 0
