"""The demo's SMS gateway: takes every message in the signed JSON format and sends none on.

What it takes lies beside the mails of the demo, so that one mailbox shows both. A moment later
it reports, signed, that the message arrived. Subclasses answer otherwise, to try out failures.
"""

import asyncio
import calendar
import contextlib
import hmac
import json
import re
import time
import urllib.request
from collections.abc import Callable, Mapping
from email.header import Header
from typing import Any
from urllib.parse import urlsplit

from placement.demo.mail_sink import HOST, MailLog
from placement.notices.channels.sms_json import SIGNATURE, TIMESTAMP, sign

SECRET = "demo-gateway-secret"  # noqa: S105 - of a gateway that sends nothing
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_RECEIPT_SECONDS = 0.5
_LARGEST_BODY = 65_536

Take = Callable[[dict[str, Any]], None]


class GatewaySession(asyncio.Protocol):
    """One kept connection of a sender: requests in, answers out, one after the other."""

    def __init__(self, take: Take, secret: str = SECRET) -> None:
        self.secret = secret
        self._take = take
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take up requests as they come."""
        self._buffer += data
        while self._transport is not None and self._take_request():
            pass

    def answer(self, target: str, headers: Mapping[str, str], body: bytes) -> bytes | None:
        """Answer one request with an HTTP response, or None to hang up without one."""
        timestamp = headers.get(TIMESTAMP.lower(), "")
        signature = headers.get(SIGNATURE.lower(), "")
        if not hmac.compare_digest(sign(self.secret, timestamp, body), signature):
            return response(401, {"status": "refused", "error": "signature"})
        message = json.loads(body)
        self._take(message | {"target": target})
        return response(200, {"status": "accepted", "id": f"demo-{message['reference'][:12]}"})

    def _take_request(self) -> bool:
        head, found, _ = bytes(self._buffer).partition(b"\r\n\r\n")
        if not found:
            return False
        length = _LENGTH.search(head)
        end = len(head) + 4 + (int(length[1]) if length else 0)
        if end > _LARGEST_BODY:
            self._hang_up()
            return False
        if len(self._buffer) < end:
            return False
        body = bytes(self._buffer[len(head) + 4 : end])
        del self._buffer[:end]
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _colon, value in pairs}
        told = self.answer(first.split(" ")[1], headers, body)
        if told is None:
            self._hang_up()
        elif self._transport is not None:
            self._transport.write(told)
        return True

    def _hang_up(self) -> None:
        if self._transport is not None:
            self._transport.abort()
        self._transport = None


def response(status: int, content: Any) -> bytes:
    """Write an HTTP response with JSON in it."""
    body = json.dumps(content).encode()
    head = f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


def send_receipts(url: str, receipts: list[dict[str, Any]], secret: str = SECRET) -> int:
    """Report to Placement, signed; the status that it answers with. Raises URLError."""
    body = json.dumps({"receipts": receipts}).encode()
    timestamp = str(calendar.timegm(time.gmtime()))
    headers = {TIMESTAMP: timestamp, SIGNATURE: sign(secret, timestamp, body)}
    request = urllib.request.Request(url, body, headers | {"Content-Type": "application/json"})  # noqa: S310 - an address of ours
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - as above
        return int(answer.status)


async def serve_sms_gateway(log: MailLog, port: int) -> asyncio.Server:
    """Serve on `port` of 127.0.0.1 within the loop that runs, keeping messages in `log`."""
    loop = asyncio.get_running_loop()

    def take(message: dict[str, Any]) -> None:
        log.add(b"sms", str(message["to"]).encode(), as_mail(message))
        loop.call_later(_RECEIPT_SECONDS, report, message)

    def report(message: dict[str, Any]) -> None:
        told = {"reference": message["reference"], "status": "delivered"}
        told["id"] = f"demo-{message['reference'][:12]}"
        loop.run_in_executor(None, _report, str(message["receipts"]), told)

    return await loop.create_server(lambda: GatewaySession(take), HOST, port)


def _report(url: str, receipt: dict[str, Any]) -> None:
    # The page may be away; a gateway would try again, and the demo's need not.
    if urlsplit(url).hostname in {HOST, "localhost"}:
        with contextlib.suppress(OSError):
            send_receipts(url, [receipt])


def as_mail(message: Mapping[str, Any]) -> bytes:
    """Write an SMS so that the demo's mailbox can show it."""
    text = str(message["text"])
    subject = Header(f"SMS: {text}", "utf-8", header_name="Subject").encode(linesep="\r\n")
    lines = [
        f"Subject: {subject}",
        f"Message-ID: <{message['reference']}@sms>",
        "MIME-Version: 1.0",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: 8bit",
        "",
        text,
        "",
    ]
    return "\r\n".join(lines).encode()
