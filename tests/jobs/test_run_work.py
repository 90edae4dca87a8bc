"""Runs as long work: in steps, cancelled, queued when they are due."""

import pytest

from placement import clock, queue
from placement.db import db
from placement.jobs.models import RecommendationRun, RunState
from placement.jobs.operations import (
    queue_due_runs,
    run_recommend_work,
    run_recommendations,
    running,
)
from placement.jobs.operations.runs import only_run
from placement.jobs.queries import recommended_to
from placement.students.models import Category
from placement.work.models import Work, WorkKind, WorkState
from placement.work.operations import (
    Progress,
    WorkCancelledError,
    ask_to_cancel,
    claim_work,
    queue_work,
)
from tests.factories import CLASS_YEAR, make_member, make_student
from tests.openings import make_posting


def claimed(**values) -> tuple[Work, Progress]:
    work = queue_work(WorkKind.RECOMMEND, input={"class_year": CLASS_YEAR, **values}, actor_id=None)
    db.session.commit()
    held = claim_work(work.id, owner="worker")
    db.session.commit()
    assert held is not None
    return held, Progress(work_id=held.id, owner="worker")


def test_work_computes_and_says_what_came_of_it(cast):
    assert cast.lin_mei
    make_posting()
    work, progress = claimed()

    run_recommend_work(work, progress)

    db.session.rollback()
    done = db.session.get(Work, work.id)
    assert done.state is WorkState.DONE
    assert (done.done, done.total) == (1, 1)
    assert done.result["students"] == 1
    assert len(recommended_to(cast.lin_mei.id)) == 1


def test_work_goes_on_behind_the_last_student(cast, monkeypatch, sent_jobs):
    students = [cast.lin_mei, *(make_student(cast.university) for _ in range(4))]
    for student in students[1:]:
        make_member(student, Category.RURAL_ORIGIN)
    make_posting()
    monkeypatch.setattr(running, "STEP_SECONDS", -1.0)
    monkeypatch.setattr(running, "CHUNK", 2)
    work, progress = claimed()

    steps = 0
    while work.state is not WorkState.DONE:
        run_recommend_work(work, progress)
        db.session.commit()
        steps += 1
        again = claim_work(work.id, owner="worker")
        db.session.commit()
        work = again or db.session.get(Work, work.id)

    assert steps == 3
    assert db.session.query(RecommendationRun).count() == 1
    assert all(len(recommended_to(student.id)) == 1 for student in students)


def test_whoever_is_woken_for_the_next_step_finds_the_class_free(cast, monkeypatch):
    make_member(make_student(cast.university), Category.RURAL_ORIGIN)
    assert cast.lin_mei
    make_posting()
    monkeypatch.setattr(running, "STEP_SECONDS", -1.0)
    monkeypatch.setattr(running, "CHUNK", 1)
    work, progress = claimed()
    queue.discard()  # that it was queued at all
    woken = []

    def wake(*_job) -> bool:
        with only_run(CLASS_YEAR):
            woken.append(True)
        return True

    monkeypatch.setattr(queue, "send", wake)
    run_recommend_work(work, progress)

    assert woken == [True]


def test_cancelled_work_leaves_nothing(cast):
    assert cast.lin_mei
    make_posting()
    work, progress = claimed()
    ask_to_cancel(work)
    db.session.commit()

    with pytest.raises(WorkCancelledError):
        run_recommend_work(work, progress)

    db.session.rollback()
    assert recommended_to(cast.lin_mei.id) == []
    assert db.session.query(RecommendationRun).one().state is RunState.FAILED


def test_lists_of_yesterday_are_queued_once(cast, travel, sent_jobs):
    student = make_student(cast.university, class_year=clock.today().year)
    make_member(student, Category.RURAL_ORIGIN)
    make_posting()

    first = queue_due_runs(clock.today())
    again = queue_due_runs(clock.today())

    assert (first, again) == ([student.class_year], [])


def test_lists_of_today_are_left_and_those_of_yesterday_not(cast, travel):
    student = make_student(cast.university, class_year=clock.today().year)
    make_member(student, Category.RURAL_ORIGIN)
    make_posting()
    run_recommendations(student.class_year, as_of=clock.today())

    today = queue_due_runs(clock.today())
    travel(days=1)
    tomorrow = queue_due_runs(clock.today())

    assert (today, tomorrow) == ([], [student.class_year])
