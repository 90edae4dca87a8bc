"""Everybody's lists: computed as a whole, shown as a whole, one run at a time."""

import datetime as dt

import pytest
from sqlalchemy import update

from placement import clock
from placement.db import SQL_NOW, db
from placement.errors import InvalidValueError
from placement.history import recorded
from placement.jobs.models import Recommendation, RecommendationRun, RunState, Wish
from placement.jobs.operations import (
    RunUnderWayError,
    run_recommendations,
    running,
)
from placement.jobs.queries import recommended_to
from placement.locks import Lock, held_beside
from placement.outcomes.models import Dispute
from placement.students.models import StandingKind
from tests.factories import (
    CLASS_YEAR,
    make_outcome,
    make_standing,
    make_student,
    save,
)
from tests.openings import make_employer, make_posting, make_wish


def compute():
    summary = run_recommendations(CLASS_YEAR, as_of=clock.today())
    db.session.rollback()
    return summary


def test_list_names_posting_with_three_true_reasons(cast):
    make_wish(cast.lin_mei)
    posting = make_posting()

    summary = compute()

    assert (summary.students, summary.postings) == (1, 1)
    (found,) = recommended_to(cast.lin_mei.id)
    assert (found.posting_id, found.rank) == (posting.id, 1)
    assert [reason["code"] for reason in found.reasons] == ["skills", "major", "occupation"]
    assert 0 < found.score <= 1
    assert found.parts["salary"] == 1.0


@pytest.mark.parametrize(
    ("values", "employer"),
    [
        pytest.param({"state": "closed"}, {}, id="closed"),
        pytest.param({"deadline": dt.date(2016, 1, 1)}, {}, id="past-its-deadline"),
        pytest.param({"level": "11"}, {}, id="asks-for-a-master"),
        pytest.param({"majors": ["0809"], "majors_strict": True}, {}, id="another-major-only"),
        pytest.param({"reserved_for": ["disability"]}, {}, id="kept-for-others"),
        pytest.param({"city": "350200"}, {}, id="elsewhere"),
        pytest.param({}, {"verified_at": None}, id="employer-unknown"),
    ],
)
def test_hard_rules_hold(cast, values, employer):
    make_wish(cast.lin_mei)
    make_posting(make_employer(**employer), **values)

    compute()

    assert recommended_to(cast.lin_mei.id) == []


def test_strict_posting_with_a_major_in_words_is_open_to_compare(cast):
    make_wish(cast.lin_mei)
    make_posting(majors=["园艺疗法"], majors_strict=True)

    compute()

    assert len(recommended_to(cast.lin_mei.id)) == 1


def test_employer_of_an_import_is_known(cast, superuser):
    make_posting(make_employer(verified_at=None))
    superuser.execute("UPDATE employers SET import_id = 1")
    assert cast.lin_mei

    compute()

    assert len(recommended_to(cast.lin_mei.id)) == 1


def placed(student):
    make_outcome(student)


def placed_and_in_dispute(student):
    outcome = make_outcome(student)
    save(Dispute(outcome_id=outcome.id, student_id=student.id, **recorded()))


def placed_not_verified(student):
    make_outcome(student, verified=False)


def lost_the_job(student):
    make_outcome(student)
    make_outcome(student, "70", dt.date(2016, 9, 1), verified=False)


def withdrawn(student):
    make_standing(student, StandingKind.WITHDRAWN)


def deferred(student):
    make_standing(student, StandingKind.DEFERRED)


@pytest.mark.parametrize(
    ("become", "looks"),
    [
        (placed, False),
        (placed_and_in_dispute, True),
        (placed_not_verified, True),
        (lost_the_job, True),
        (withdrawn, False),
        (deferred, True),
    ],
)
def test_who_looks_for_work(cast, become, looks):
    make_posting()
    become(cast.lin_mei)

    summary = compute()

    assert summary.students == int(looks)
    assert bool(recommended_to(cast.lin_mei.id)) is looks


def test_who_is_in_no_category_has_no_case_and_no_list(cast):
    make_student(cast.university)
    make_posting()

    assert compute().students == 0


def test_class_without_students_is_refused(app):
    with pytest.raises(InvalidValueError):
        run_recommendations(1999, as_of=clock.today())


def test_new_run_takes_the_place_of_the_old_and_two_are_kept(cast):
    assert cast.lin_mei
    make_posting()

    runs = [compute().run_id for _ in range(3)]

    kept = db.session.query(RecommendationRun).order_by(RecommendationRun.id).all()
    assert [run.id for run in kept] == runs[1:]
    assert [run.is_current for run in kept] == [False, True]
    assert {run.state for run in kept} == {RunState.DONE}
    assert {r.run_id for r in db.session.query(Recommendation)} == set(runs[1:])


def test_second_run_of_a_class_is_refused(cast):
    assert cast.lin_mei

    with held_beside(Lock.RUN, CLASS_YEAR, reason="test"), pytest.raises(RunUnderWayError):
        compute()


def test_run_that_fails_leaves_the_old_lists(cast, monkeypatch):
    assert cast.lin_mei
    make_posting()
    before = compute()

    def fail(*_args):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(running, "show_run", fail)
    with pytest.raises(RuntimeError):
        compute()

    db.session.rollback()
    states = {r.id: r.state for r in db.session.query(RecommendationRun)}
    assert states.pop(before.run_id) is RunState.DONE
    assert list(states.values()) == [RunState.FAILED]
    assert {r.run_id for r in db.session.query(Recommendation)} == {before.run_id}


def test_wish_written_during_a_run_is_in_its_lists(cast, monkeypatch):
    wish = make_wish(cast.lin_mei, places=["350200"])
    make_posting()
    look = running.changed_since

    def write_meanwhile(class_year, moment):
        db.session.execute(
            update(Wish).where(Wish.id == wish.id).values(places=["350100"], updated_at=SQL_NOW)
        )
        return look(class_year, moment)

    monkeypatch.setattr(running, "changed_since", write_meanwhile)
    compute()

    assert len(recommended_to(cast.lin_mei.id)) == 1
