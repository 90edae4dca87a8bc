"""Keys and ciphers: what is most sensitive is unreadable in a dump and can be erased for good.

AES-GCM with the key's id in front. Each ciphertext is bound to its table, column and row, so
that it cannot be moved to another. Each person has a data key, itself encrypted by the master
key: to erase a person is to destroy one key. Blind indexes are HMAC-SHA-256 under a key of
their own per column, and serve exact search only.
"""

import base64
import functools
import hashlib
import hmac
import json
import os
import secrets
import uuid
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from placement.config import Settings
from placement.errors import ConfigurationError

_NONCE = 12
_KEY_ID = 4
INDEX_BYTES = 16


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
    """The master keys, newest last, and the root of the index keys."""

    def __init__(self, masters: dict[str, bytes], index_root: bytes) -> None:
        if not masters:
            raise ConfigurationError("The key ring holds no master key.")
        self._masters = {key_id: AESGCM(key) for key_id, key in masters.items()}
        self.current = list(masters)[-1]
        self._index_root = index_root
        self._index_key = functools.cache(self._derive_index_key)

    def new_data_key(self, uid: uuid.UUID) -> tuple[DataKey, bytes]:
        """Make the data key of the row `uid`: the key and its wrapped form for the database."""
        key = secrets.token_bytes(32)
        return DataKey(AESGCM(key)), self._wrap(key, uid)

    def data_key(self, uid: uuid.UUID, wrapped: bytes) -> DataKey:
        """Unwrap the data key of the row `uid`. Raises WrongKeyError."""
        return DataKey(AESGCM(self._unwrap(uid, wrapped)))

    def rewrap(self, uid: uuid.UUID, wrapped: bytes) -> bytes:
        """Wrap a data key under the current master key instead of the one it had."""
        return self._wrap(self._unwrap(uid, wrapped), uid)

    def is_current(self, wrapped: bytes) -> bool:
        """Whether a data key is wrapped under the current master key."""
        return wrapped[:_KEY_ID].decode() == self.current

    def blind_index(self, place: str, text: str) -> bytes:
        """The exact-search index of a normalised value of `place`: 16 bytes."""
        digest = hmac.digest(self._index_key(place), text.encode(), "sha256")
        return digest[:INDEX_BYTES]

    def _derive_index_key(self, place: str) -> bytes:
        return hmac.digest(self._index_root, place.encode(), hashlib.sha256)

    def _wrap(self, key: bytes, uid: uuid.UUID) -> bytes:
        nonce = os.urandom(_NONCE)
        body = self._masters[self.current].encrypt(nonce, key, _bind("data_key", uid))
        return self.current.encode() + nonce + body

    def _unwrap(self, uid: uuid.UUID, wrapped: bytes) -> bytes:
        key_id = wrapped[:_KEY_ID].decode(errors="replace")
        master = self._masters.get(key_id)
        if master is None:
            raise WrongKeyError(
                f"The master key {key_id} is not in the key ring.",
                remedy="Put the keys of this database into PLACEMENT_KEYS or <instance>/keys/.",
            )
        nonce, body = wrapped[_KEY_ID : _KEY_ID + _NONCE], wrapped[_KEY_ID + _NONCE :]
        try:
            return master.decrypt(nonce, body, _bind("data_key", uid))
        except InvalidTag as error:
            raise WrongKeyError(f"A data key does not open under master key {key_id}.") from error


def load_keyring(settings: Settings) -> Keyring:
    """Read the key ring from PLACEMENT_KEYS or `<instance>/keys/`, making it at the first start.

    The form is `{"masters": {"k001": base64 of 32 bytes, …}, "index": base64 of 32 bytes}`; the
    last master key encrypts, all of them decrypt. Raises ConfigurationError.
    """
    text = settings.keys or _key_file(settings.instance)
    try:
        found = json.loads(text)
        masters = {name: base64.b64decode(key) for name, key in found["masters"].items()}
        index_root = base64.b64decode(found["index"])
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise ConfigurationError(
            "The key ring cannot be read.", remedy="Check its JSON."
        ) from error
    if any(len(name) != _KEY_ID or len(key) != 32 for name, key in masters.items()):
        raise ConfigurationError("A master key needs an id of 4 characters and 32 bytes.")
    return Keyring(masters, index_root)


def add_master_key(text: str) -> str:
    """The same key ring with one more master key at its end, which encrypts from now on."""
    found = json.loads(text)
    number = max(int(name[1:]) for name in found["masters"]) + 1
    found["masters"][f"k{number:03d}"] = _new_key()
    return json.dumps(found)


def key_file(instance: Path) -> Path:
    """Where the key ring of an instance lies when PLACEMENT_KEYS is not set."""
    return instance / "keys" / "keyring.json"


def write_secret(path: Path, text: str) -> None:
    """Write a file of mode 0600 whole or not at all, in a folder of mode 0700."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def make_secret(path: Path, text: str) -> str:
    """The content of a secret file, made with `text` by whichever process comes first."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        write_secret(fresh, text)
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="utf-8")


def _key_file(instance: Path) -> str:
    fresh = json.dumps({"masters": {"k001": _new_key()}, "index": _new_key()})
    return make_secret(key_file(instance), fresh)


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


class _Process:
    ring: Keyring | None = None


def use_keyring(keyring: Keyring) -> None:
    """Make `keyring` the one of this process."""
    _Process.ring = keyring


def keyring() -> Keyring:
    """The key ring of this process."""
    if _Process.ring is None:
        raise RuntimeError("the key ring is not loaded: create the application first")
    return _Process.ring
