"""The plan as files: every one as a university or an agency would send it, in order of import."""

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from placement.demo.province import baseline, history
from placement.demo.province.cohort import Cohort
from placement.demo.province.draws import Flags, texts
from placement.demo.province.events import Events, draw_details
from placement.demo.province.lists import PartnerList
from placement.demo.province.plan import Plan
from placement.demo.province.progress import FILE_AGES, PLACED
from placement.demo.province.rows import (
    Row,
    outcome_rows,
    posting_rows,
    student_rows,
    university_rows,
    wish_rows,
)
from placement.demo.province.schools import all_schools
from placement.demo.province.steps import Manifest, Step, in_order, recorded_moment
from placement.demo.province.workbook import write_delimited, write_workbook

_YEAR = history.YEAR
_REGISTER_RECORDED_ON = dt.date(_YEAR, 3, 1)
_FORMATS = {"poverty": "titled workbook", "low_income": "gb18030"}
_TITLE = "建档立卡贫困家庭在校生名单"


def write_files(plan: Plan, folder: Path, *, background: bool | None = None) -> Manifest:
    """Write the files of the plan into `folder` and say how each is to be imported.

    With `background` False only what the first page needs, with True only what may follow
    behind it; both together are what None writes. The folder is made if it is not there; files
    of the same names are written over.
    """
    folder.mkdir(parents=True, exist_ok=True)
    steps: list[Step] = []
    if background is not True:
        steps.append(_universities(folder))
        steps += in_order(_register(plan, folder))
        steps += in_order(_under_way(plan, folder))
    if background is not False:
        steps += _others(plan, folder)
    return Manifest(folder, tuple(steps))


def _write(path: Path, rows: Iterator[Row]) -> int:
    """Write rows whose first is the heading; return how many follow it."""
    write = write_workbook if path.suffix == ".xlsx" else write_delimited
    return write(path, rows) - 1


def _universities(folder: Path) -> Step:
    path = folder / "universities.csv"
    return Step(kind="universities", path=path, rows=_write(path, university_rows()))


def _register(plan: Plan, folder: Path) -> Iterator[Step]:
    """Write the class of 2016: students, lists, standings, outcomes, counts of all graduates."""
    cohort = plan.history
    path = folder / f"students-{_YEAR}.xlsx"
    yield Step(
        kind="students",
        path=path,
        rows=_write(path, student_rows(cohort, cohort.registered)),
        class_year=_YEAR,
        recorded_at=recorded_moment(_REGISTER_RECORDED_ON, plan.today, hour=9),
    )
    for partner_list in plan.history_lists:
        yield _list(plan, folder, partner_list)
    path = folder / f"students-{_YEAR}-standings.xlsx"
    left_out = np.flatnonzero(plan.year.standing != "")
    yield Step(
        kind="students",
        path=path,
        rows=_write(path, student_rows(cohort, left_out, plan.year)),
        class_year=_YEAR,
        recorded_at=recorded_moment(history.STANDINGS_RECORDED_ON, plan.today, hour=9),
    )
    yield from _history_outcomes(plan, folder, cohort.registered)
    yield _baseline(plan, folder)


def _list(plan: Plan, folder: Path, partner_list: PartnerList) -> Step:
    """Write one list the way its agency does: with a title above, in GB 18030, or plainly."""
    kind, year = partner_list.kind, partner_list.class_year
    style = _FORMATS.get(kind, "plain")
    name = f"list-{year}-{kind}-{partner_list.as_of:%m%d}"
    path = folder / (name + (".xlsx" if style == "titled workbook" else ".csv"))
    rows: list[Row] = [partner_list.headings]
    rows += zip(*(column.tolist() for column in partner_list.columns), strict=True)
    if style == "titled workbook":
        write_workbook(path, [[f"{_TITLE}（{partner_list.as_of.isoformat()}）"], *rows])
    else:
        write_delimited(path, rows, "gb18030" if style == "gb18030" else "utf-8-sig")
    return Step(
        kind="list",
        path=path,
        rows=len(rows) - 1,
        class_year=year,
        list_kind=kind,
        recorded_at=recorded_moment(partner_list.recorded_on, plan.today, hour=10),
        as_of=partner_list.as_of,
        confirm=partner_list.confirm,
        complete=partner_list.complete,
    )


