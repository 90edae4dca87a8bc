"""The signed link by which a recipient stops a kind of notice with one click."""

import base64
import binascii
import hashlib
import uuid

from itsdangerous import BadSignature, Signer

from placement.keys import keyring

_PLACE = "notices.unsubscribe"


def sign_delivery(uid: uuid.UUID, signer: Signer | None = None) -> str:
    """Return the token of a delivery: its `uid` under a key of the key ring, in URL letters.

    Whoever signs many keeps a `signer`.
    """
    name = base64.urlsafe_b64encode(uid.bytes).rstrip(b"=")
    return (signer or new_signer()).sign(name).decode()


def read_token(token: str) -> uuid.UUID | None:
    """Return the `uid` of the delivery that a token was made for; None for a forged one."""
    try:
        text = new_signer().unsign(token)
        return uuid.UUID(bytes=base64.urlsafe_b64decode(text + b"=="))
    except (BadSignature, ValueError, binascii.Error):
        return None


def new_signer() -> Signer:
    """Sign under the key ring: the links in old mails outlive a change of SECRET_KEY."""
    return Signer(keyring().blind_index(_PLACE, _PLACE), salt=_PLACE, digest_method=hashlib.sha256)
