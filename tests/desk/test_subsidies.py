"""The subsidy helper: probably entitled, what is missing, steps ticked off, the next step."""

import datetime as dt

import pytest

from placement import clock
from placement.accounts.queries import viewer_of
from placement.cases.entitlement import Known, Likelihood, Window, likelihood, window_on
from placement.cases.models import Case, SubsidyClaim
from placement.cases.operations import keep_steps
from placement.db import db
from placement.errors import EditConflictError, InvalidValueError
from placement.reference.subsidies import subsidy_of
from placement.reference.tables import rows_on
from placement.students.models import Category
from tests.factories import make_member, save

SEARCH, FLEXIBLE, STARTUP = map(subsidy_of, rows_on("subsidies", dt.date(2026, 11, 25)))


@pytest.fixture
def this_year(cast) -> Case:
    """Lin Mei in the class whose window for the search for work is open today."""
    today = clock.today()
    cast.lin_mei.class_year = today.year + (today.month >= 9)
    if today.month in {7, 8}:
        pytest.skip("no window is open in July and August")
    save(cast.lin_mei)
    make_member(cast.lin_mei, Category.FAMILY_HARDSHIP, hardship_class="low_income")
    return cast.case


def known(*classes: str, code: str | None = None, placed: bool = False) -> Known:
    return Known(class_year=2027, classes=frozenset(classes), code=code, placed=placed)


@pytest.mark.parametrize(
    ("subsidy", "who", "fits"),
    [
        (SEARCH, known("low_income"), Likelihood.PROBABLY),
        (SEARCH, known("disability", code="70"), Likelihood.PROBABLY),
        (SEARCH, known("ethnic_minority", "rural_origin"), Likelihood.PERHAPS),
        (SEARCH, known("low_income", code="10", placed=True), Likelihood.NO),
        (FLEXIBLE, known(code="76", placed=True), Likelihood.PROBABLY),
        (FLEXIBLE, known("low_income"), Likelihood.NO),
        (STARTUP, known(code="75", placed=True), Likelihood.PROBABLY),
    ],
)
def test_likelihood(subsidy, who, fits):
    assert likelihood(subsidy, who) is fits


@pytest.mark.parametrize(
    ("day", "window"),
    [
        (dt.date(2026, 8, 31), Window.EARLY),
        (dt.date(2026, 9, 1), Window.OPEN),
        (dt.date(2027, 6, 30), Window.OPEN),
        (dt.date(2027, 7, 1), Window.OVER),
    ],
)
def test_window(day, window):
    assert window_on(SEARCH, 2027, day) is window


def test_student_ticks_off_and_the_counselor_makes_the_rest_the_next_step(browser, cast, this_year):
    case_id, today = this_year.id, str(clock.today())
    browser.sign_in(cast.lin_mei_user)
    offered = browser.get("/my/subsidies").text
    form = browser.get("/my/subsidies/job_search").text
    mine = {"version": "0", "papers": ["application", "id_card"]}
    browser.submit("/my/subsidies/job_search", **mine)

    browser.sign_in(cast.chen)
    seen = browser.get(f"/cases/{case_id}/subsidies").text
    browser.submit(f"/cases/{case_id}/subsidies/job_search/next-step")
    db.session.rollback()
    step = db.session.get(Case, case_id).next_step
    stale = browser.submit(f"/cases/{case_id}/subsidies/job_search", **mine)
    browser.submit(
        f"/cases/{case_id}/subsidies/job_search", version="1", applied_on=today, papers=[]
    )
    told = browser.sign_in(cast.lin_mei_user).get("/my/subsidies").text

    assert "you are probably entitled" in offered
    assert "entitled to" not in offered.replace("probably entitled", "")
    assert "Application form" in form
    assert "probably entitled" in seen
    assert "Apply for: Subsidy for the search for work" in step
    assert "Copy of your own bank card" in step
    assert "Application form" not in step
    assert stale.status_code == 409
    assert "applied on" in told
    assert db.session.query(SubsidyClaim).one().version == 2


def test_whoever_is_too_late_is_offered_nothing(browser, cast):
    browser.sign_in(cast.lin_mei_user)

    page = browser.get("/my/subsidies")

    assert "No subsidy fits at the moment." in page.text
    assert browser.get("/my/subsidies/job_search").status_code == 404


def test_steps_must_follow_one_another(cast):
    case, mine, today = cast.case, viewer_of(cast.lin_mei_user), clock.today()

    def keep(version=0, applied=None, settled=None):
        return keep_steps(
            case,
            SEARCH,
            actor=mine,
            papers=["id_card", "nothing"],
            applied_on=applied,
            settled_on=settled,
            paid=True,
            set_aside=False,
            version=version,
        )

    for wrong in ({"applied": today + dt.timedelta(days=1)}, {"settled": today}):
        with pytest.raises(InvalidValueError):
            keep(**wrong)
    with pytest.raises(EditConflictError):
        keep(version=3)
    first = keep(applied=today)
    db.session.flush()
    with pytest.raises(EditConflictError):
        keep()
    settled = keep(version=1, applied=today, settled=today)

    assert first is settled
    assert (settled.papers, settled.paid) == (["id_card"], True)
    db.session.rollback()
