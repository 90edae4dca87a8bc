"""A keeping after a few changes adds them to the sums instead of making those anew."""

import datetime as dt

import pytest
from sqlalchemy import text

from placement.db import db, transaction
from placement.reports import later_moves
from placement.reports.checking import check_facts
from tests.intake.taking import take, take_samples, undo
from tests.reports.test_kept_facts import keep
from tests.reports.test_kept_under_change import DAYS, answer, assert_both_ways_agree


@pytest.fixture
def sums(superuser):
    """Says which rows of the sums there are, each with the transaction that wrote it."""

    def read():
        db.session.rollback()
        return superuser.execute(
            "SELECT dimension, day, xmin FROM fact_sums ORDER BY 1, 2"
        ).fetchall()

    return read


def outcome(place, code, day):
    number = db.session.execute(
        text("SELECT student_number FROM students ORDER BY id OFFSET :place LIMIT 1"),
        {"place": place},
    ).scalar_one()
    return {"student_number": number, "code": code, "effective_on": day}


def check():
    with transaction():
        (found,) = [one for one in check_facts() if one.class_year == 2016]
    return found


def test_change_of_a_few_is_added_to_the_sums_and_taken_back(app, monkeypatch, sums):
    take_samples()
    keep()
    made, before = sums(), answer(DAYS[1])

    taken = take("outcomes", outcome(0, "80", "2015-11-03"), verified=True)
    keep()
    added = answer(DAYS[1])
    checked = check()
    undo(taken)
    keep()

    assert added["total"]["parts"]["further_study"] == before["total"]["parts"]["further_study"] + 1
    assert checked.agrees
    assert answer(DAYS[1])["by"] == before["by"]
    assert check().agrees
    assert_both_ways_agree(monkeypatch)
    assert sums() == made


def test_change_that_nothing_was_like_before_is_added_too(app, monkeypatch, sums, writer):
    take_samples()
    keep()
    made = sums()
    taken = take("outcomes", outcome(1, "46", "2016-07-01"), outcome(2, "75", "2016-07-02"))
    assert taken["created"] == 2
    writer.execute(
        "UPDATE student_versions SET college = '新学院', level = '01' WHERE student_id ="
        " (SELECT min(student_id) FROM student_versions)"
    )
    keep()

    assert check().agrees
    assert "新学院" in {row["key"] for row in answer(DAYS[1])["by"]["college"]}
    assert_both_ways_agree(monkeypatch)
    assert sums() == made


def test_day_before_everything_that_was_summed_is_answered(app, monkeypatch, writer):
    take_samples()
    keep()
    early = dt.date(2010, 1, 1)
    writer.execute(
        "UPDATE memberships SET holds_from = '2009-09-01' WHERE student_id ="
        " (SELECT min(student_id) FROM memberships)"
    )
    keep()

    assert answer(early)["total"]["registered"] == 1
    assert check().agrees


def test_sums_are_made_anew_once_much_has_changed(app, monkeypatch, sums):
    take_samples()
    keep()
    made = sums()
    monkeypatch.setattr(later_moves, "moves_between", lambda moves: 0)
    take("outcomes", outcome(0, "80", "2016-09-01"), verified=True)
    keep()

    assert not {row[2] for row in sums()} & {row[2] for row in made}
    assert check().agrees
    assert_both_ways_agree(monkeypatch)


def test_later_moves_that_are_wrong_are_found_and_made_again(app, superuser):
    take_samples()
    keep()
    take("outcomes", outcome(0, "80", "2016-09-01"), verified=True)
    keep()
    db.session.rollback()
    superuser.execute("UPDATE fact_later_moves SET moves = ''")

    found = check()
    keep()

    assert not found.sums_agree
    assert check().agrees
