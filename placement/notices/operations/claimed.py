"""A claimed delivery: one row in the hands of a sender, opened with its recipient's key."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from placement.keys import DataKey, keyring
from placement.notices.models import ACCOUNT_KINDS, Channel, NoticeKind

ADDRESS_PLACE = "deliveries.address"
VALUES_PLACE = "deliveries.values"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """One delivery in the hands of a sender, with all that its message needs."""

    id: int
    uid: uuid.UUID
    notice_id: int
    kind: NoticeKind
    locale: str
    message_id: str
    claimed_at: dt.datetime
    address: str
    address_index: bytes | None
    key: DataKey
    values: Mapping[str, Any]
    """What the templates put in for everybody."""
    personal: Mapping[str, str]
    """… and for this recipient alone."""
    can_opt_out: bool

    def sealed_address(self) -> bytes:
        """The address under the recipient's key, bound to this delivery."""
        return self.key.seal(self.address, ADDRESS_PLACE, self.uid)


def open_claimed(row: Row[Any]) -> Claimed | None:
    """Open what is sealed; None where there is no address to write to, or no key any more."""
    if row.student_id is not None:
        if row.student_key is None:
            return None
        key = keyring().data_key(row.student_uid, row.student_key)
    else:
        key = keyring().data_key(row.uid, row.own_key)
    address = _address(row, key)
    if address is None:
        return None
    personal = {"name": row.name or row.display_name}
    if row.values_sealed is not None:
        personal |= json.loads(key.open(row.values_sealed, VALUES_PLACE, row.uid))
    kind = NoticeKind(row.kind)
    return Claimed(
        id=row.id,
        uid=row.uid,
        notice_id=row.notice_id,
        kind=kind,
        locale=row.locale,
        message_id=row.message_id,
        claimed_at=row.at,
        address=address,
        address_index=row.address_index,
        key=key,
        values=row.values,
        personal=personal,
        can_opt_out=row.student_id is not None and kind not in ACCOUNT_KINDS,
    )


def _address(row: Row[Any], key: DataKey) -> str | None:
    """Choose where it goes: a second copy to where the first went, else the address of today."""
    if row.address_sealed is not None and (row.student_id is None or row.uncertain_resends):
        return key.open(row.address_sealed, ADDRESS_PLACE, row.uid)
    if row.student_address is None:
        return None
    column = "email" if row.channel == Channel.MAIL else "mobile"
    return key.open(row.student_address, f"students.{column}", row.student_uid)
