"""Why somebody stands on the list of today, and how they leave it."""

import datetime as dt
import html
import re

import pytest

from placement import clock
from placement.accounts.queries import viewer_of
from placement.cases.models import ActionKind, AnswerKind, Case
from placement.cases.operations import add_action, answer_action
from placement.db import db, transaction
from placement.desk.needs import RULES, needs_today
from placement.fairs.models import FairResult, ResultKind
from placement.jobs.models import Referral
from placement.notices.models import NoticeKind, Telling
from placement.outcomes.operations import open_dispute
from placement.pairing.models import HelperKind, Pairing
from placement.pairing.operations import object_to_pairing, pair_student
from placement.pairing.operations.pairing import Helper
from placement.students.models import Assignment, Category
from tests.factories import make_member, make_outcome, make_student, save
from tests.fairs.cast_of_fairs import held
from tests.openings import make_posting

A_WHILE = dt.timedelta(days=8)


def quiet_case(cast) -> Case:
    """Lin Mei's case with nothing to do in it."""
    case, today = cast.case, clock.today()
    case.opened_on = case.last_contact_on = today
    case.next_contact_on, case.next_step = today + dt.timedelta(days=9), "Wait for the answer"
    save(case)
    return case


def rules_of(cast) -> tuple[str, ...]:
    db.session.rollback()
    listed = needs_today(viewer_of(cast.chen), today=clock.today()).page.items
    return listed[0].rules if listed else ()


def overdue(cast, case):
    case.next_contact_on = clock.today() - dt.timedelta(days=1)


def due(cast, case):
    case.next_contact_on = clock.today()


def no_date(cast, case):
    case.next_contact_on = None


def no_step(cast, case):
    case.next_step = None


def silent(cast, case):
    case.last_contact_on = case.opened_on = clock.today() - dt.timedelta(days=40)


def new(cast, case):
    held = db.session.query(Assignment).filter_by(student_id=case.student_id).one()
    held.holds_from, case.last_contact_on = clock.today(), None


def help(cast, case):
    case.help_asked_at = clock.now()


def dispute(cast, case):
    outcome = make_outcome(cast.lin_mei)
    open_dispute(outcome, actor_id=cast.lin_mei_user.id, reason="Never worked there")


def question(cast, case):
    actor = viewer_of(cast.chen)
    action = add_action(case, actor=actor, kind=ActionKind.GUIDANCE, title="Talk about the CV")
    db.session.flush()
    asker, kind = viewer_of(cast.lin_mei_user), AnswerKind.QUESTIONED
    answer_action(action, case=case, actor=asker, kind=kind, note="May I come by phone?")


def paired(cast, case, days: int = 0) -> Pairing:
    first = clock.today() - dt.timedelta(days=days)
    last = first + dt.timedelta(days=90)
    given = Helper(
        kind=HelperKind.TEACHER, name="郭老师", plan="Read the CV", starts_on=first, ends_on=last
    )
    return pair_student(case, actor=viewer_of(cast.chen), helper=given)


def objection(cast, case):
    pairing = paired(cast, case)
    db.session.flush()
    object_to_pairing(pairing, actor=viewer_of(cast.lin_mei_user), reason="Rather not")


def helper(cast, case):
    paired(cast, case, days=40)


def referral(cast, case):
    posting = make_posting()
    row = Referral(student_id=case.student_id, posting_id=posting.id, counselor_id=cast.chen.id)
    row.referred_at = clock.now() - A_WHILE
    save(row)


def unverified(cast, case):
    make_outcome(cast.lin_mei, verified=False, recorded_at=clock.now() - A_WHILE)


def expiring(cast, case):
    make_member(cast.lin_mei, Category.DISABILITY, valid_to=clock.today() + dt.timedelta(days=20))


def fair_result(cast, case):
    fair = held(on=clock.today())
    save(FairResult(fair_id=fair.id, student_id=case.student_id, kind=ResultKind.OFFER))


def unanswered(cast, case):
    fair = held(on=clock.today() + dt.timedelta(days=2))
    told = Telling(kind=NoticeKind.REMINDER, subject_id=fair.id, student_id=case.student_id)
    told.at = clock.now() - dt.timedelta(days=3)
    save(told)


