"""Figures known now are reconciled the same from the kept facts as from the history."""

from dataclasses import replace

from hypothesis import event, given
from hypothesis import strategies as st

from placement.db import transaction
from placement.reports.keeping import keep_facts
from placement.reports.queries.reconciliations import begin_comparison, reconcile
from placement.reports.queries.reports import NoRegisterError
from tests.reports import oracle_causes
from tests.reports.history_makers import MOMENTS, settled_histories, write_history
from tests.reports.test_reconciliation import pairs, question_of, random_history

NOW = MOMENTS[-1].replace(year=2020)
"""A moment after all that the histories hold."""


@random_history
@given(history=settled_histories(), pair=pairs(), kept=st.booleans())
def test_causes_known_now_are_those_of_the_rules(app, writer, history, pair, kept):
    write_history(writer, history)
    if kept:
        with transaction():
            assert keep_facts() is not None
    pair = tuple((replace(asked, known_at=NOW), where) for asked, where in pair)
    students = sorted({v.student for v in history.versions})
    found = {one: oracle_causes.expected_cause(history, one, *pair) for one in students}
    event("kept" if kept else "from the history")
    questions = [replace(question_of(*side), known_at=None) for side in pair]

    try:
        answer = reconcile(*begin_comparison(*questions, None))
    except NoRegisterError:
        assert not any(found.values())
        return

    expected = {student: cause for student, cause in found.items() if cause is not None}
    assert {change.student_id: str(change.cause) for change in answer.changes} == expected
