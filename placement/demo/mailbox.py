"""Reads what the demo's mail server keeps; the newest first."""

import email
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from typing import Any

from placement.clock import ZONE
from placement.demo.mail_sink import INDEX_NAME, LOG_NAME, RECORD

_HEAD_BYTES = 2048


@dataclass(frozen=True, slots=True)
class KeptMail:
    """One mail: its number from 1 in the order of arrival, when it came, and itself.

    In a list only the headers are read; `text` and `html` are empty then.
    """

    number: int
    received_at: datetime
    recipient: str
    subject: str
    message_id: str
    text: str = ""
    html: str = ""
    source: str = ""


class Mailbox:
    """The mails in a folder; empty while there are none."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / LOG_NAME
        self._index = folder / INDEX_NAME

    def __len__(self) -> int:
        """How many mails there are."""
        return self._index.stat().st_size // RECORD.size if self._index.exists() else 0

    def newest(self, *, skip: int, size: int) -> list[KeptMail]:
        """Up to `size` mails, the newest first, after leaving out `skip`."""
        last = len(self) - skip
        return list(self._heads(range(last, max(0, last - size), -1)))

    def to(self, words: str) -> list[KeptMail]:
        """All mails to addresses that contain `words`, the newest first."""
        wanted = words.strip().lower()
        every = self._heads(range(len(self), 0, -1), only_to=wanted)
        return list(every)

    def read(self, number: int) -> KeptMail | None:
        """One whole mail; None for a number that does not exist."""
        if not 1 <= number <= len(self):
            return None
        with self._log.open("rb") as log, self._index.open("rb") as index:
            offset, length, moment = _record(index.fileno(), number)
            data = os.pread(log.fileno(), length, offset)
        mail = _parsed(data)
        return KeptMail(
            **_head(mail, number, moment),
            text=_body(mail, "plain"),
            html=_body(mail, "html"),
            source=data.decode("utf-8", "replace"),
        )

    def _heads(self, numbers: range, *, only_to: str = "") -> Iterator[KeptMail]:
        if not numbers:
            return
        with self._log.open("rb") as log, self._index.open("rb") as index:
            for number in numbers:
                offset, length, moment = _record(index.fileno(), number)
                data = os.pread(log.fileno(), min(length, _HEAD_BYTES), offset)
                if only_to and only_to not in _delivered_to(data):
                    continue
                head = data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                yield KeptMail(**_head(_parsed(head), number, moment))


def _record(index: int, number: int) -> tuple[int, int, int]:
    offset, length, moment = RECORD.unpack(os.pread(index, RECORD.size, (number - 1) * RECORD.size))
    return offset, length, moment


def _delivered_to(data: bytes) -> str:
    _, _, rest = data.partition(b"Delivered-To: ")
    return rest.partition(b"\r\n")[0].decode("ascii", "replace").lower()


def _parsed(data: bytes) -> EmailMessage:
    return email.message_from_bytes(data, policy=modern)


def _head(mail: EmailMessage, number: int, moment: int) -> dict[str, Any]:
    return {
        "number": number,
        "received_at": datetime.fromtimestamp(moment, tz=ZONE),
        "recipient": str(mail["Delivered-To"] or ""),
        "subject": str(mail["Subject"] or ""),
        "message_id": str(mail["Message-ID"] or ""),
    }


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n").strip()
