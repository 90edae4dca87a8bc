"""Telling one person something that they wait for, such as a code for a new password."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select

from placement import clock
from placement.accounts.models import User
from placement.accounts.operations.addresses import key_of
from placement.accounts.viewer import Viewer
from placement.config import Settings
from placement.db import db, system_scope, use_scope
from placement.errors import InvalidValueError
from placement.notices.channels import require_offered
from placement.notices.models import (
    Channel,
    Delivery,
    DeliveryEvent,
    DeliveryState,
    Notice,
    NoticeKind,
    Priority,
    Recipient,
    UncertainPolicy,
)
from placement.notices.operations.announcement import Announcement
from placement.notices.operations.announcing import LONGEST_HOURS, announce
from placement.notices.operations.claimed import ADDRESS_PLACE, VALUES_PLACE
from placement.notices.operations.recipients import domain_of
from placement.notices.operations.sweeping import wake_senders
from placement.students.models import Student


class NoMailAddressError(InvalidValueError):
    """Nobody knows where to write to this person."""

    code = "no_mail_address"


def notify_user(
    kind: NoticeKind,
    recipient: User | Student,
    values: Mapping[str, str],
    *,
    expires_on: dt.date,
    settings: Settings,
    actor: Viewer | None = None,
    address: str | None = None,
) -> int:
    """Send a mail to one person at once, at any hour; the notice's number.

    `values` are for this person alone and are kept sealed until the mail is sent: `username`,
    `code` and `url` for the kinds `activation` and `password`, `code` and `url` for `address`;
    the code is good until `expires_on`. The mail goes to the address in a student's file, for
    staff to the one that they confirmed; `address` is another one of a member of staff, such as
    the one to be confirmed.

    Raises NoMailAddressError, and ChannelNotOfferedError where no mail server is set.
    """
    student_id = recipient.id if isinstance(recipient, Student) else recipient.student_id
    if isinstance(recipient, User) and student_id is None and address is not None:
        return _to_address(kind, recipient, address, values, expires_on, settings, actor)
    person_id = recipient.id if student_id is None else student_id
    announcement = Announcement(
        kind=kind,
        subject_id=recipient.id,
        values={"expires_on": expires_on.isoformat()},
        channels=(Channel.MAIL,),
        audience={"once": uuid.uuid4().hex},
        expires_at=clock.now() + dt.timedelta(hours=LONGEST_HOURS),
        personal={person_id: values},
        to=Recipient.STAFF if student_id is None else Recipient.STUDENT,
    )
    with use_scope(system_scope("tell one person")):
        chosen = _with_address(person_id, announcement.to)
        if db.session.execute(chosen).first() is None:
            raise _no_address()
        told = announce(chosen, announcement, actor=actor, settings=settings)
    return int(told.notice_id or 0)


def _with_address(person_id: int, to: Recipient) -> Select[Any]:
    """Select the id of a person, if there is an address to write to."""
    if to is Recipient.STUDENT:
        return select(Student.id).where(Student.id == person_id, Student.email_sealed.is_not(None))
    return select(User.id).where(
        User.id == person_id, User.email_sealed.is_not(None), User.email_index.is_not(None)
    )


def _to_address(
    kind: NoticeKind,
    recipient: User,
    address: str,
    values: Mapping[str, str],
    expires_on: dt.date,
    settings: Settings,
    actor: Viewer | None,
) -> int:
    """Make the rows of a mail to an address that is not, or not yet, that of the account."""
    require_offered(Channel.MAIL, settings)
    domain = domain_of(address)
    if not domain:
        raise _no_address()
    uid, key = uuid.uuid4(), key_of(recipient)
    expires_at = clock.now() + dt.timedelta(hours=LONGEST_HOURS)
    notice = Notice(
        kind=kind,
        subject_id=recipient.id,
        audience={},
        audience_key=uid.hex,
        audience_size=1,
        values={"expires_on": expires_on.isoformat()},
        uncertain_policy=UncertainPolicy(settings.uncertain_policy),
        expires_at=expires_at,
        created_by=actor.user_id if actor else None,
    )
    written = json.dumps(dict(values), ensure_ascii=False)
    delivery = Delivery(
        uid=uid,
        notice=notice,
        user_id=recipient.id,
        channel=Channel.MAIL,
        locale=recipient.locale or settings.default_locale,
        message_id=f"<{uid.hex}@{settings.mail_from.rpartition('@')[2]}>",
        address_sealed=key.seal(address, ADDRESS_PLACE, uid),
        values_sealed=key.seal(written, VALUES_PLACE, uid),
        domain=domain,
        priority=Priority.AT_ONCE,
        expires_at=expires_at,
    )
    with use_scope(system_scope("tell one person")):
        db.session.add(delivery)
        db.session.flush()
        state = DeliveryState.PENDING
        db.session.add(DeliveryEvent(delivery_id=delivery.id, to_state=state, worker="announce"))
        db.session.flush()
        wake_senders(settings)
    return delivery.notice_id


def _no_address() -> NoMailAddressError:
    return NoMailAddressError(
        "There is no mail address for this person.", remedy="Enter one, or hand over a code."
    )
