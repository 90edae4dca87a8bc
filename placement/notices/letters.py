"""Letters: what a claimed delivery says to its recipient."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from placement.clock import ZONE
from placement.config import Settings
from placement.notices.channels.link import Letter
from placement.notices.operations.claimed import Claimed
from placement.notices.rendering import Draft
from placement.notices.unsubscribe import new_signer, sign_delivery

_MOST_DRAFTS = 100


def write_items(items: Sequence[Mapping[str, str]], base: str) -> dict[str, str]:
    """Write the lines of a letter that are one person's own, as text and as HTML.

    Each is a title and the path that it leads to.
    """
    lines = [f"· {item['title']}\n  {base}{item['path']}" for item in items]
    row = Markup('<li><a href="{}">{}</a></li>')
    rows = Markup().join(row.format(base + item["path"], item["title"]) for item in items)
    return {"items": "\n".join(lines), "items_html": Markup("<ul>{}</ul>").format(rows)}


class LetterWriter:
    """Writes letters and keeps the draft of each notice and language while it is in use."""

    def __init__(self, settings: Settings) -> None:
        self._signer = new_signer()
        self._base = settings.base_url.rstrip("/")
        self._drafts: dict[tuple[int, str, tuple[str, ...]], Draft] = {}

    def write(self, delivery: Claimed) -> Letter:
        """Write the letter of one delivery, with the link to opt out where one may."""
        personal: dict[str, Any] = dict(delivery.personal)
        items = personal.pop("items", None)
        if items:
            personal |= write_items(items, self._base)
        url = None
        if delivery.can_opt_out:
            url = f"{self._base}/notices/unsubscribe/{sign_delivery(delivery.uid, self._signer)}"
            personal["unsubscribe_url"] = url
        return Letter(
            message_id=delivery.message_id,
            address=delivery.address,
            written_at=delivery.claimed_at.astimezone(ZONE),
            kind=delivery.kind,
            locale=delivery.locale,
            content=self._draft(delivery, tuple(personal)).fill(personal),
            unsubscribe_url=url,
        )

    def _draft(self, delivery: Claimed, personal: tuple[str, ...]) -> Draft:
        key = (delivery.notice_id, delivery.locale, personal)
        draft = self._drafts.get(key)
        if draft is None:
            blank = {"unsubscribe_url": None, "items": None, "items_html": None}
            values = {**blank, **delivery.values}
            if "path" in values:
                values["url"] = self._base + values["path"]
            draft = Draft(delivery.kind, delivery.locale, values, personal)
            if len(self._drafts) >= _MOST_DRAFTS:
                self._drafts.clear()
            self._drafts[key] = draft
        return draft
