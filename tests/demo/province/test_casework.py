"""What no file carries: the work in the cases, disputes, fairs, and whom the log-ins show."""

import datetime as dt
from collections import Counter
from enum import StrEnum

import numpy as np
import pytest

from placement.cases import models
from placement.demo.province.casework import CaseWork
from placement.demo.province.plan import Plan
from placement.demo.province.postings import posts_column
from placement.reference import levels


@pytest.fixture(scope="session")
def cases(whole_plan: Plan) -> list[CaseWork]:
    return list(whole_plan.casework())


def words(kind: type[StrEnum]) -> set[str]:
    return {member.value for member in kind}


def test_every_student_of_the_register_has_one_case(
    whole_plan: Plan, cases: list[CaseWork]
) -> None:
    assert len(cases) == whole_plan.sizes.current
    assert len({(case.university, case.student_number) for case in cases}) == len(cases)


def test_words_are_those_of_the_cases(cases: list[CaseWork]) -> None:
    for case in cases:
        assert {b.kind for b in case.barriers} <= words(models.BarrierKind)
        assert {b.state for b in case.barriers} <= words(models.BarrierState)
        assert {g.state for g in case.goals} <= words(models.GoalState)
        assert {a.kind for a in case.actions} <= words(models.ActionKind)
        assert {a.state for a in case.actions} <= words(models.ActionState)
        assert {c.method for c in case.contacts} <= words(models.FollowUpMethod)
        assert {c.result for c in case.contacts} <= words(models.FollowUpResult)
        assert case.close_reason is None or case.close_reason in words(models.CloseReason)


def test_nothing_lies_before_the_case_or_after_today(
    whole_plan: Plan, cases: list[CaseWork]
) -> None:
    for case in cases:
        past = [contact.contacted_on for contact in case.contacts]
        past += [barrier.noted_on for barrier in case.barriers]
        past += [goal.set_on for goal in case.goals]
        past += [barrier.settled_on for barrier in case.barriers if barrier.settled_on]
        past += [action.done_on for action in case.actions if action.done_on]
        past += [case.closed_on] if case.closed_on else []
        assert all(case.opened_on <= day <= whole_plan.today for day in past)
        assert past[: len(case.contacts)] == sorted(past[: len(case.contacts)])
        for contact in case.contacts:
            assert (
                contact.next_contact_on is None or contact.next_contact_on >= contact.contacted_on
            )


def test_states_carry_the_days_that_they_need(cases: list[CaseWork]) -> None:
    for case in cases:
        assert (case.closed_on is None) == (case.close_reason is None)
        assert case.closed_on is None or case.next_contact_on is None
        assert len(case.barriers) == len(case.goals)
        for action in case.actions:
            assert (action.state == "done") == (action.done_on is not None)
            assert action.goal < len(case.goals)
        for contact in case.contacts:
            assert contact.duration_minutes is None or contact.duration_minutes > 0
        for settled in (*case.barriers, *case.goals):
            assert (settled.state == "open") == (settled.settled_on is None)


def test_cases_are_at_every_stage(whole_plan: Plan, cases: list[CaseWork]) -> None:
    today = whole_plan.today
    stages = Counter(
        "closed"
        if case.closed_on
        else "untouched"
        if not case.contacts
        else "lapsed"
        if case.next_contact_on and case.next_contact_on < today
        else "today"
        if case.next_contact_on == today
        else "kept"
        for case in cases
    )

    assert min(stages[stage] for stage in ("closed", "untouched", "lapsed", "today", "kept")) > 30


def test_case_opens_when_the_register_knows_the_student(
    whole_plan: Plan, cases: list[CaseWork]
) -> None:
    late = [case for case in cases if case.opened_on > whole_plan.start]
    recorded = {found.recorded_on for found in whole_plan.current_lists if found.confirm}

    assert late
    assert {case.opened_on for case in late} <= recorded


def test_cases_of_2016_were_closed_with_the_year(whole_plan: Plan) -> None:
    closures = whole_plan.closures
    reasons = Counter(closures.reason.tolist())

    assert len(closures) == 34_267
    assert reasons["placed"] == 32_965
    assert reasons["left_register"] + reasons["deceased"] == 159
    assert reasons["not_seeking"] > 100
    assert reasons["handed_over"] > 500
    assert set(reasons) <= words(models.CloseReason)


def test_fairs_lie_in_the_coming_weeks_on_working_days(whole_plan: Plan) -> None:
    coming = [fair for fair in whole_plan.fairs if fair.on > whole_plan.today]

    assert len(coming) >= 8
    assert len(coming) < len(whole_plan.fairs)
    assert any(fair.class_year == whole_plan.class_year for fair in coming)
    assert any(fair.class_year is None for fair in coming)
    assert any(fair.university == whole_plan.logins.university for fair in coming)
    for fair in whole_plan.fairs:
        assert fair.on.weekday() < 5
        assert abs(fair.on - whole_plan.today) < dt.timedelta(weeks=8)
        assert len({stand.number for stand in fair.stands}) == len(fair.stands) > 0
        assert all(stand.openings > 0 and stand.offers for stand in fair.stands)


def test_disputes_are_about_placed_students_and_recent(whole_plan: Plan) -> None:
    cohort, progress = whole_plan.current, whole_plan.progress
    placed = set(
        zip(
            cohort.university[progress.state == "placed"],
            cohort.student_number[progress.state == "placed"],
            strict=True,
        )
    )

    assert len(whole_plan.disputes) > 5
    for dispute in whole_plan.disputes:
        assert (dispute.university, dispute.student_number) in placed
        assert dispute.opened_on < whole_plan.today


@pytest.mark.parametrize("plan_name", ["whole_plan", "small_plan"])
def test_log_ins_have_something_to_show(request: pytest.FixtureRequest, plan_name: str) -> None:
    plan: Plan = request.getfixturevalue(plan_name)
    cohort, logins = plan.current, plan.logins
    row = int(
        np.flatnonzero(
            (cohort.student_number == logins.student_number)
            & (cohort.university == logins.university)
        )[0]
    )
    wish = int(np.flatnonzero(plan.wishes.person == row)[0])
    postings = plan.postings
    level = posts_column("level")[postings.post]
    places = plan.wishes.places[wish].split(";")
    fits = np.asarray(
        [not code or levels.rank(code) <= levels.rank(cohort.places.level[row]) for code in level]
    )
    fits &= np.isin(plan.employers.city[postings.employer].astype(str), places)
    fits &= (postings.deadline >= plan.today.isoformat()) & (postings.reserved_for == "")

    assert logins.counselor == "counselor"
    assert cohort.counselors[cohort.counselor[row]].username == logins.counselor
    assert cohort.registered[row]
    assert cohort.contacts.email[row]
    assert fits.sum() >= 3


def test_counselor_of_the_demo_has_a_full_caseload(whole_plan: Plan) -> None:
    account = next(a for a in whole_plan.counselors if a.username == "counselor")

    assert account.class_year == whole_plan.class_year
    assert account.university == whole_plan.logins.university
    assert 100 <= account.caseload <= 150


def test_hopes_are_adjusted_after_they_were_talked_about(cases: list[CaseWork]) -> None:
    told = [case for case in cases if case.hopes]
    adjusted = [case for case in told if len(case.hopes) > 1]

    assert 0 < len(adjusted) < len(told) < len(cases)
    for case in told:
        days = [hope.recorded_on for hope in case.hopes]
        assert days == sorted(days)
        assert {hope.recorded_on for hope in case.hopes} <= {
            contact.contacted_on for contact in case.contacts
        }
    assert all(case.hopes[1].note for case in adjusted)
