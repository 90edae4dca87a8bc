"""Letters: what a claimed delivery says to its recipient."""

from placement.clock import ZONE
from placement.config import Settings
from placement.notices.channels.link import Letter
from placement.notices.operations.claimed import Claimed
from placement.notices.rendering import Draft
from placement.notices.unsubscribe import new_signer, sign_delivery

_MOST_DRAFTS = 100


class LetterWriter:
    """Writes letters and keeps the draft of each notice and language while it is in use."""

    def __init__(self, settings: Settings) -> None:
        self._signer = new_signer()
        self._base = settings.base_url.rstrip("/")
        self._drafts: dict[tuple[int, str, tuple[str, ...]], Draft] = {}

    def write(self, delivery: Claimed) -> Letter:
        """Write the letter of one delivery, with the link to opt out where one may."""
        personal = dict(delivery.personal)
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
            values = {"unsubscribe_url": None, **delivery.values}
            if "path" in values:
                values["url"] = self._base + values["path"]
            draft = Draft(delivery.kind, delivery.locale, values, personal)
            if len(self._drafts) >= _MOST_DRAFTS:
                self._drafts.clear()
            self._drafts[key] = draft
        return draft
