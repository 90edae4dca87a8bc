"""A mail server in a process of its own that writes down what it took, before it says so.

`python -m tests.faults.sink_process LOG PORT [--hang-up-after-taking N] [--plain]`: with N, one
mail in N is taken and then answered by hanging up, so that its sender cannot know. With --plain
it knows DATA alone, and no mail in one piece.
"""

import argparse
import asyncio
import os
import re
import time
from pathlib import Path

from placement.demo.mail_sink import HOST, SmtpSession

_MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)", re.MULTILINE)


class WritingSession(SmtpSession):
    """A session that writes one line a mail: moment, Message-ID, recipient, what it answered."""

    taken = 0

    def __init__(self, log: int, hang_up_every: int) -> None:
        super().__init__(lambda *_: None)
        self._log = log
        self._every = hang_up_every

    def answer_mail(self, mail: bytes) -> bytes | None:
        """Take the mail for good, then answer or hang up."""
        WritingSession.taken += 1
        silent = bool(self._every) and WritingSession.taken % self._every == 0
        found = _MESSAGE_ID.search(mail)
        number = found[1].decode() if found else "-"
        answer = "hung-up" if silent else "taken"
        line = f"{time.time():.3f} {number} {self.recipients[0].decode()} {answer}\n"
        os.write(self._log, line.encode())
        return None if silent else b"250 2.0.0 taken\r\n"


async def serve(log: Path, port: int, hang_up_every: int) -> None:
    """Serve until the process is ended."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: WritingSession(descriptor, hang_up_every), HOST, port)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - whoever started it reads
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("log", type=Path)
    parser.add_argument("port", type=int)
    parser.add_argument("--hang-up-after-taking", type=int, default=0)
    parser.add_argument("--plain", action="store_true")
    given = parser.parse_args()
    WritingSession.chunking = not given.plain
    asyncio.run(serve(given.log, given.port, given.hang_up_after_taking))
