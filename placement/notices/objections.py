"""Why a person would get nothing by a channel, as a condition on students.

The same rules that announcing and every sender apply, for counting and listing beforehand.
Suppressions are read under the program's own scope only.
"""

from sqlalchemy import ColumnElement, Text, case, exists, func, literal, or_

from placement.notices.models import Channel, NoticeKind, OptOut, Suppression
from placement.students.models import Student


def objection_to(channel: Channel, kind: NoticeKind) -> ColumnElement[str | None]:
    """The code of the first reason for which a student gets nothing by `channel`; else null."""
    if channel is Channel.INBOX:
        return literal(None, Text)
    sealed = Student.email_sealed if channel is Channel.MAIL else Student.mobile_sealed
    index = Student.email_index if channel is Channel.MAIL else Student.mobile_index
    opted_out = exists().where(
        OptOut.student_id == Student.id, OptOut.kind == kind, OptOut.channel == channel
    )
    suppressed = exists().where(
        Suppression.channel == channel,
        Suppression.address_index == index,
        Suppression.since <= func.placement_now(),
        or_(Suppression.until.is_(None), Suppression.until > func.placement_now()),
    )
    return case(
        (or_(Student.data_key.is_(None), sealed.is_(None)), "no_address"),
        (opted_out, "opted_out"),
        (suppressed, "suppressed"),
    )
