"""The rules of moments and comparisons: what was known when, what is compared with what."""

import datetime as dt

import pytest
from sqlalchemy import create_engine, text

from placement.history import recorded
from placement.reports.dimensions import Dimension
from placement.reports.models import Baseline
from placement.reports.queries.readings import MomentNotClosedError
from placement.reports.questions import condition
from placement.students.models import (
    Category,
)
from tests.factories import make_member, make_outcome, make_student, save
from tests.reports.asking import (
    AUTUMN,
    DAY,
    SPRING,
    known_since_winter,
    report,
)


def test_backdated_rows_are_counted_in_an_answer_about_the_past(member):
    make_outcome(member, "10", recorded_at=SPRING)

    assert report(known_at=AUTUMN).backdated == 2
    assert report().backdated == 0


def test_rows_of_other_universities_and_later_days_are_not_counted_as_backdated(cast, member):
    make_outcome(member, "10", dt.date(2017, 7, 1), recorded_at=SPRING)
    foreign = make_student(cast.other_university)
    make_member(foreign, Category.RURAL_ORIGIN)
    make_outcome(known_since_winter(foreign), "10", recorded_at=SPRING)
    here = condition(Dimension.UNIVERSITY, cast.university.code)

    assert report(known_at=AUTUMN, where=[here]).backdated == 0
    assert report(known_at=AUTUMN).backdated == 2


def baseline(university, placed, **values):
    row = {"class_year": 2016, "level": "31", "graduates": 100, "as_of": DAY}
    save(Baseline(university_id=university.id, placed=placed, **row | values, **recorded()))


def test_all_graduates_are_those_of_the_newest_day_up_to_the_day(cast, member):
    baseline(cast.university, 50, as_of=dt.date(2016, 8, 31))
    baseline(cast.university, 60)
    baseline(cast.other_university, 90, level="41")
    baseline(cast.university, 99, as_of=dt.date(2017, 12, 31))

    found = report()

    assert found.baseline is not None
    assert (found.baseline.graduates, found.baseline.placed) == (200, 150)
    assert str(found.baseline.rate) == "75.00"
    assert report(dt.date(2016, 10, 1)).baseline.placed == 50
    level = report(where=[condition(Dimension.LEVEL, "41")])
    assert level.baseline.placed == 90
    here = report(where=[condition(Dimension.UNIVERSITY, cast.university.code)])
    assert here.baseline.placed == 60


def test_nothing_is_compared_that_was_not_counted_alike(cast, member):
    assert (report().baseline, report().baseline_reason) == (None, "no_baseline")

    baseline(cast.university, 50)

    other = report(scheme="2024")
    assert (other.baseline, other.baseline_reason) == (None, "other_scheme")


def test_moment_that_lies_ahead_is_not_answered(member):
    with pytest.raises(MomentNotClosedError, match="may still change"):
        report(known_at=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))


def test_writer_under_way_changes_no_answer_and_nobody_waits(member, endpoints):
    make_outcome(member, "10", verified=False)
    engine = create_engine(endpoints.database_url)
    with engine.connect() as writer:
        writer.execute(text("SELECT set_config('placement.scope', 'system', true)"))
        writer.execute(
            text(
                "SELECT pg_advisory_xact_lock_shared("
                "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint)"
            )
        )
        writer.execute(
            text(
                "INSERT INTO verifications"
                " (outcome_id, student_id, decision, recorded_at, entered_at)"
                " SELECT id, student_id, 'verified', clock_timestamp(), clock_timestamp()"
                " FROM outcomes"
            )
        )

        answered = report()
        writer.commit()
    engine.dispose()

    assert answered.total.placed == 0
    assert report(known_at=answered.known_at).total.placed == 0
    assert report().total.placed == 1
