"""The form of a mail on the wire: headers and two versions of the text, in ASCII lines.

Written out here because the standard library's message classes take longer for one mail than
all the rest of sending it.
"""

import base64
import functools
import re
from email.header import Header
from email.utils import format_datetime, formataddr

from placement.notices.channels.link import Letter

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\\\"@]+@[^\s<>()\[\],;:\\\"@]+")
_LINE = 76


def wire_address(address: str) -> str | None:
    """Return an address as SMTP takes it, its domain in ASCII; None for what is no address.

    Line breaks never pass, so that no address can add a header or a command.
    """
    if _ADDRESS.fullmatch(address) is None or not address.isprintable():
        return None
    person, _, domain = address.partition("@")
    try:
        return f"{person}@{domain.encode('idna').decode()}" if person.isascii() else None
    except UnicodeError:
        return None


def compose(letter: Letter, *, address: str, sender: str) -> bytes:
    """Return the whole mail, lines ending in CRLF, plain text before HTML.

    `address` and `sender` are addresses in ASCII. A mail that may be refused carries the link
    of RFC 8058 for it.
    """
    boundary = f"=_{letter.message_id.strip('<>').partition('@')[0]}"
    content = letter.content
    lines = [
        f"From: {_named(content.sender, sender)}",
        f"To: {address}",
        f"Subject: {_encoded(content.subject)}",
        f"Date: {format_datetime(letter.written_at)}",
        f"Message-ID: {letter.message_id}",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
    ]
    if letter.unsubscribe_url:
        lines.append(f"List-Unsubscribe: <{letter.unsubscribe_url}>")
        lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    lines += ["", *_part(boundary, "plain", content.text), *_part(boundary, "html", content.html)]
    lines += [f"--{boundary}--", ""]
    return "\r\n".join(lines).encode("ascii")


def _part(boundary: str, kind: str, text: str) -> list[str]:
    coded = base64.b64encode(text.replace("\n", "\r\n").encode()).decode("ascii")
    lines = [coded[at : at + _LINE] for at in range(0, len(coded), _LINE)]
    return [
        f"--{boundary}",
        f'Content-Type: text/{kind}; charset="utf-8"',
        "Content-Transfer-Encoding: base64",
        "",
        *lines,
        "",
    ]


@functools.lru_cache(maxsize=64)
def _named(name: str, address: str) -> str:
    return formataddr((name, address), "utf-8")


@functools.lru_cache(maxsize=256)
def _encoded(text: str) -> str:
    """Write a header's text in lines of at most 76 letters, none of them able to end it."""
    if text.isascii() and text.isprintable() and len(text) <= 60:
        return text
    return Header(text, "utf-8", header_name="Subject").encode(linesep="\r\n")
