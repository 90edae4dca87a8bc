"""Bounce mails: what a delivery status notification (RFC 3464) says of a mail of ours.

Which mail it is about stands in the headers that it gives back, as the Message-ID; addresses in
it prove nothing, since anybody can write them.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import cast

_MESSAGE_ID = re.compile(r"<[0-9A-Za-z._-]{1,100}@[0-9A-Za-z.-]{1,255}>")
_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})")
# Of RFC 3463: no such mailbox or domain, an address that is none, a mailbox that was closed.
_NO_SUCH_ADDRESS = {"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"}


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that came back: its Message-ID, the status, and whether there is no such address."""

    message_id: str
    status: str
    hard: bool


def read_bounce(raw: bytes) -> Bounce | None:
    """Read a mail; None for what is no report, or reports a delay or a success."""
    mail = email.message_from_bytes(raw)
    if mail.get_content_type() != "multipart/report":
        return None
    status = next(_failures(mail), None)
    message_id = next(_returned_ids(mail), None)
    if status is None or message_id is None:
        return None
    return Bounce(message_id, status, status in _NO_SUCH_ADDRESS)


def _failures(mail: Message) -> Iterator[str]:
    """The statuses of recipients that were given up."""
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if not isinstance(block, Message):
                continue
            if str(block.get("Action", "")).strip().lower() != "failed":
                continue
            found = _STATUS.match(str(block.get("Status", "")))
            yield found[1] if found else "5.0.0"


def _returned_ids(mail: Message) -> Iterator[str]:
    """The Message-ID of the mail that is given back, whole or its headers alone."""
    for part in mail.walk():
        kind = part.get_content_type()
        payload = part.get_payload()
        headers: Message
        if kind == "message/rfc822" and isinstance(payload, list):
            headers = cast("Message", payload[0])
        elif kind == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            if not isinstance(text, bytes):
                continue
            headers = email.message_from_bytes(text)
        else:
            continue
        found = _MESSAGE_ID.search(str(headers.get("Message-ID", "")))
        if found is not None:
            yield found[0]
