"""The causes of a difference partition it, person by person, whatever the history."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from placement.reports.dimensions import Dimension
from placement.reports.queries.reconciliations import begin_comparison, reconcile
from placement.reports.queries.reports import NoRegisterError, report_rates
from placement.reports.questions import Base, Basis, Condition, ask
from placement.reports.reconciliation.differences import counts_of
from tests.reports import oracle, oracle_causes
from tests.reports.history_makers import (
    DAYS,
    MOMENTS,
    histories,
    settled_histories,
    write_history,
)

random_history = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def questions(draw):
    """A question of the class of 2016 and its conditions."""
    asked = oracle.Asked(
        class_year=2016,
        as_of=draw(st.sampled_from(DAYS[1:] + DAYS[3:])),
        known_at=draw(st.sampled_from(MOMENTS + MOMENTS[2:])),
        scheme=draw(st.sampled_from(["2021", "2024"])),
        base=draw(st.sampled_from(["counted", "registered"])),
        basis=draw(st.sampled_from(["verified", "reported"])),
    )
    condition = st.sampled_from(
        [
            ("university", "90001"),
            ("college", "文学院"),
            ("sex", "1"),
            ("category", "rural_origin"),
            ("part", "flexible"),
            ("code", "unknown"),
            ("standing", "graduated"),
            ("reason", "deferred"),
        ]
    )
    where = draw(st.one_of(st.just(()), st.just(()), st.tuples(condition)))
    return asked, where


@st.composite
def pairs(draw):
    """Two questions that differ in one or in several aspects."""
    first, second = draw(questions()), draw(questions())
    kept = draw(st.sets(st.sampled_from(oracle_causes.ASPECTS), max_size=5))
    asked = replace(second[0], **{name: getattr(first[0], name) for name in kept - {"where"}})
    return first, (asked, first[1] if "where" in kept else second[1])


def question_of(asked, where):
    return ask(
        asked.class_year,
        asked.as_of,
        known_at=asked.known_at,
        scheme=asked.scheme,
        base=Base(asked.base),
        basis=Basis(asked.basis),
        where=[Condition(Dimension(name), key) for name, key in where],
    )


def compared(first, second):
    return reconcile(*begin_comparison(question_of(*first), question_of(*second), None))


any_history = st.one_of(histories(), settled_histories(), settled_histories())


def answered(connection, history, pair):
    """What the program answers; None for a class that nobody is in."""
    write_history(connection, history)
    try:
        return compared(*pair)
    except NoRegisterError:
        return None


@random_history
@given(history=any_history, pair=pairs())
def test_causes_are_those_of_the_rules_and_add_up(app, superuser, history, pair):
    answer = answered(superuser, history, pair)
    students = sorted({v.student for v in history.versions})
    found = {one: oracle_causes.expected_cause(history, one, *pair) for one in students}
    expected = {student: cause for student, cause in found.items() if cause is not None}
    for cause in set(expected.values()):
        event(cause)
    if answer is None:
        assert not expected
        return

    assert [change.student_id for change in answer.changes] == sorted(expected)
    assert {change.student_id: str(change.cause) for change in answer.changes} == expected
    people = Counter(expected.values())
    assert {str(row.cause): row.people for row in answer.causes} == dict(people)
    sums = counts_of(answer.first.row)
    for row in answer.causes:
        sums = sums.plus(row.counts)
    assert sums == counts_of(answer.second.row)
    if answer.points is not None:
        assert sum((row.rate or Decimal(0) for row in answer.causes), Decimal(0)) == answer.points


@random_history
@given(history=any_history, pair=pairs())
def test_both_figures_are_those_of_the_report_and_of_the_rules(app, superuser, history, pair):
    answer = answered(superuser, history, pair)
    if answer is None:
        return
    for figure, (asked, where) in zip((answer.first, answer.second), pair, strict=True):
        people = oracle_causes.selection(history, asked, where)
        counted = [one for one in people.values() if one.counted]

        assert (figure.row.registered, figure.row.denominator, figure.row.placed) == (
            len(people),
            len(counted),
            sum(one.placed for one in counted),
        )
        assert figure.row == report_rates(question_of(asked, where)).total


@random_history
@given(history=any_history, pair=pairs())
def test_other_way_round_the_same_people_differ_with_the_signs_turned(
    app, superuser, history, pair
):
    forth, back = (answered(superuser, history, turned) for turned in (pair, pair[::-1]))
    if forth is None or back is None:
        assert forth is back
        return

    assert [change.student_id for change in forth.changes] == [
        change.student_id for change in back.changes
    ]
    ends = [(change.before, change.after) for change in back.changes]
    assert [(change.after, change.before) for change in forth.changes] == ends
