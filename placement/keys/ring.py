"""The key ring: wraps the data keys of people and files, and opens them again."""

import functools
import hashlib
import hmac
import os
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from placement.errors import ConfigurationError

KEY_ID_BYTES = 4
INDEX_BYTES = 16
LOOK_AGAIN_SECONDS = 1.0
_NONCE = 12


class WrongKeyError(ConfigurationError):
    """A ciphertext does not open: the keys are not those of this database, or it was moved."""

    code = "wrong_key"


def _bind(place: str, uid: uuid.UUID) -> bytes:
    return place.encode() + b"\0" + uid.bytes


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one person or one file; seals and opens values of named places."""

    cipher: AESGCM

    def seal(self, text: str, place: str, uid: uuid.UUID) -> bytes:
        """Encrypt `text` for `place` ("table.column") of the row `uid`."""
        return self.seal_bytes(text.encode(), place, uid)

    def seal_bytes(self, data: bytes, place: str, uid: uuid.UUID) -> bytes:
        """Encrypt bytes; the nonce stands in front of the result."""
        nonce = os.urandom(_NONCE)
        return nonce + self.cipher.encrypt(nonce, data, _bind(place, uid))

    def open(self, sealed: bytes, place: str, uid: uuid.UUID) -> str:
        """Decrypt what `seal` made for the same place and row. Raises WrongKeyError."""
        return self.open_bytes(sealed, place, uid).decode()

    def open_bytes(self, sealed: bytes, place: str, uid: uuid.UUID) -> bytes:
        """Decrypt what `seal_bytes` made for the same place and row. Raises WrongKeyError."""
        try:
            return self.cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bind(place, uid))
        except InvalidTag as error:
            raise WrongKeyError(
                f"A value of {place} does not open.",
                remedy="The keys are not those that the database was written with.",
            ) from error


class Keyring:
    """The master keys, newest last, and the root of the index keys.

    `changes` gives the master keys anew if they changed since it was asked last, so that a
    process reads and writes with the key of a rotation that began after it.
    """

    def __init__(
        self,
        masters: dict[str, bytes],
        index_root: bytes,
        *,
        changes: Callable[[], dict[str, bytes] | None] | None = None,
    ) -> None:
        self._changes = changes
        self._looked_at = time.monotonic()
        self._take(masters)
        self._index_root = index_root
        self._index_key = functools.cache(self._derive_index_key)

    @property
    def masters(self) -> tuple[str, ...]:
        """The ids of the master keys; the last one encrypts, all of them decrypt."""
        return tuple(self._masters)

    @property
    def current(self) -> str:
        """The id of the master key that encrypts."""
        return self.masters[-1]

    def new_data_key(self, uid: uuid.UUID) -> tuple[DataKey, bytes]:
        """Make the data key of the row `uid`: the key and its wrapped form for the database."""
        if time.monotonic() - self._looked_at > LOOK_AGAIN_SECONDS:
            self._look_again()
        key = secrets.token_bytes(32)
        return DataKey(AESGCM(key)), self._wrap(key, uid)

    def data_key(self, uid: uuid.UUID, wrapped: bytes) -> DataKey:
        """Unwrap the data key of the row `uid`. Raises WrongKeyError."""
        return DataKey(AESGCM(self._unwrap(uid, wrapped)))

    def rewrap(self, uid: uuid.UUID, wrapped: bytes) -> bytes:
        """Wrap a data key under the current master key instead of the one it had."""
        return self._wrap(self._unwrap(uid, wrapped), uid)

    def blind_index(self, place: str, text: str) -> bytes:
        """The exact-search index of a normalised value of `place`: 16 bytes."""
        digest = hmac.digest(self._index_key(place), text.encode(), "sha256")
        return digest[:INDEX_BYTES]

    def _derive_index_key(self, place: str) -> bytes:
        return hmac.digest(self._index_root, place.encode(), hashlib.sha256)

    def _wrap(self, key: bytes, uid: uuid.UUID) -> bytes:
        nonce = os.urandom(_NONCE)
        name, master = list(self._masters.items())[-1]
        return name.encode() + nonce + master.encrypt(nonce, key, _bind("data_key", uid))

    def _unwrap(self, uid: uuid.UUID, wrapped: bytes) -> bytes:
        key_id = wrapped[:KEY_ID_BYTES].decode(errors="replace")
        if key_id not in self._masters:
            self._look_again()
        master = self._masters.get(key_id)
        if master is None:
            raise WrongKeyError(
                f"The master key {key_id} is not in the key ring.",
                remedy="Put the keys of this database into PLACEMENT_KEYS or <instance>/keys/.",
            )
        body = wrapped[KEY_ID_BYTES:]
        try:
            return master.decrypt(body[:_NONCE], body[_NONCE:], _bind("data_key", uid))
        except InvalidTag as error:
            raise WrongKeyError(
                f"A data key does not open under the master key {key_id}.",
                remedy="The keys are not those that the database was written with.",
            ) from error

    def _take(self, masters: dict[str, bytes]) -> None:
        if not masters:
            raise ConfigurationError("The key ring holds no master key.")
        self._masters = {key_id: AESGCM(key) for key_id, key in masters.items()}

    def _look_again(self) -> None:
        self._looked_at = time.monotonic()
        masters = self._changes() if self._changes else None
        if masters:
            self._take(masters)


class _Process:
    ring: Keyring | None = None


def use_keyring(ring: Keyring) -> None:
    """Make `ring` the one of this process."""
    _Process.ring = ring


def keyring() -> Keyring:
    """The key ring of this process."""
    if _Process.ring is None:
        raise RuntimeError("the key ring is not loaded: create the application first")
    return _Process.ring
