"""Asks for figures in one line, and writes the histories that they are about."""

import datetime as dt

from placement.db import db
from placement.history import recorded
from placement.outcomes.models import Dispute, Verification
from placement.reports.dimensions import read_crossing
from placement.reports.masking import MASKED
from placement.reports.queries.people import people_behind
from placement.reports.queries.readings import begin_reading
from placement.reports.queries.reports import report_rates
from placement.reports.questions import ask
from placement.students.models import (
    Membership,
    StudentVersion,
)
from tests.factories import save

DAY = dt.date(2016, 12, 31)
WINTER = dt.datetime(2016, 1, 5, tzinfo=dt.UTC)
SPRING = dt.datetime(2016, 3, 1, tzinfo=dt.UTC)
AUTUMN = dt.datetime(2016, 10, 1, tzinfo=dt.UTC)


def report(as_of=DAY, by=(), **asked):
    return report_rates(ask(2016, as_of, by=[read_crossing(name) for name in by], **asked))


def reasons(status=None, as_of=DAY, **asked):
    found = people_behind(begin_reading(ask(2016, as_of, **asked), None), status, shown=MASKED)
    return [person.reason for person in found.people]


def decide(outcome, decision, at=None):
    save(
        Verification(
            outcome_id=outcome.id,
            student_id=outcome.student_id,
            decision=decision,
            reason="no contract",
            **recorded(at),
        )
    )


def known_since_winter(student):
    for model in (StudentVersion, Membership):
        rows = db.session.query(model).filter_by(student_id=student.id)
        rows.update({"recorded_at": WINTER, "entered_at": WINTER})
    db.session.commit()
    return student


def dispute(outcome):
    row = Dispute(outcome_id=outcome.id, student_id=outcome.student_id, **recorded())
    save(row)
    return row
