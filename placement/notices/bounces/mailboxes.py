"""Where bounce mails lie: a Maildir, or a folder of an IMAP server.

Mails are given one by one and marked as seen after the block that took them; whoever dies in
between sees the mail again, which changes nothing. None is deleted.
"""

import contextlib
import imaplib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from placement.errors import ConfigurationError

MAILS_AT_ONCE = 500
_LARGEST_BYTES = 262_144
"""So much of a mail is read: the report stands before what is given back."""
_TIMEOUT_SECONDS = 30


def unseen_mails(place: str) -> Iterator[bytes]:
    """Give the unseen mails of `place`: a path of a Maildir, or imaps://user:password@host/FOLDER.

    Raises ConfigurationError where there is none, OSError and IMAP4.error where it cannot be read.
    """
    if "://" in place:
        yield from _of_imap(place)
    else:
        yield from _of_maildir(Path(place))


def _of_maildir(folder: Path) -> Iterator[bytes]:
    if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
        raise ConfigurationError(
            f"{folder} is no Maildir: it lacks new or cur.",
            remedy="Name a Maildir in PLACEMENT_BOUNCES.",
        )
    for path in sorted((folder / "new").iterdir())[:MAILS_AT_ONCE]:
        with path.open("rb") as file:
            raw = file.read(_LARGEST_BYTES)
        yield raw
        # Another collector may have moved it already.
        with contextlib.suppress(FileNotFoundError):
            path.rename(folder / "cur" / f"{path.name.partition(':')[0]}:2,S")


def _of_imap(url: str) -> Iterator[bytes]:
    parts = urlsplit(url)
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
        raise ConfigurationError(
            "PLACEMENT_BOUNCES names no mailbox.",
            remedy="Give a Maildir's path or imaps://user:password@host/FOLDER.",
        )
    kind = imaplib.IMAP4_SSL if parts.scheme == "imaps" else imaplib.IMAP4
    port = parts.port or (993 if parts.scheme == "imaps" else 143)
    with kind(parts.hostname, port, timeout=_TIMEOUT_SECONDS) as server:
        server.login(unquote(parts.username), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        answer, _ = server.select(f'"{folder}"')
        if answer != "OK":
            raise ConfigurationError(f"There is no folder {folder} at the IMAP server.")
        _, found = server.uid("SEARCH", "UNSEEN")
        for number in (found[0] or b"").split()[:MAILS_AT_ONCE]:
            yield _fetched(server, number.decode())
            server.uid("STORE", number.decode(), "+FLAGS", r"(\Seen)")


def _fetched(server: imaplib.IMAP4, number: str) -> bytes:
    _, data = server.uid("FETCH", number, f"(BODY.PEEK[]<0.{_LARGEST_BYTES}>)")
    return next((item[1] for item in data if isinstance(item, tuple)), b"")