def _history_outcomes(
    plan: Plan, folder: Path, people: Flags, *, background: bool = False
) -> Iterator[Step]:
    """Write a file a month of what was verified, and one of what nobody verified."""
    suffix = "-others" if background else ""
    for file in range(history.LAST_FILE - history.FIRST_FILE + 1):
        month = history.FIRST_FILE + file
        last = dt.date(_YEAR, month, calendar.monthrange(_YEAR, month)[1])
        path = folder / f"outcomes-{_YEAR}-{month:02d}{suffix}.csv"
        events = plan.year.events.in_file(file, people)
        if step := _outcomes(plan, path, plan.history, events, recorded=last, verified=True):
            yield _behind(step, background=background)
    path = folder / f"outcomes-{_YEAR}-unverified{suffix}.csv"
    events = plan.year.events.in_file(-1, people)
    last = dt.date(_YEAR, 12, 30)
    if step := _outcomes(plan, path, plan.history, events, recorded=last, verified=False):
        yield _behind(step, background=background)


def _outcomes(
    plan: Plan, path: Path, cohort: Cohort, events: Events, *, recorded: dt.date, verified: bool
) -> Step | None:
    """Write one file of outcomes; none where nothing happened."""
    if not len(events):
        return None
    rng = np.random.default_rng([plan.seed, 14, cohort.class_year, recorded.toordinal()])
    city = texts([school.city for school in all_schools()])[cohort.places.school[events.person]]
    details = draw_details(rng, events.code, city, plan.employers)
    return Step(
        kind="outcomes",
        path=path,
        rows=_write(path, outcome_rows(cohort, events, details)),
        class_year=cohort.class_year,
        recorded_at=recorded_moment(recorded, plan.today),
        verified=verified,
    )


def _behind(step: Step, *, background: bool) -> Step:
    return replace(step, background=background)


def _baseline(plan: Plan, folder: Path) -> Step:
    """Write the counts of all graduates on the two counting days of the class of 2016."""
    path = folder / f"baseline-{_YEAR}.csv"
    rows = [
        baseline.HEADINGS,
        *baseline.baseline_rows(plan.history, plan.year.placed, dt.date(_YEAR, 8, 31), share=925),
        *baseline.baseline_rows(plan.history, plan.year.placed, dt.date(_YEAR, 12, 31)),
    ]
    return Step(
        kind="baseline",
        path=path,
        rows=_write(path, iter(rows)),
        class_year=_YEAR,
        recorded_at=recorded_moment(dt.date(_YEAR, 12, 31), plan.today),
    )


def _under_way(plan: Plan, folder: Path) -> Iterator[Step]:
    """Write the class of this year: students, lists, outcomes, wishes, postings, counts."""
    cohort, year = plan.current, plan.class_year
    path = folder / f"students-{year}.xlsx"
    new_year = dt.date(year, 1, 1)
    yield Step(
        kind="students",
        path=path,
        rows=_write(path, student_rows(cohort, np.arange(len(cohort)))),
        class_year=year,
        recorded_at=recorded_moment(plan.start, plan.today, hour=9),
        effective_on=plan.start if plan.start < new_year else None,
    )
    for partner_list in plan.current_lists:
        yield _list(plan, folder, partner_list)
    everybody: Flags = np.ones(len(cohort), dtype=np.bool_)
    for file, age in ((0, FILE_AGES[0]), (1, FILE_AGES[1]), (-1, FILE_AGES[2])):
        events = plan.progress.events.in_file(file, everybody)
        name = "pending" if file < 0 else str(file + 1)
        path = folder / f"outcomes-{year}-{name}.csv"
        recorded = plan.today - dt.timedelta(days=age)
        step = _outcomes(plan, path, cohort, events, recorded=recorded, verified=file >= 0)
        if step:
            yield step
    as_of = plan.today - dt.timedelta(days=3)
    path = folder / f"baseline-{year}.csv"
    counts = baseline.baseline_rows(cohort, plan.progress.state == PLACED, as_of, share=960)
    count = _write(path, iter([baseline.HEADINGS, *counts]))
    yield Step(kind="baseline", path=path, rows=count, class_year=year)
    path = folder / f"postings-{year}.csv"
    rows = posting_rows(plan.employers, plan.postings)
    yield Step(kind="postings", path=path, rows=_write(path, rows))
    path = folder / f"wishes-{year}.csv"
    rows = wish_rows(cohort, plan.wishes)
    yield Step(kind="wishes", path=path, rows=_write(path, rows), class_year=year)


def _others(plan: Plan, folder: Path) -> Iterator[Step]:
    """Write the graduates of 2016 who are in no category, with what became of them."""
    others: Flags = ~plan.history.registered
    path = folder / f"students-{_YEAR}-others.csv"
    yield Step(
        kind="students",
        path=path,
        rows=_write(path, student_rows(plan.history, others)),
        class_year=_YEAR,
        recorded_at=recorded_moment(_REGISTER_RECORDED_ON, plan.today, hour=9),
        background=True,
    )
    yield from _history_outcomes(plan, folder, others, background=True)
