"""The signed link by which a helper reads a plan's step and writes what they did.

The token is random, signed under a key of the key ring and kept nowhere: the row holds a keyed
hash of it (OWASP ASVS 5.0, 7.2). A forged token is told by its signature, without the database.
"""

import hashlib
import re
import secrets

from itsdangerous import BadSignature, Signer

from placement.keys import keyring
from placement.reference.names import fold_name

_PLACE = "pairing_links.token"
_HELPER = "pairings.helper"
_BYTES = 24


def make_token() -> str:
    """Make a fresh token: 192 random bits in URL letters and their signature."""
    return _signer().sign(secrets.token_urlsafe(_BYTES)).decode()


def token_hash(token: str) -> bytes | None:
    """The keyed hash by which the row of a token is found; None for a forged token."""
    try:
        secret = _signer().unsign(token)
    except BadSignature:
        return None
    return keyring().blind_index(_PLACE, secret.decode())


def helper_key(university_id: int, name: str, *, email: str, phone: str, else_by: str) -> bytes:
    """The keyed hash that is the same for all students of a university with the same helper.

    A helper is a name with an address, or with a number where there is no address: a namesake
    without either is somebody else. `else_by` tells those apart.
    """
    address = email.strip().casefold() or re.sub(r"\D", "", phone) or else_by
    return keyring().blind_index(_HELPER, f"{university_id}\n{fold_name(name)}\n{address}")


def _signer() -> Signer:
    return Signer(keyring().blind_index(_PLACE, "signing"), _PLACE, digest_method=hashlib.sha256)
