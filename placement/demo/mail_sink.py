"""The demo's mail server: takes every mail, keeps it, and passes none on.

Mails lie one after another in `mails.log`, each with two lines of envelope in front; `mails.idx`
has a record of fixed length for each, so that the newest page is found without reading the rest.
A mail is written before it is acknowledged.
"""

import asyncio
import contextlib
import os
import re
import signal
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path

RECORD = struct.Struct("<QII")
"""Offset and length in the log, and the moment in seconds since 1970."""
LOG_NAME = "mails.log"
INDEX_NAME = "mails.idx"
HOST = "127.0.0.1"
MEGABYTES_A_MAIL = 10
_LARGEST_MAIL = MEGABYTES_A_MAIL * 1024 * 1024
_ADDRESS = re.compile(rb"<([^<>\r\n]*)>")
_ENDING = b"\r\n.\r\n"


class MailLog:
    """The files of the mails, written by one process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._log = os.open(folder / LOG_NAME, flags, 0o600)
        self._index = os.open(folder / INDEX_NAME, flags, 0o600)
        self._end = os.fstat(self._log).st_size
        torn = os.fstat(self._index).st_size % RECORD.size
        if torn:
            os.ftruncate(self._index, os.fstat(self._index).st_size - torn)

    def add(self, sender: bytes, recipient: bytes, mail: bytes) -> None:
        """Keep one mail, envelope first."""
        data = b"Return-Path: <%b>\r\nDelivered-To: %b\r\n%b" % (sender, recipient, mail)
        os.write(self._log, data)
        written_at = int(os.fstat(self._log).st_mtime)
        os.write(self._index, RECORD.pack(self._end, len(data), written_at))
        self._end += len(data)

    def close(self) -> None:
        """Close the files."""
        os.close(self._log)
        os.close(self._index)


class SmtpSession(asyncio.Protocol):
    """One connection of a mail client; subclasses answer otherwise, to try out failures.

    `greet` and the `answer_…` methods return a reply, or None to hang up without one.
    """

    chunking = True
    """Whether BDAT is offered."""

    def __init__(self, keep: Callable[[bytes, bytes, bytes], None]) -> None:
        self.keep = keep
        self.sender = b""
        self.recipients: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._replies = bytearray()
        self._searched = 0
        self._in_data = False
        self._chunk: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            transport.write(self.greet())

    def data_received(self, data: bytes) -> None:
        """Take up commands and mails as they come, several at once if they do."""
        self._buffer += data
        while self._take():
            pass
        self._flush()

    def _take(self) -> bool:
        if self._chunk is not None:
            return self._take_chunk(self._chunk)
        return self._take_mail() if self._in_data else self._take_command()

    def say(self, reply: bytes | None) -> None:
        """Reply to what is at hand, or hang up without a word."""
        if reply is None:
            self._hang_up()
        else:
            self._replies += reply

    def _hang_up(self) -> None:
        self._replies.clear()
        if self._transport is not None:
            self._transport.abort()
            self._transport = None

    def _flush(self) -> None:
        """Send the replies to all commands that came together in one piece."""
        if self._transport is not None and self._replies:
            self._transport.write(bytes(self._replies))
        self._replies.clear()

    def greet(self) -> bytes:
        """Say who is here."""
        return b"220 placement demo mailbox\r\n"

    def answer_sender(self, _sender: bytes) -> bytes | None:
        """Answer MAIL FROM."""
        return b"250 2.1.0 ok\r\n"

    def answer_recipient(self, recipient: bytes) -> bytes | None:
        """Answer RCPT TO."""
        return b"250 2.1.5 ok\r\n" if recipient else b"501 5.1.3 no address\r\n"

    def answer_data(self) -> bytes | None:
        """Answer DATA; the mail follows when that is 354."""
        return b"354 go on\r\n"

    def answer_mail(self, mail: bytes) -> bytes | None:
        """Keep a whole mail and answer it."""
        for recipient in self.recipients:
            self.keep(self.sender, recipient, mail)
        return b"250 2.0.0 kept\r\n"

    def _take_command(self) -> bool:
        end = self._buffer.find(b"\n")
        if end < 0:
            return False
        line = bytes(self._buffer[: end + 1]).strip()
        del self._buffer[: end + 1]
        word, _, rest = line.partition(b" ")
        handler = self._COMMANDS.get(word.upper())
        if handler is None:
            self.say(b"502 5.5.1 not known here\r\n")
        else:
            handler(self, rest)
        return self._transport is not None

    def _take_mail(self) -> bool:
        end = self._buffer.find(_ENDING, max(0, self._searched - len(_ENDING)))
        if end < 0:
            self._searched = len(self._buffer)
            if self._searched > _LARGEST_MAIL:
                self.say(None)
            return False
        mail = bytes(self._buffer[: end + 2]).replace(b"\r\n..", b"\r\n.")
        del self._buffer[: end + len(_ENDING)]
        self._searched, self._in_data = 0, False
        self.say(self.answer_mail(mail))
        self._reset()
        return self._transport is not None

    def _take_chunk(self, size: int) -> bool:
        if len(self._buffer) < size:
            return False
        mail = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._chunk = None
        self.say(self.answer_mail(mail))
        self._reset()
        return self._transport is not None

    def _bdat(self, rest: bytes) -> None:
        """Take a mail by its length; in one piece only, which is all that our sender does."""
        size, _, last = rest.partition(b" ")
        whole = size.isdigit() and last.upper() == b"LAST" and int(size) <= _LARGEST_MAIL
        if whole and self.recipients:
            self._chunk = int(size)
        else:
            self.say(None)

    def _reset(self) -> None:
        self.sender = b""
        self.recipients = []

    def _hello(self, _rest: bytes) -> None:
        self._reset()
        chunking = b"250-CHUNKING\r\n" if self.chunking else b""
        offered = b"250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n"
        self.say(b"250-placement\r\n" + chunking + offered)

    def _old_hello(self, _rest: bytes) -> None:
        self._reset()
        self.say(b"250 placement\r\n")

    def _mail(self, rest: bytes) -> None:
        found = _ADDRESS.search(rest)
        self._reset()
        if found is None:
            self.say(b"501 5.1.7 no address\r\n")
            return
        self.sender = found[1]
        self.say(self.answer_sender(self.sender))

    def _rcpt(self, rest: bytes) -> None:
        found = _ADDRESS.search(rest)
        recipient = found[1] if found else b""
        reply = self.answer_recipient(recipient)
        if reply is not None and reply.startswith(b"2"):
            self.recipients.append(recipient)
        self.say(reply)

    def _data(self, _rest: bytes) -> None:
        if not self.recipients:
            self.say(b"503 5.5.1 nobody to give it to\r\n")
            return
        reply = self.answer_data()
        self._in_data = reply is not None and reply.startswith(b"354")
        self.say(reply)

    def _rset(self, _rest: bytes) -> None:
        self._reset()
        self.say(b"250 2.0.0 ok\r\n")

    def _noop(self, _rest: bytes) -> None:
        self.say(b"250 2.0.0 ok\r\n")

    def _quit(self, _rest: bytes) -> None:
        self.say(b"221 2.0.0 good-bye\r\n")
        self._flush()
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    _COMMANDS = {
        b"EHLO": _hello,
        b"HELO": _old_hello,
        b"MAIL": _mail,
        b"RCPT": _rcpt,
        b"DATA": _data,
        b"BDAT": _bdat,
        b"RSET": _rset,
        b"NOOP": _noop,
        b"QUIT": _quit,
    }


Beside = Callable[[MailLog], Awaitable[asyncio.Server]]


def run_mail_sink(
    folder: Path,
    port: int,
    *,
    ready: Callable[[int], None] | None = None,
    beside: Beside | None = None,
) -> None:
    """Serve on `port` of 127.0.0.1 (0: any) until SIGTERM or SIGINT; `ready` gets the port.

    `folder` is where the mails are kept, usually `<instance>/demo/mail`; `beside` starts another
    server that keeps what it takes in the same place.
    """
    asyncio.run(_serve(folder, port, ready, beside))


async def _serve(
    folder: Path, port: int, ready: Callable[[int], None] | None, beside: Beside | None
) -> None:
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    mails = MailLog(folder)
    server = await loop.create_server(lambda: SmtpSession(mails.add), HOST, port)
    other = None if beside is None else await beside(mails)
    if ready is not None:
        ready(server.sockets[0].getsockname()[1])
    with contextlib.closing(mails):
        await over.wait()
        server.close()
        if other is not None:
            other.close()
