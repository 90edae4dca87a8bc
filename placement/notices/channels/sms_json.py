"""SMS in a plain signed JSON format, for gateways of one's own or a small one in front of another.

Both ways every body is signed: `X-Placement-Signature` is the HMAC-SHA256 in hex, under the
secret, of the moment in `X-Placement-Timestamp` (seconds since 1970), a line feed and the body.

Request: `{"reference", "to", "template", "variables", "text", "language", "receipts"}`; the same
`reference` again is the same message. Answer: `{"status": "accepted" | "later" | "refused",
"id", "error": "address" | "content" | "throttle"}`. Receipts are posted to the address in
`receipts`: `{"receipts": [{"reference", "id", "status": "delivered" | "failed", "error"}]}`.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from placement import clock
from placement.notices.channels.gateway import (
    ForgedReceiptError,
    HttpRequest,
    UnreadableReceiptError,
)
from placement.notices.channels.link import ErrorClass, Letter, Receipt, Reply, Verdict
from placement.notices.channels.numbers import template_of, wire_number

TIMESTAMP, SIGNATURE, KEY = "X-Placement-Timestamp", "X-Placement-Signature", "X-Placement-Key"
OLDEST_SECONDS = 900
_ERRORS = {kind.value: kind for kind in (ErrorClass.ADDRESS, ErrorClass.CONTENT)}


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a body in hex."""
    return hmac.new(secret.encode(), timestamp.encode() + b"\n" + body, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonGateway:
    """A gateway that speaks the format of this file."""

    url: str
    path: str
    key: str
    secret: str
    templates: Mapping[str, str]
    receipts_url: str

    def write(self, letter: Letter) -> HttpRequest | Reply:
        """Write and sign the request of a letter."""
        number = wire_number(letter.address)
        if number is None:
            return Reply(verdict=Verdict.REFUSED, error=ErrorClass.ADDRESS)
        message = {
            "reference": letter.reference,
            "to": number,
            "template": template_of(letter, self.templates) or "",
            "variables": dict(letter.content.variables),
            "text": letter.content.sms,
            "language": letter.locale,
            "receipts": self.receipts_url,
        }
        body = json.dumps(message, ensure_ascii=False).encode()
        return HttpRequest(target=self.path, body=body, headers=self._signed(body, letter))

    def read(self, status: int, body: bytes) -> Reply:
        """Say what an answer means; one that cannot be read leaves the message in doubt."""
        try:
            answer = _object(body)
            said, number = answer["status"], str(answer.get("id") or "")[:100] or None
        except (ValueError, KeyError):
            return Reply(verdict=Verdict.UNKNOWN, code=status, error=ErrorClass.SERVER)
        if said == "accepted" and status // 100 == 2:
            return Reply(verdict=Verdict.ACCEPTED, code=status, reference=number)
        if said == "later":
            return Reply(verdict=Verdict.DEFERRED, code=status, error=ErrorClass.THROTTLE)
        if said == "refused":
            error = _ERRORS.get(str(answer.get("error")), ErrorClass.SERVER)
            return Reply(verdict=Verdict.REFUSED, code=status, error=error)
        return Reply(verdict=Verdict.UNKNOWN, code=status, error=ErrorClass.SERVER)

    def read_receipts(self, headers: Mapping[str, str], body: bytes) -> list[Receipt]:
        """Read receipts whose signature holds and is no older than 15 minutes."""
        timestamp = headers.get(TIMESTAMP, "")
        signed = sign(self.secret, timestamp, body)
        if not hmac.compare_digest(signed.encode(), headers.get(SIGNATURE, "").encode()):
            raise ForgedReceiptError("The signature does not fit.")
        if abs(clock.now().timestamp() - int(timestamp)) > OLDEST_SECONDS:
            raise ForgedReceiptError("The signature is too old.")
        return [_receipt(item) for item in _object(body).get("receipts", [])]

    def _signed(self, body: bytes, letter: Letter) -> dict[str, str]:
        timestamp = str(int(letter.written_at.timestamp()))
        return {
            "Content-Type": "application/json; charset=utf-8",
            KEY: self.key,
            TIMESTAMP: timestamp,
            SIGNATURE: sign(self.secret, timestamp, body),
        }


def _object(body: bytes) -> dict[str, Any]:
    found = json.loads(body)
    if not isinstance(found, dict):
        raise UnreadableReceiptError("no JSON object")
    return found


def _receipt(item: Any) -> Receipt:
    if not isinstance(item, dict) or item.get("status") not in {"delivered", "failed"}:
        raise UnreadableReceiptError("a receipt says delivered or failed")
    return Receipt(
        reference=str(item.get("reference", "")),
        arrived=item["status"] == "delivered",
        provider_ref=str(item["id"]) if item.get("id") else None,
        error=str(item["error"])[:100] if item.get("error") else None,
    )
