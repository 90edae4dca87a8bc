"""Recipients of an announcement as a bulk insert takes them: one list a column."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text

from placement.accounts.models import EMAIL_PLACE
from placement.db import db
from placement.keys import DataKey, keyring
from placement.notices.models import Channel, Recipient
from placement.notices.operations.announcement import Announcement
from placement.notices.operations.claimed import VALUES_PLACE

_READ = {
    Recipient.STUDENT: text(
        "SELECT id, uid, data_key, email_sealed FROM students"
        " WHERE id = ANY(:ids) AND voided_at IS NULL ORDER BY id"
    ),
    # To an address that nobody has confirmed only what it is confirmed with.
    Recipient.STAFF: text(
        "SELECT id, uid, data_key, CASE WHEN email_index IS NOT NULL THEN email_sealed END"
        " AS email_sealed FROM users WHERE id = ANY(:ids) AND role <> 'student' ORDER BY id"
    ),
}
_PLACES = {Recipient.STUDENT: "students.email", Recipient.STAFF: EMAIL_PLACE}


@dataclass(frozen=True, slots=True)
class Recipients:
    """The people of an audience, as far as they exist; each with key and mail domain if any."""

    ids: Sequence[int]
    keys: Sequence[DataKey | None]
    domains: Sequence[str | None]
    channels: Sequence[Channel]

    def columns(
        self, channel: Channel, personal: Mapping[int, Mapping[str, Any]]
    ) -> dict[str, Sequence[Any]]:
        """One delivery each for `channel`: domains, and what is for one alone, sealed.

        A sealed value is bound to its row, whose `uid` is made here then, else by the database.
        """
        blank: list[None] = [None] * len(self.ids)
        columns: dict[str, Sequence[Any]] = {"ids": self.ids, "uids": blank, "sealed": blank}
        columns["domains"] = self.domains if channel is Channel.MAIL else blank
        if personal:
            uids = [uuid.uuid4() for _ in self.ids]
            rows = zip(self.ids, self.keys, uids, strict=True)
            columns["uids"] = uids
            columns["sealed"] = [_seal(personal.get(number), key, uid) for number, key, uid in rows]
        return columns


def read_recipients(ids: Sequence[int], announcement: Announcement) -> Recipients:
    """Read the keys of an announcement's recipients and, for mail, the domains of addresses."""
    channels = tuple(dict.fromkeys(announcement.channels))
    rows = db.session.execute(_READ[announcement.to], {"ids": list(ids)}).all()
    ring = keyring()
    keys = [ring.data_key(row.uid, row.data_key) if row.data_key else None for row in rows]
    place = _PLACES[announcement.to] if Channel.MAIL in channels else None
    domains = [_domain(row, key, place) for row, key in zip(rows, keys, strict=True)]
    return Recipients([row.id for row in rows], keys, domains, channels)


def domain_of(address: str) -> str:
    """The domain of a mail address, in lower case; empty for what is no address."""
    person, at, domain = address.strip().rpartition("@")
    return domain.lower() if at and person else ""


def _domain(row: Row[Any], key: DataKey | None, place: str | None) -> str | None:
    if key is None or place is None or row.email_sealed is None:
        return None
    return domain_of(key.open(row.email_sealed, place, row.uid)) or None


def _seal(values: Mapping[str, Any] | None, key: DataKey | None, uid: uuid.UUID) -> bytes | None:
    if values is None or key is None:
        return None
    return key.seal(json.dumps(values, ensure_ascii=False), VALUES_PLACE, uid)
