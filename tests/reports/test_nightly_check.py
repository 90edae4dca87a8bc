"""The check by night goes step by step, stops and goes on, and finds whatever is wrong."""

import datetime as dt

import pytest
from sqlalchemy import func, select

import placement.cli.report.keeping as commands
from placement import clock
from placement.db import db, transaction
from placement.reports import checking, summing
from placement.reports.checking import check_next
from placement.reports.keeping import keep_facts
from placement.reports.models import FACT_MOVES, FactBuild, FactTouch
from placement.students.models import Category
from tasks.reports import check_facts as night_job
from tests.factories import make_member, make_outcome, make_student

MOST_STEPS = 60
LAST = "(SELECT max(student_id) FROM facts)"


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    """Two people a step, and few moves, so that a small class takes many."""
    monkeypatch.setattr(checking, "STUDENTS_AT_ONCE", 2)
    monkeypatch.setattr(checking, "MOVES_AT_ONCE", 4)
    monkeypatch.setattr(summing, "_FEWEST_MOVES", 2)


@pytest.fixture
def kept(cast):
    """A class of nine whose outcomes begin on as many days, and what is kept of it."""
    make_outcome(cast.lin_mei)
    for number in range(8):
        student = make_student(cast.university)
        make_member(student, Category.RURAL_ORIGIN)
        make_outcome(student, "80", effective_on=dt.date(2016, 7, 2 + number))
    db.session.commit()
    _keep()
    _by(hour=2)


def _by(*, hour):
    now = clock.now().astimezone(clock.ZONE)
    then = (now + dt.timedelta(days=1)).replace(hour=hour, minute=30)
    clock.set_offset(clock.offset() + (then - now))
    db.session.rollback()


def _keep():
    with transaction():
        assert keep_facts() is not None


def _step():
    with transaction():
        return check_next()


def _to_the_end():
    steps = 0
    while _step():
        steps += 1
        assert steps < MOST_STEPS
    return steps


def _build():
    found = select(FactBuild).where(FactBuild.class_year == 2016)
    return db.session.execute(found, execution_options={"populate_existing": True}).scalar_one()


def test_a_sound_class_is_whole_in_many_steps_and_once_a_night(kept):
    days = db.session.execute(select(func.count()).select_from(FACT_MOVES)).scalar_one()

    steps = _to_the_end()

    assert days > 3
    assert steps > 6
    build = _build()
    assert build.checked_at is not None
    assert (build.differing, build.checking) == (0, None)
    assert build.known_at is not None
    assert not _step()
    _by(hour=2)
    assert _step()


def test_nothing_is_checked_by_day(kept):
    _by(hour=12)

    assert not _step()


def test_it_stops_and_says_how_far_it_is_and_goes_on(kept, typed):
    for _ in range(2):
        _step()
    db.session.commit()

    said = typed(commands, "report", "facts").output

    assert "a check is under way and has compared 4" in said
    assert _to_the_end() > 3
    assert "0 differed" in typed(commands, "report", "facts").output


@pytest.mark.parametrize(
    ("damage", "differing"),
    [
        (f"UPDATE facts SET verified_code = '70' WHERE student_id = {LAST}", 1),
        (f"UPDATE facts SET from_day = from_day + 1 WHERE student_id = {LAST}", 1),
        (f"DELETE FROM facts WHERE student_id = {LAST}", 1),
        ("UPDATE fact_sums SET cells = '' WHERE dimension = 'sex' AND day = {last}", 0),
        ("UPDATE fact_sums SET cells = '' WHERE dimension = 'level' AND day = {first}", 0),
        ("UPDATE fact_moves SET moves = moves || moves WHERE day = {middle}", 0),
        ("DELETE FROM fact_moves WHERE day = {last}", 0),
    ],
)
def test_what_is_wrong_is_found_and_used_no_more(kept, superuser, damage, differing):
    days = db.session.execute(select(FACT_MOVES.c.day).order_by(FACT_MOVES.c.day)).scalars().all()
    full = select(FACT_MOVES.c.day).where(func.length(FACT_MOVES.c.moves) > 0)
    middle = db.session.execute(full.limit(1)).scalar() or days[1]
    db.session.rollback()
    places = {"first": days[0], "middle": middle, "last": days[-1]}
    superuser.execute(damage.format(**{name: f"'{day}'" for name, day in places.items()}))

    _to_the_end()

    assert _build().known_at is None
    assert _build().differing == differing
    assert db.session.execute(select(FactTouch)).scalars().all()
    _by(hour=2)
    _keep()
    _to_the_end()
    assert _build().known_at is not None
    assert _build().differing == 0


def test_sums_that_are_made_anew_in_the_middle_are_compared_from_their_first_day(kept, cast):
    while not (_build().checking or {}).get("after_day"):
        assert _step()
    student = make_student(cast.university)
    make_member(student, Category.RURAL_ORIGIN)
    for number in range(6):
        make_outcome(student, "10", effective_on=dt.date(2016, 9, 1 + number))
    db.session.commit()
    before = _build().sizes["made"]
    _keep()

    _to_the_end()

    assert _build().sizes["made"] != before
    assert _build().differing == 0
    assert _build().known_at is not None


def test_the_job_of_the_night_does_it_all_within_its_time(kept):
    night_job()
    db.session.rollback()

    assert _build().checked_at is not None
    assert _build().checking is None
