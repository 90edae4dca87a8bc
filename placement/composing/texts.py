"""What a draft says, in both languages, and the mark of its version.

The very templates and values that senders use, so that what is looked at is what arrives.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from placement.composing.models import NoticeDraft
from placement.config import Settings
from placement.fairs.audience import audience_from
from placement.fairs.operations.holding import announcement_of
from placement.notices.models import Channel
from placement.notices.operations.announcement import Announcement
from placement.notices.rendering import Rendered, render

LANGUAGES = ("zh_Hans_CN", "en")


def announcement_from(draft: NoticeDraft, settings: Settings) -> Announcement:
    """What goes out if the draft is sent now. Raises FairOverError."""
    return announcement_of(
        draft.fair,
        audience_from(draft.audience),
        [Channel(code) for code in draft.channels],
        university_id=draft.university_id,
        settings=settings,
        words=words_of(draft),
    )


def words_of(draft: NoticeDraft) -> dict[str, str]:
    """What the composer wrote, as the templates take it; nothing for nothing."""
    words = {"message": draft.message, "message_en": draft.message_en}
    return {name: text for name, text in words.items() if text}


def texts_of(announcement: Announcement, *, name: str) -> Mapping[str, Rendered]:
    """The texts by language as a student called `name` reads them."""
    values = {"unsubscribe_url": None, **announcement.values, "name": name}
    return {language: render(announcement.kind, language, values) for language in LANGUAGES}


def digest_of(draft: NoticeDraft, announcement: Announcement, ids: Sequence[int]) -> str:
    """The mark of a version: SHA-256 of its texts, ways, times, choice and people."""
    version = {
        "texts": {
            language: asdict(text) for language, text in texts_of(announcement, name="").items()
        },
        "channels": sorted(draft.channels),
        "send_at": None if draft.send_at is None else draft.send_at.timestamp(),
        "audience": announcement.audience_key,
        "remind_after_days": draft.remind_after_days,
        "again": draft.again,
        "people": sorted(ids),
    }
    written = json.dumps(version, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()
