"""Two imports at the same time, and an undo while somebody builds on it."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text

from placement.db import db, system_scope, use_scope
from placement.intake.operations.undo import BuiltOnError
from tests.intake.people import student
from tests.intake.taking import counts, know_universities, register_now, take, take_students, undo


@pytest.fixture
def beside(app):
    """Do something in a thread of its own, as another process would."""

    def work(act: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        with app.app_context(), use_scope(system_scope("beside")):
            try:
                return act(*arguments, **options)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as pool:

        def begin(act: Callable[..., Any], *arguments: Any, **options: Any) -> Future[Any]:
            return pool.submit(work, act, *arguments, **options)

        yield begin


@contextmanager
def held_back(statement: str) -> Iterator[None]:
    """Hold a lock while the block runs."""
    with db.engine.connect() as connection:
        connection.exec_driver_sql("SELECT set_config('placement.scope', 'system', true)")
        connection.exec_driver_sql(statement)
        yield
        connection.rollback()


def until_waiting(how_many: int) -> None:
    """Wait until so many sessions wait for a lock."""
    deadline = time.monotonic() + 30
    waiting = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
    with db.engine.connect() as connection:
        while connection.exec_driver_sql(waiting).scalar_one() < how_many:
            assert time.monotonic() < deadline, "nobody waits"
            connection.rollback()
            time.sleep(0.02)


def test_the_same_file_at_the_same_time_is_taken_once(beside):
    know_universities()
    rows = [student(number, hardship_code="2") for number in range(1, 41)]

    with held_back("LOCK TABLE cases IN SHARE MODE"):
        both = [beside(take, "students", *rows) for _ in range(2)]
        until_waiting(2)
    answers = sorted(counts(each.result(timeout=60)) for each in both)

    assert answers == [(0, 0, 40, 0), (40, 0, 0, 0)]
    assert len(register_now()["students"]) == 40


def test_of_two_files_about_the_same_people_the_later_sees_the_earlier(beside):
    know_universities()

    with held_back("LOCK TABLE cases IN SHARE MODE"):
        first = beside(take, "students", student(1, college="文学院", hardship_code="2"))
        until_waiting(1)
        second = beside(take, "students", student(1, college="信息学院", hardship_code="2"))
        until_waiting(2)

    assert counts(first.result(timeout=60)) == (1, 0, 0, 0)
    assert counts(second.result(timeout=60)) == (0, 1, 0, 0)
    assert [row[7] for row in register_now()["students"]] == ["信息学院"]


def test_other_classes_do_not_wait(beside):
    know_universities()

    with held_back("LOCK TABLE cases IN SHARE MODE"):
        waiting = beside(take, "students", student(1, hardship_code="2"))
        until_waiting(1)
        other = beside(take, "students", student(2), class_year=2017)

        assert counts(other.result(timeout=30)) == (1, 0, 0, 0)
    assert counts(waiting.result(timeout=60)) == (1, 0, 0, 0)


def test_an_undo_waits_for_who_builds_on_it_and_sees_it(beside):
    answer = take_students(student(1))
    building = threading.Event()

    with db.engine.connect() as counselor:
        counselor.exec_driver_sql("SELECT set_config('placement.scope', 'system', true)")
        counselor.exec_driver_sql(
            "INSERT INTO outcomes (student_id, code, effective_on, reported_by, recorded_at,"
            " entered_at) SELECT id, '10', '2016-07-01', 'student', now(), now() FROM students"
        )
        building.set()
        undoing = beside(undo, answer)
        until_waiting(1)
        counselor.commit()

    with pytest.raises(BuiltOnError, match="1 outcomes"):
        undoing.result(timeout=60)
    assert len(register_now()["students"]) == 1


def test_an_outcome_for_somebody_who_is_being_undone_is_nobodys(beside):
    answer = take_students(student(1))
    row = {"student_number": "20120001", "code": "10", "effective_on": "2016-07-01"}

    with held_back("LOCK TABLE student_versions IN SHARE MODE"):
        undoing = beside(undo, answer)
        until_waiting(1)
        reporting = beside(take, "outcomes", row)
        until_waiting(2)
    undoing.result(timeout=60)
    reported = reporting.result(timeout=60)

    assert [error["code"] for error in reported["errors"]] == ["unknown_student"]
    assert db.session.execute(text("SELECT count(*) FROM outcomes")).scalar_one() == 0
