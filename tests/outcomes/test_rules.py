"""What makes an outcome count: papers, pay, two persons; and a job that is lost."""

import datetime as dt
import io

import pytest
from PIL import Image

from placement import clock
from placement.accounts.models import Role
from placement.accounts.queries import viewer_of
from placement.cases.models import Case, CloseReason
from placement.cases.operations import close_case
from placement.db import db, transaction
from placement.outcomes.models import Outcome, Verification
from placement.outcomes.operations import add_evidence, set_minimum_wage
from placement.outcomes.rules import unmet
from placement.reference.outcome_rules import rule_for
from tests.factories import make_outcome, make_user

DAY = dt.date(2026, 7, 1)


@pytest.mark.parametrize(
    ("code", "papers", "pay", "floor", "found"),
    [
        pytest.param("10", ["contract"], None, None, ("paper",), id="another-paper"),
        pytest.param("10", ["agreement"], None, None, (), id="agreement"),
        pytest.param("76", ["statement"], None, 2000, ("pay_unknown",), id="pay-not-said"),
        pytest.param("76", ["statement"], 1999, 2000, ("pay_below",), id="too-little"),
        pytest.param("76", ["statement"], 2000, 2000, (), id="just-enough"),
        pytest.param("12", ["income_proof"], 1, None, ("floor_unknown",), id="nothing-to-hold-to"),
        pytest.param("75", ["shop"], None, 2000, (), id="shop-has-no-floor"),
        pytest.param("70", [], None, None, (), id="a-need-is-believed"),
    ],
)
def test_rule_says_what_is_not_there(code, papers, pay, floor, found):
    assert unmet(rule_for(code, DAY), papers=papers, pay=pay, floor=floor) == found


def add_paper(outcome, kind, user):
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "JPEG")
    with transaction():
        add_evidence(outcome, actor=viewer_of(user), data=picture.getvalue(), kind=kind)


def verify(browser, outcome_id, **fields):
    db.session.rollback()
    version = db.session.get(Outcome, outcome_id).version
    browser.submit(f"/outcomes/{outcome_id}/verify", version=version, **fields)
    db.session.rollback()
    return db.session.query(Verification).filter_by(outcome_id=outcome_id).count() == 1


def test_outcome_counts_with_its_paper_or_the_word_of_who_saw_it(browser, cast):
    outcome = make_outcome(cast.lin_mei, "10", verified=False)
    other = make_outcome(cast.lin_mei, "11", verified=False)
    browser.sign_in(cast.zheng)

    bare = verify(browser, outcome.id)
    add_paper(outcome, "agreement", cast.chen)
    with_paper = verify(browser, outcome.id)
    with_word = verify(browser, other.id, seen="The contract, at the college office")

    assert (bare, with_paper, with_word) == (False, True, True)


def test_freelance_below_the_minimum_wage_never_counts(browser, cast):
    cast.university.city = "350100"
    with transaction():
        set_minimum_wage(
            actor=viewer_of(cast.huang),
            division="3501",
            monthly=2000,
            holds_from=dt.date(2016, 1, 1),
            source="test",
        )
    outcome = make_outcome(cast.lin_mei, "76", verified=False, monthly_pay=1500)
    add_paper(outcome, "statement", cast.chen)
    browser.sign_in(cast.zheng)

    assert not verify(browser, outcome.id, seen="He told me so himself")


def test_freelance_needs_the_college_and_then_somebody_else(browser, cast):
    outcome = make_outcome(cast.lin_mei, "76", verified=False, monthly_pay=3000)
    add_paper(outcome, "statement", cast.chen)
    college = make_user(Role.UNIVERSITY, cast.university, colleges=["文学院"])
    browser.sign_in(cast.zheng)
    alone = verify(browser, outcome.id)

    browser.sign_in(college)
    browser.submit(f"/outcomes/{outcome.id}/endorse", version=outcome.version)
    by_the_college = verify(browser, outcome.id)
    browser.sign_in(cast.zheng)

    assert (alone, by_the_college, verify(browser, outcome.id)) == (False, False, True)


def test_student_confirms_what_is_recorded(browser, cast):
    outcome = make_outcome(cast.lin_mei)
    browser.sign_in(cast.lin_mei_user)

    browser.submit(f"/outcomes/{outcome.id}/confirm")

    assert "you say it is right" in browser.get("/my/outcome").text


@pytest.mark.parametrize("way", ["student-says", "taken-back", "rejected"])
def test_lost_job_opens_the_case_again(browser, cast, way):
    case_id = cast.case.id
    outcome = make_outcome(cast.lin_mei)
    with transaction():
        close_case(
            cast.case,
            actor=viewer_of(cast.chen),
            reason=CloseReason.PLACED,
            closed_on=clock.today(),
            version=cast.case.version,
        )

    if way == "student-says":
        browser.sign_in(cast.lin_mei_user)
        browser.submit("/my/outcome/new", code="70", effective_on=clock.today().isoformat())
    else:
        act = "void" if way == "taken-back" else "reject"
        browser.sign_in(cast.zheng).submit(
            f"/outcomes/{outcome.id}/{act}", version=outcome.version, reason="The firm has closed"
        )

    db.session.rollback()
    assert db.session.get(Case, case_id).closed_on is None
