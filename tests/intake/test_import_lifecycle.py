"""An import on the pages: sent, previewed by a worker, confirmed, applied, stopped."""

import pytest
from sqlalchemy import func, select

from placement import queue
from placement.accounts.queries import viewer_of
from placement.db import db, transaction
from placement.errors import EditConflictError, NotAllowedError
from placement.files import StoredFile
from placement.intake.models import Import, ImportKind, ImportRow, ImportState
from placement.intake.operations import (
    ImportOptions,
    IncomingFile,
    cancel_import,
    confirm_import,
    lifecycle,
    start_import,
)
from placement.intake.queries import open_cells, problem_rows
from placement.intake.spreadsheets import FileRefusedError, Limits
from placement.students.models import Student
from placement.work.models import Work, WorkState
from tasks.work import run_work
from tests.intake.people import student
from tests.intake.taking import file_of, know_universities, sample

OPTIONS = ImportOptions(kind=ImportKind.STUDENTS, class_year=2016)


@pytest.fixture
def send(cast, sent_jobs):
    """Send a file as somebody, and do what the worker is woken for."""
    know_universities_of(cast)

    def send_file(content: bytes, actor=cast.huang, options=OPTIONS, **limits):
        file = IncomingFile(content, "students.csv", Limits(**limits))
        with transaction():
            return start_import(file, options, actor=viewer_of(actor))

    return send_file


def know_universities_of(cast) -> None:
    assert cast.university.code == "90001"
    know_universities()


def work_off(sent_jobs) -> None:
    """Run the jobs that wait, as a worker does."""
    while sent_jobs:
        job, arguments = sent_jobs.pop(0)
        if job is queue.RUN_WORK:
            run_work(*arguments)
    db.session.expire_all()


def students_there() -> int:
    return db.session.scalar(
        select(func.count()).select_from(Student).where(Student.voided_at.is_(None))
    )


def test_looked_at_then_confirmed_then_applied(send, sent_jobs, cast):
    import_ = send(file_of(student(1), student(2, level="99")))
    assert import_.state is ImportState.CHECKING

    work_off(sent_jobs)
    assert import_.state is ImportState.PREVIEWED
    assert (import_.rows, import_.created, import_.rejected) == (2, 1, 1)
    assert students_there() == 0
    (row,) = db.session.execute(problem_rows(import_)).scalars()
    headings, cells = open_cells(import_, row)
    assert dict(zip(headings, cells, strict=True))["student_number"] == "20120002"

    with transaction():
        confirm_import(import_, actor=viewer_of(cast.huang))
    work_off(sent_jobs)

    assert import_.state is ImportState.APPLIED
    assert import_.applied_at is not None
    assert students_there() == 1
    assert db.session.scalar(select(func.count()).select_from(ImportRow)) == 1
    work = db.session.get_one(Work, import_.work_id)
    assert (work.state, work.done, work.total) == (WorkState.DONE, 1, 1)
    assert work.result == {
        "rows": 2,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": 1,
    }


def test_the_file_is_kept_under_cipher_for_a_month(send, superuser):
    import_ = send(file_of(student(1)))

    kept = db.session.get_one(StoredFile, import_.file_id)
    assert (kept.expires_at - kept.created_at).days == 30
    assert kept.name == "students.csv"
    chunk = superuser.execute("SELECT data FROM file_chunks").fetchone()[0]
    assert b"20120001" not in chunk


def test_a_file_that_is_refused_says_why(send, sent_jobs):
    import_ = send(b"PK\x03\x04 not a workbook")

    work_off(sent_jobs)

    assert import_.state is ImportState.REFUSED
    assert import_.summary["error"]["code"] == "not_a_spreadsheet"
    assert import_.summary["error"]["remedy"]
    assert db.session.get_one(Work, import_.work_id).state is WorkState.FAILED


def test_a_file_that_is_too_large_is_not_kept(send):
    with pytest.raises(FileRefusedError):
        send(b"x" * 2_000_000, megabytes=1)

    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_a_universitys_import_is_narrowed_to_its_own(send, sent_jobs, cast):
    import_ = send(file_of(student(1), student(2, university="90002")), actor=cast.zheng)

    work_off(sent_jobs)

    assert import_.university_id == cast.university.id
    assert (import_.created, import_.rejected) == (1, 1)


@pytest.mark.parametrize("who", ["chen", "limited"])
def test_who_may_not_send_files(send, cast, who):
    cast.zheng.colleges = ["文学院"]
    actor = cast.chen if who == "chen" else cast.zheng

    with pytest.raises(NotAllowedError):
        send(file_of(student(1)), actor=actor)


def test_what_waits_to_be_looked_at_can_be_given_up(send, sent_jobs, cast):
    import_ = send(file_of(student(1)))
    work_off(sent_jobs)

    with transaction():
        cancel_import(import_, actor=viewer_of(cast.huang))

    assert import_.state is ImportState.CANCELLED
    with pytest.raises(EditConflictError), transaction():
        confirm_import(import_, actor=viewer_of(cast.huang))


def test_what_no_worker_has_begun_stops_at_once(send, cast):
    import_ = send(file_of(student(1)))

    with transaction():
        cancel_import(import_, actor=viewer_of(cast.huang))

    assert import_.state is ImportState.CANCELLED


def test_what_a_worker_is_at_stops_at_its_next_step(send, sent_jobs, cast, monkeypatch):
    import_ = send(file_of(student(1)))
    work_off(sent_jobs)
    huang = viewer_of(cast.huang)
    with transaction():
        confirm_import(import_, actor=huang)
    begun = lifecycle.apply_import

    def asked_to_stop_meanwhile(*arguments, **options):
        with db.engine.begin() as connection:
            connection.exec_driver_sql("SELECT set_config('placement.scope', 'system', true)")
            connection.exec_driver_sql("UPDATE works SET cancel_asked_at = now()")
        return begun(*arguments, **options)

    monkeypatch.setattr(lifecycle, "apply_import", asked_to_stop_meanwhile)
    work_off(sent_jobs)

    assert import_.state is ImportState.CANCELLED
    assert students_there() == 0
    assert db.session.get_one(Work, import_.work_id).state is WorkState.CANCELLED


def test_confirmed_twice_is_applied_once(send, sent_jobs, cast):
    import_ = send(sample("students.csv"))
    work_off(sent_jobs)
    with transaction():
        confirm_import(import_, actor=viewer_of(cast.huang))

    with pytest.raises(EditConflictError), transaction():
        confirm_import(import_, actor=viewer_of(cast.huang))
    work_off(sent_jobs)

    assert students_there() == 20
    assert db.session.scalar(select(func.count()).select_from(Import)) == 1


def test_what_goes_wrong_leaves_nothing_and_says_so(send, sent_jobs, cast, monkeypatch):
    import_ = send(file_of(student(1)))
    work_off(sent_jobs)
    with transaction():
        confirm_import(import_, actor=viewer_of(cast.huang))

    def fail(*_arguments, **_options):
        raise RuntimeError("out of memory")

    monkeypatch.setattr(lifecycle, "apply_import", fail)
    work_off(sent_jobs)

    assert import_.state is ImportState.REFUSED
    assert import_.summary["error"] == {"code": "failed"}
    assert students_there() == 0