WAYS = [
    help,
    overdue,
    due,
    no_date,
    no_step,
    silent,
    new,
    dispute,
    question,
    objection,
    helper,
    referral,
    unverified,
    expiring,
    fair_result,
    unanswered,
]


def test_every_rule_is_tried_but_that_of_messages():
    assert {way.__name__ for way in WAYS} == set(RULES) - {"message"}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_rule_brings_a_person_onto_the_list(cast, way):
    case = quiet_case(cast)
    before = rules_of(cast)

    way(cast, case)
    db.session.commit()

    assert before == ()
    assert way.__name__ in rules_of(cast)


def test_whoever_was_followed_up_leaves_whatever_the_rule(browser, cast):
    case = quiet_case(cast)
    referral(cast, case)
    browser.sign_in(cast.chen)
    before = browser.get("/today").text

    browser.submit(
        f"/cases/{case.id}/quick", version=case.version, method="call", came_of_it="well"
    )

    assert "no answer to a job referral" in before
    assert "Nobody is waiting for you today" in browser.get("/today").text


def test_put_off_until_a_day_and_back_at_once_for_a_dispute(browser, cast):
    case = quiet_case(cast)
    overdue(cast, case)
    save(case)
    until = clock.today() + dt.timedelta(days=5)
    browser.sign_in(cast.chen)

    refused = browser.submit(f"/cases/{case.id}/put-off", until="2999-01-01")
    browser.submit(f"/cases/{case.id}/put-off", until=until.isoformat())
    away = rules_of(cast)
    with transaction():
        dispute(cast, case)

    assert refused.status_code == 422
    assert away == ()
    assert db.session.get(Case, case.id).next_contact_on == until
    assert rules_of(cast)[0] == "dispute"


def test_list_is_paged(browser, cast):
    for _ in range(31):
        make_member(make_student(cast.university, counselor=cast.chen), Category.RURAL_ORIGIN)
    browser.sign_in(cast.chen)

    first, second = browser.get("/today").text, browser.get("/today?page=2").text

    assert first.count('class="row-item"') == 30
    assert second.count('class="row-item"') == 1


def test_act_and_its_undo_lead_back_to_the_page_of_the_list(browser, cast):
    case = quiet_case(cast)
    overdue(cast, case)
    save(case)
    browser.sign_in(cast.chen)

    put_off = browser.submit(f"/cases/{case.id}/put-off?page=2")
    back = browser.submit(f"/cases/{case.id}/put-off/undo/none?page=2")
    noted = browser.submit(
        f"/cases/{case.id}/quick?next=/today%3Fpage%3D2",
        version=db.session.get(Case, case.id).version,
        method="call",
        came_of_it="well",
    )
    undo = re.search(r'action="([^"]*/undo[^"]*)"', browser.get("/today").text)

    assert [answer.location for answer in (put_off, back, noted)] == ["/today?page=2"] * 3
    assert browser.submit(html.unescape(undo[1])).location == "/today?page=2"


def test_list_is_narrowed_to_one_reason_and_stays_so_after_an_act(browser, cast):
    quiet_case(cast)
    late = make_student(cast.university, counselor=cast.chen, name="王芳")
    make_member(late, Category.RURAL_ORIGIN)
    case = db.session.query(Case).filter_by(student_id=late.id).one()
    case.next_contact_on = clock.today() - dt.timedelta(days=2)
    cast.case.next_step = None
    save(case, cast.case)
    browser.sign_in(cast.chen)

    narrowed = browser.get("/today?why=overdue").text
    off = re.search(rf"/cases/{case.id}/put-off\?[^\"]+", narrowed)[0]
    after = browser.submit(html.unescape(off))
    nobody = browser.get("/today?why=dispute").text
    everybody = browser.get("/today?why=unheard").text

    assert "王芳" in narrowed
    assert "林梅" not in narrowed
    assert after.location == "/today?why=overdue"
    assert "Nobody stands here for this reason." in nobody
    assert "林梅" in everybody
