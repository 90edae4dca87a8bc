"""Who has been told of a fair and has not answered, and may be reminded."""

import datetime as dt

from sqlalchemy import Select, exists, select

from placement.fairs.models import SignUp
from placement.notices.models import Delivery, Notice
from placement.outcomes.models import Outcome
from placement.outcomes.queries import in_dispute, last_outcome_id
from placement.reference import destinations, standings
from placement.students.models import Student


def silent_people(notice: Notice, *, today: dt.date) -> Select[int]:
    """Select the ids of those who were told by a notice of a fair and gave no answer.

    Left out are those who signed up, wait or declined, who are placed meanwhile (an outcome in
    dispute does not count), and who have left the university.
    """
    told = select(Delivery.student_id).where(
        Delivery.notice_id == notice.id, Delivery.sent_at.is_not(None)
    )
    answered = exists().where(SignUp.fair_id == notice.subject_id, SignUp.student_id == Student.id)
    placed_codes = [code for code in destinations.codes if destinations.is_placed(code)]
    placed = exists().where(
        Outcome.id == last_outcome_id(day=today),
        Outcome.code.in_(placed_codes),
        ~in_dispute(),
    )
    notified = [code for code in standings.codes if standings.is_notified(code)]
    return (
        select(Student.id)
        .where(
            Student.id.in_(told),
            Student.voided_at.is_(None),
            Student.standing.in_(notified),
            ~answered,
            ~placed,
        )
        .order_by(Student.id)
    )
