"""A mail server for tests that answers as it is told, in a thread of its own."""

import asyncio
import email
import threading
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default as modern

from placement.demo.mail_sink import HOST, SmtpSession

Answer = Callable[[str], bytes | None]


class Sink:
    """What came in, and how the next recipients and mails are answered.

    `at_recipient` and `at_mail` get the recipient's address and give a reply, b"" for the usual
    one or None to hang up; `at_data` answers DATA itself, which `chunking` does without.
    """

    def __init__(self) -> None:
        self.kept: list[tuple[str, str, bytes]] = []
        self.connections = 0
        self.chunking = False
        self.at_sender: Answer = lambda _address: b""
        self.at_recipient: Answer = lambda _address: b""
        self.at_data: Answer = lambda _address: b""
        self.at_mail: Answer = lambda _address: b""
        self.greeting = b""
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    @property
    def recipients(self) -> list[str]:
        """To whom mails came, in order."""
        return [recipient for _sender, recipient, _mail in self.kept]

    @property
    def message_ids(self) -> list[str]:
        """The Message-IDs of the mails, in order."""
        return [str(mail["Message-ID"]) for mail in self.mails]

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails, parsed."""
        return [email.message_from_bytes(raw, policy=modern) for _s, _r, raw in self.kept]

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
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()


class _Session(SmtpSession):
    """A session that asks its sink what to answer."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(self._keep)
        self._sink = sink
        self.chunking = sink.chunking
        sink.connections += 1

    def greet(self) -> bytes:
        return self._sink.greeting or super().greet()

    def answer_sender(self, sender: bytes) -> bytes | None:
        told = self._sink.at_sender(sender.decode())
        return super().answer_sender(sender) if told == b"" else told

    def answer_recipient(self, recipient: bytes) -> bytes | None:
        told = self._sink.at_recipient(recipient.decode())
        return super().answer_recipient(recipient) if told == b"" else told

    def answer_data(self) -> bytes | None:
        told = self._sink.at_data(self.recipients[0].decode())
        return super().answer_data() if told == b"" else told

    def answer_mail(self, mail: bytes) -> bytes | None:
        told = self._sink.at_mail(self.recipients[0].decode())
        return super().answer_mail(mail) if told == b"" else told

    def _keep(self, sender: bytes, recipient: bytes, mail: bytes) -> None:
        self._sink.kept.append((sender.decode(), recipient.decode(), mail))
