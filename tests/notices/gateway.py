"""An SMS gateway for tests that answers as it is told, in a thread of its own."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from typing import Any

from placement.demo.mail_sink import HOST
from placement.demo.sms_gateway import SECRET, GatewaySession

Answer = Callable[[dict[str, Any]], bytes | None]


class SmsGateway:
    """What came in, and how the next requests are answered.

    `answers` gets target, headers and body and gives a response, b"" for the usual one or None to
    hang up; `take_before_hanging_up` keeps the message all the same.
    """

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.requests: list[tuple[str, Mapping[str, str], bytes]] = []
        self.answers: Callable[[str, Mapping[str, str], bytes], bytes | None] = lambda *_: b""
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    @property
    def url(self) -> str:
        """What PLACEMENT_SMS_URL is for it."""
        return f"http://key:{SECRET}@{HOST}:{self.port}/sms"

    def close(self) -> None:
        """Stop serving; every connection breaks."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            self._loop.create_server(lambda: _Session(self), HOST, self.port)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()


class _Session(GatewaySession):
    """A session that asks its gateway what to answer."""

    def __init__(self, gateway: SmsGateway) -> None:
        super().__init__(gateway.taken.append)
        self._gateway = gateway

    def answer(self, target: str, headers: Mapping[str, str], body: bytes) -> bytes | None:
        self._gateway.requests.append((target, headers, body))
        told = self._gateway.answers(target, headers, body)
        return super().answer(target, headers, body) if told == b"" else told
