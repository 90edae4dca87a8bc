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
    if row.person_key is None:
        return None
    key = keyring().data_key(row.person_uid, row.person_key)
    address = _address(row, key)
    if address is None:
        return None
    personal = {"name": row.name}
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
        can_opt_out=kind not in ACCOUNT_KINDS,
    )


def _address(row: Row[Any], key: DataKey) -> str | None:
    """Choose where it goes: where the first copy went, where it was told to, else as of today."""
    told = row.uncertain_resends or (row.register == "users" and row.kind in ACCOUNT_KINDS)
    if row.address_sealed is not None and told:
        return key.open(row.address_sealed, ADDRESS_PLACE, row.uid)
    if row.address is None:
        return None
    column = "email" if row.channel == Channel.MAIL else "mobile"
    return key.open(row.address, f"{row.register}.{column}", row.person_uid)
