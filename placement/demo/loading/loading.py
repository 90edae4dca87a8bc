"""The demo from an empty database to the first page, and what follows behind it."""

import datetime as dt
import time
from pathlib import Path
from typing import Any

from sqlalchemy import exists, select

from placement import clock
from placement.accounts.models import University
from placement.audit.models import AuditEvent
from placement.audit.operations import record_event
from placement.config import Settings
from placement.db import db, transaction
from placement.demo.loading.accounts import add_counselors, add_logins, read_logins
from placement.demo.loading.casework import close_last_class, record_work
from placement.demo.loading.gatherings import hold_fairs, open_disputes
from placement.demo.loading.guests import gather
from placement.demo.loading.steps import Tell, import_file
from placement.demo.loading.support import let_plans_be_approved, stand_by
from placement.demo.province.casework import CaseWork
from placement.demo.province.files import write_files
from placement.demo.province.plan import Plan, plan_province
from placement.errors import PlacementError
from placement.work.models import Work, WorkKind
from placement.work.operations import Progress, finish_work, hand_back, queue_work

BEGUN, LOADED = "demo.begun", "demo.loaded"
CASES_A_STEP = 200


class DemoRefusedError(PlacementError):
    """The database holds something that is not the demo, or a demo of another size."""

    code = "demo_refused"


def load_demo(students: int, *, settings: Settings, tell: Tell) -> dict[str, dict[str, str]]:
    """Load the province unless it is there; the four accounts to sign in with.

    Raises DemoRefusedError on a database that holds anything but its own demo.
    """
    begun = _event(BEGUN)
    if begun is not None and _event(LOADED) is not None:
        _check_size(begun, students)
        return read_logins(settings.instance)
    if begun is not None:
        raise DemoRefusedError(
            "An earlier loading of the demo did not come to its end.",
            remedy="Start again with --fresh.",
        )
    if db.session.execute(select(exists().where(University.id.is_not(None)))).scalar():
        raise DemoRefusedError(
            "This database holds data that are not the demo's.",
            remedy="Give the demo an instance of its own: PLACEMENT_INSTANCE=another/folder.",
        )
    return _load(students, settings=settings, tell=tell)


def _load(students: int, *, settings: Settings, tell: Tell) -> dict[str, dict[str, str]]:
    started = time.monotonic()
    today = clock.today()
    with transaction():
        record_event(
            BEGUN,
            actor_id=None,
            subject="demo",
            details={"students": students, "today": today.isoformat()},
        )
    plan = plan_province(students=students, today=today)
    folder = settings.instance / "demo"
    manifest = write_files(plan, folder)
    tell(f"  planned and written in {time.monotonic() - started:.1f} s")
    universities, *rest = manifest.first
    import_file(universities, settings=settings, tell=tell)
    with transaction():
        tell(f"  {add_counselors(plan):,} counselors")
    for step in rest:
        import_file(step, settings=settings, tell=tell)
    with transaction():
        tell(f"  {close_last_class(plan):,} cases of 2016 closed with the year")
    with transaction():
        logins = add_logins(plan, settings.instance)
        own = [work for work in plan.casework() if work.counselor == plan.logins.counselor]
        record_work(own, plan.class_year)
        let_plans_be_approved(plan)
        stand_by(own, plan)
        hold_fairs(plan)
        open_disputes(plan)
    with transaction():
        queue_work(
            WorkKind.DEMO,
            input={"students": students, "today": today.isoformat(), "folder": str(folder)},
            actor_id=None,
        )
        record_event(LOADED, actor_id=None, subject="demo")
    tell(f"  the province stands after {time.monotonic() - started:.1f} s")
    return logins


def run_demo_work(work: Work, progress: Progress, *, settings: Settings, tell: Tell) -> None:
    """Do one step of what follows behind the first page, and hand the rest back.

    First the recommendations of the class under way and a handful of its cases, then who comes to
    the fairs, the other cases by handfuls, and the graduates of 2016 who are in no category.
    """
    plan = plan_province(
        students=work.input["students"], today=dt.date.fromisoformat(work.input["today"])
    )
    works = list(plan.casework())
    done = int(work.position.get("cases", 0))
    if done and "fairs" not in work.position:
        _fill_fairs(work, plan)
        return
    if done < len(works):
        _record_some(work, progress, plan, works, done)
        return
    manifest = write_files(plan, Path(work.input["folder"]), background=True)
    place = int(work.position.get("files", 0))
    if place < len(manifest.steps):
        import_file(manifest.steps[place], settings=settings, tell=tell)
        _go_on(work, {**work.position, "files": place + 1})
        return
    with transaction():
        finish_work(work, result={"cases": done, "files": place})


def _record_some(
    work: Work, progress: Progress, plan: Plan, works: list[CaseWork], done: int
) -> None:
    until = min(done + CASES_A_STEP, len(works))
    progress.report(done, len(works))
    with transaction():
        record_work(works[done:until], plan.class_year)
        stand_by(works[done:until], plan)
    if done == 0:
        with transaction():
            queue_work(WorkKind.RECOMMEND, input={"class_year": plan.class_year}, actor_id=None)
    _go_on(work, {**work.position, "cases": until})


def _fill_fairs(work: Work, plan: Plan) -> None:
    for place in range(len(plan.fairs)):
        with transaction():
            gather(plan, place)
    _go_on(work, {**work.position, "fairs": len(plan.fairs)})


def _go_on(work: Work, position: dict[str, Any]) -> None:
    with transaction():
        hand_back(work, position=position)


def _event(action: str) -> AuditEvent | None:
    return db.session.execute(
        select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id).limit(1)
    ).scalar_one_or_none()


def _check_size(begun: AuditEvent, students: int) -> None:
    there = begun.details.get("students")
    if there != students:
        raise DemoRefusedError(
            f"The demo here has {there:,} students in its register.",
            remedy=f"Start it with --students {there}, or anew with --fresh.",
        )
