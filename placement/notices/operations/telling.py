"""Telling one person something that they wait for, such as a code for a new password."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping

from sqlalchemy import select

from placement import clock
from placement.accounts.models import User
from placement.accounts.viewer import Viewer
from placement.config import Settings
from placement.db import db, system_scope, use_scope
from placement.errors import InvalidValueError
from placement.keys import keyring
from placement.notices.channels import require_offered
from placement.notices.models import (
    Channel,
    Delivery,
    DeliveryEvent,
    DeliveryState,
    Notice,
    NoticeKind,
    Priority,
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
    `code` and `url` for the kinds `activation` and `password`, whose code is good until
    `expires_on`. A student's mail goes to the address in their
    file. Staff have none there: give `address`.

    Raises NoMailAddressError, and ChannelNotOfferedError where no mail server is set.
    """
    student_id = recipient.id if isinstance(recipient, Student) else recipient.student_id
    shared = {"expires_on": expires_on.isoformat()}
    if student_id is None:
        notice, delivery = _to_staff(kind, recipient, address, settings)
        notice.values = shared
        notice.created_by = actor.user_id if actor else None
        _seal_values(delivery, values)
        return _send(delivery, settings)
    announcement = Announcement(
        kind=kind,
        subject_id=recipient.id,
        values=shared,
        channels=(Channel.MAIL,),
        audience={"once": uuid.uuid4().hex},
        expires_at=clock.now() + dt.timedelta(hours=LONGEST_HOURS),
        personal={student_id: values},
    )
    with use_scope(system_scope("tell one person")):
        chosen = select(Student.id).where(
            Student.id == student_id, Student.email_sealed.is_not(None)
        )
        if db.session.execute(chosen).first() is None:
            raise _no_address()
        told = announce(chosen, announcement, actor=actor, settings=settings)
    return int(told.notice_id or 0)


def _to_staff(
    kind: NoticeKind, recipient: User | Student, address: str | None, settings: Settings
) -> tuple[Notice, Delivery]:
    """Make the rows of a mail to somebody without a key of their own: the delivery has one."""
    require_offered(Channel.MAIL, settings)
    domain = domain_of(address or "")
    if address is None or not domain:
        raise _no_address()
    uid = uuid.uuid4()
    key, wrapped = keyring().new_data_key(uid)
    expires_at = clock.now() + dt.timedelta(hours=LONGEST_HOURS)
    notice = Notice(
        kind=kind,
        subject_id=recipient.id,
        audience={},
        audience_key=uid.hex,
        audience_size=1,
        uncertain_policy=UncertainPolicy(settings.uncertain_policy),
        expires_at=expires_at,
    )
    delivery = Delivery(
        uid=uid,
        notice=notice,
        user_id=recipient.id,
        channel=Channel.MAIL,
        locale=recipient.locale or settings.default_locale,
        message_id=f"<{uid.hex}@{settings.mail_from.rpartition('@')[2]}>",
        address_sealed=key.seal(address, ADDRESS_PLACE, uid),
        domain=domain,
        data_key=wrapped,
        priority=Priority.AT_ONCE,
        expires_at=expires_at,
    )
    return notice, delivery


def _seal_values(delivery: Delivery, values: Mapping[str, str]) -> None:
    key = keyring().data_key(delivery.uid, delivery.data_key or b"")
    written = json.dumps(dict(values), ensure_ascii=False)
    delivery.values_sealed = key.seal(written, VALUES_PLACE, delivery.uid)


def _send(delivery: Delivery, settings: Settings) -> int:
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
