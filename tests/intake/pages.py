"""Sending files by the pages, and doing what a worker is woken for."""

import io
import re
from html import unescape
from typing import Any

from sqlalchemy import func, select, text

from placement import queue
from placement.db import db
from placement.intake.models import Import
from placement.students.models import Student
from placement.work.models import Work, WorkState
from tasks.work import run_work
from tests.intake.people import student

WRONG_SEX = student(4, name="王大海", sex="1")
"""A row whose sex contradicts its ID number."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_file(
    browser: Any, content: bytes, *, kind: str = "students", name: str = "file.csv", **fields: Any
) -> Any:
    """Send a file by its form; a class year goes with it where its kind asks for one."""
    if kind not in {"postings", "universities"}:
        fields.setdefault("class_year", "2016")
    return browser.submit(f"/imports/new/{kind}", file=(io.BytesIO(content), name), **fields)


def work_off(sent_jobs: list[Any]) -> None:
    """Run the jobs that wait, as a worker does."""
    while sent_jobs:
        job, arguments = sent_jobs.pop(0)
        if job is queue.RUN_WORK:
            run_work(*arguments)
    db.session.expire_all()


def only_import() -> Import:
    """The one import there is."""
    db.session.expire_all()
    return db.session.execute(select(Import)).scalar_one()


def confirm(browser: Any, import_: Import, **fields: Any) -> Any:
    """Press the button that takes a previewed import in."""
    fields.setdefault("sha256", import_.sha256.hex())
    return browser.submit(f"/imports/{import_.id}/confirm", **fields)


def text_of(response: Any) -> str:
    """What a person reads on a page: its text with single spaces, without what is between tags."""
    page = re.sub(r"<(script|style|head).*?</\1>", " ", response.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def cells_marked(response: Any, mark: str) -> list[str]:
    """The texts of the cells that a page marks as 'wrong' or 'changed'."""
    found = re.findall(rf'<td\s+class="{mark}"[^>]*>(.*?)</td>', response.text, flags=re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in found]


def students_there() -> int:
    """How many students are in the register."""
    return db.session.scalar(
        select(func.count()).select_from(Student).where(Student.voided_at.is_(None))
    )


def know_both(cast: Any) -> None:
    """Make the two universities of the cast, which are those of the samples."""
    assert (cast.university.code, cast.other_university.code) == ("90001", "90002")


def hold(work: Work, **values: Any) -> None:
    """Put a piece of work into the hands of a worker."""
    lease = db.session.scalar(text("SELECT now() + interval '1 minute'"))
    work.state, work.owner, work.lease_until = WorkState.RUNNING, "somebody", lease
    for name, value in values.items():
        setattr(work, name, value)
    db.session.commit()
