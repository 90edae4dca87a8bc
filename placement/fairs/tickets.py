"""Tickets for the door: a signed name of a sign-up in a picture that a phone's camera reads.

A ticket says for which fair it is and until when, and nothing of the person; who it belongs to
is known to whoever may look that up.
"""

import base64
import binascii
import datetime as dt
import hashlib
import io
import struct
import uuid
from dataclasses import dataclass

import segno
from itsdangerous import BadSignature, Signer

from placement.fairs.models import CODE_LENGTH, CODE_LETTERS
from placement.keys import keyring

_PLACE = "fairs.ticket"
_FORM = struct.Struct(">I16sI")


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a ticket says: the fair, the sign-up by its name, until when it is good."""

    fair_id: int
    sign_up: uuid.UUID
    expires_at: dt.datetime

    def signed(self) -> str:
        """The ticket as letters for an address."""
        packed = _FORM.pack(self.fair_id, self.sign_up.bytes, int(self.expires_at.timestamp()))
        return _signer().sign(base64.urlsafe_b64encode(packed)).decode()


def read_ticket(token: str) -> Ticket | None:
    """The ticket that these letters are; None for a forged or mutilated one."""
    try:
        packed = base64.urlsafe_b64decode(_signer().unsign(token))
        fair_id, name, expires = _FORM.unpack(packed)
    except (BadSignature, binascii.Error, struct.error, ValueError):
        return None
    return Ticket(fair_id, uuid.UUID(bytes=name), dt.datetime.fromtimestamp(expires, dt.UTC))


def picture_of(url: str) -> bytes:
    """The QR code of an address as SVG, black on white with its quiet zone, without a size."""
    drawn = io.BytesIO()
    code = segno.make(url, error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, omitsize=True, light="#fff", border=4)
    return drawn.getvalue()


def folded_code(typed: str) -> str | None:
    """A typed code as it is kept: upper case, without spaces and dashes; None for no such code."""
    code = "".join(letter for letter in typed.upper() if letter not in " -\t\u3000")
    fits = len(code) == CODE_LENGTH and all(letter in CODE_LETTERS for letter in code)
    return code if fits else None


def _signer() -> Signer:
    return Signer(keyring().blind_index(_PLACE, _PLACE), salt=_PLACE, digest_method=hashlib.sha256)
