"""What an announcement is made of, and what it came to."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from placement.errors import PlacementError
from placement.notices.models import Channel, NoticeKind, Recipient


class AlreadyAnnouncedError(PlacementError):
    """The same was announced to the same audience before; `notice_id` is that notice."""

    code = "already_announced"

    def __init__(self, notice_id: int) -> None:
        super().__init__(
            "This was announced to the same audience before.",
            remedy="If it is meant to go out again, say so explicitly.",
        )
        self.notice_id = notice_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What is told, and by which channels.

    `values` go into the templates and are the same for all; `audience` says in codes how the
    audience was chosen (lists in any order); `expires_at` is when it is no news any more, at
    most 72 hours ahead. It goes `to` students, or to staff by mail alone; `personal` holds what
    is for one of them, by the id of the student or user. All read it in `language`; without one,
    each in their own.
    """

    kind: NoticeKind
    subject_id: int | None
    values: Mapping[str, Any]
    channels: Sequence[Channel]
    audience: Mapping[str, Any]
    expires_at: dt.datetime
    university_id: int | None = None
    personal: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    to: Recipient = Recipient.STUDENT
    language: str | None = None

    @property
    def audience_key(self) -> str:
        """The same text for the same choice, whatever the order in which it was made."""
        folded = {
            key: sorted(map(str, value)) if isinstance(value, list | tuple | set) else str(value)
            for key, value in self.audience.items()
            if value not in (None, [], (), "")
        }
        written = json.dumps(folded, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(written.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Announced:
    """What an announcement came to: people in all, and rows by channel and state."""

    notice_id: int | None
    audience: int
    states: Mapping[Channel, Mapping[str, int]]

    @property
    def deliveries(self) -> dict[str, int]:
        """How many deliveries each channel has, those skipped included."""
        return {channel.value: sum(states.values()) for channel, states in self.states.items()}
