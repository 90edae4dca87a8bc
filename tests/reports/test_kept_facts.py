"""The kept facts say what the history says, and what the slow calculation says."""

import datetime as dt
from dataclasses import fields, replace

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from placement.db import db, transaction
from placement.reports.answers import rates_answer
from placement.reports.checking import check_facts
from placement.reports.dimensions import Dimension
from placement.reports.keeping import keep_facts
from placement.reports.queries.reports import NoRegisterError, report_rates
from tests.factories import make_outcome
from tests.reports import oracle, oracle_rows
from tests.reports.history_makers import (
    CHINA,
    DAYS,
    STUDENTS,
    add_history,
    histories,
    write_history,
)
from tests.reports.test_figures_agree import figures_of, question_of

SUMMED = [
    *([d.value] for d in Dimension),
    *(["category", d.value] for d in Dimension if d is not Dimension.CATEGORY),
    ["part", "category", "college"],
]
CROSSED = [*SUMMED, ["sex", "level"], ["university", "county", "code"]]
NOW = dt.datetime(2017, 3, 2, 12, tzinfo=CHINA)
TODAY = oracle.Asked(2016, dt.date(2016, 12, 31), NOW, "2021", "counted", "verified")
AFTER_OUTCOMES = ("verifications", "disputes")

random_history = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
asked_now = st.builds(
    oracle.Asked,
    class_year=st.sampled_from((*[2016] * 6, 2017)),
    as_of=st.sampled_from(DAYS[1:] + DAYS[3:]),
    known_at=st.just(NOW),
    scheme=st.sampled_from(["2021", "2024"]),
    base=st.sampled_from(["counted", "registered"]),
    basis=st.sampled_from(["verified", "reported"]),
)


def keep():
    with transaction():
        kept = keep_facts()
    assert kept is not None
    return kept


def answer_now(asked, crossings):
    """The answer known now, or None for a class without a register."""
    question = replace(question_of(asked, crossings), known_at=None)
    try:
        return rates_answer(report_rates(question))
    except NoRegisterError:
        return None


def assert_agrees(answer, people, crossings):
    if answer is None:
        assert not people
        return
    assert figures_of(answer["total"]) == oracle_rows.row(people)
    for names in crossings:
        rows = {row["key"]: figures_of(row) for row in answer["by"]["+".join(names)]}
        assert rows == oracle_rows.rows(people, names)
    found = {item["standing"]: item["count"] for item in answer["exclusions"]}
    assert found == oracle_rows.exclusions(people)


@random_history
@given(history=histories(), asked=asked_now, crossings=st.sampled_from((SUMMED, CROSSED)))
def test_kept_facts_agree_with_the_slow_calculation(app, writer, history, asked, crossings):
    write_history(writer, history)
    keep()
    people = oracle.register(history, asked)

    take_away_outcomes(writer)

    assert_agrees(answer_now(asked, crossings), people, crossings)


@random_history
@given(
    history=histories(),
    asked=asked_now,
    crossings=st.sampled_from((SUMMED, CROSSED)),
    student=st.sampled_from(STUDENTS),
    late=st.sets(st.sampled_from(("versions", "memberships", "standings", "outcomes")), min_size=1),
)
def test_what_is_written_after_keeping_counts_at_once(
    app, writer, history, asked, crossings, student, late
):
    write_history(writer, part_of(history, student, late, later=False))
    keep()
    before = answer_now(asked, crossings)
    db.session.rollback()
    add_history(writer, part_of(history, student, late, later=True))

    at_once = answer_now(asked, crossings)
    keep()
    kept = answer_now(asked, crossings)

    event("the late rows changed the figures" if before != at_once else "nothing changed")
    people = oracle.register(history, asked)
    assert_agrees(at_once, people, crossings)
    assert_agrees(kept, people, crossings)
    with transaction():
        assert all(check.agrees for check in check_facts())


@random_history
@given(
    history=histories(),
    asked=asked_now,
    kind=st.sampled_from(
        ("versions", "memberships", "standings", "outcomes", "verifications", "disputes")
    ),
    data=st.data(),
)
def test_row_withdrawn_after_keeping_counts_no_more(app, writer, history, asked, kind, data):
    live = [fact for fact in getattr(history, kind) if fact.voided is None]
    if not live:
        return
    write_history(writer, history)
    keep()
    fact = data.draw(st.sampled_from(live))
    fact.voided = NOW
    db.session.rollback()
    table = {"versions": "student_versions"}.get(kind, kind)
    writer.execute(f"UPDATE {table} SET voided_at = %s WHERE id = %s", [NOW, fact.number])

    at_once = answer_now(asked, SUMMED)
    keep()

    people = oracle.register(history, asked)
    assert_agrees(at_once, people, SUMMED)
    assert_agrees(answer_now(asked, SUMMED), people, SUMMED)


def take_away_outcomes(connection):
    """Empty some of the history behind the triggers' back, so that only the facts can answer."""
    db.session.rollback()
    connection.execute("SET session_replication_role = replica")
    for table in ("disputes", "verifications", "outcomes", "standings"):
        connection.execute(f"DELETE FROM {table}")
    connection.execute("SET session_replication_role = origin")


def part_of(history, student, late, *, later):
    """The rows of some kinds about a student, which come later, or all the others."""
    if "outcomes" in late:
        late = {*late, *AFTER_OUTCOMES}
    return oracle.History(
        **{
            field.name: [
                fact
                for fact in getattr(history, field.name)
                if later == (fact.student == student and field.name in late)
            ]
            for field in fields(oracle.History)
        }
    )


def test_check_says_who_differs_and_the_next_keeping_mends_it(app, cast, superuser):
    make_outcome(cast.lin_mei)
    db.session.commit()
    keep()
    with transaction():
        assert [check.agrees for check in check_facts()] == [True]
    superuser.execute("UPDATE facts SET verified_code = '70' WHERE verified_code = '10'")

    with transaction():
        found = check_facts()
    at_once = answer_now(TODAY, [["code"]])
    keep()
    with transaction():
        again = check_facts()

    assert [(check.differing, check.agrees) for check in found] == [(1, False)]
    assert [row["key"] for row in at_once["by"]["code"]] == ["10"]
    assert [(check.differing, check.agrees) for check in again] == [(0, True)]


def test_sums_that_differ_from_the_facts_are_found_and_made_again(app, cast, superuser):
    make_outcome(cast.lin_mei)
    db.session.commit()
    keep()
    superuser.execute("UPDATE fact_sums SET cells = '' WHERE dimension = 'sex'")

    with transaction():
        found = check_facts()
    keep()
    with transaction():
        again = check_facts()

    assert [check.sums_agree for check in found] == [False]
    assert [check.sums_agree for check in again] == [True]
