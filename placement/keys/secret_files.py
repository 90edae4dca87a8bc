"""Where secrets lie: files of mode 0600, written whole or not at all, the key ring among them."""

import base64
import contextlib
import json
import os
import secrets
from pathlib import Path

from placement.config import Settings
from placement.errors import ConfigurationError
from placement.keys.ring import KEY_ID_BYTES, Keyring

MASTER_BYTES = 32
MOST_MASTERS = 999


def key_file(instance: Path) -> Path:
    """Where the key ring of an instance lies when PLACEMENT_KEYS is not set."""
    return instance / "keys" / "keyring.json"


def load_keyring(settings: Settings) -> Keyring:
    """Read the key ring from PLACEMENT_KEYS or `<instance>/keys/`, making it at the first start.

    The form is `{"masters": {"k001": base64 of 32 bytes, …}, "index": base64 of 32 bytes}`; the
    last master key encrypts, all of them decrypt. Raises ConfigurationError.
    """
    if not settings.keys:
        fresh = json.dumps({"masters": {"k001": _new_key()}, "index": _new_key()})
        make_secret(key_file(settings.instance), fresh)
    found = find_keyring(settings)
    if found is None:
        raise ConfigurationError(
            f"The key ring {key_file(settings.instance)} has just gone away.",
            remedy="Put it back and start again.",
        )
    return found


def find_keyring(settings: Settings) -> Keyring | None:
    """Read the key ring as `load_keyring` does, and make none if there is none."""
    if settings.keys:
        return Keyring(*_read_ring(settings.keys, "PLACEMENT_KEYS"))
    path = key_file(settings.instance)
    changes = _Changes(path)
    try:
        masters, index_root = _read_ring(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeError) as error:
        raise ConfigurationError(
            f"The key ring {path} cannot be read: {error}.",
            remedy="Let it belong to the user who runs the program.",
        ) from error
    return Keyring(masters, index_root, changes=changes)


class _Changes:
    """Reads the master keys of a file again once another file has taken its place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._stamp()

    def __call__(self) -> dict[str, bytes] | None:
        stamp = self._stamp()
        if stamp == self._seen:
            return None
        # One that cannot be read just now is looked at again; the keys known go on.
        with contextlib.suppress(OSError, UnicodeError, ConfigurationError):
            masters, _ = _read_ring(self._path.read_text(encoding="utf-8"), str(self._path))
            self._seen = stamp
            return masters
        return None

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size


def _read_ring(text: str, place: str) -> tuple[dict[str, bytes], bytes]:
    try:
        found = json.loads(text)
        masters = {name: base64.b64decode(key) for name, key in found["masters"].items()}
        index_root = base64.b64decode(found["index"])
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise ConfigurationError(
            f"The key ring in {place} cannot be read.", remedy="Check its JSON."
        ) from error
    for name, key in masters.items():
        if len(name.encode()) != KEY_ID_BYTES or len(key) != MASTER_BYTES:
            raise ConfigurationError("A master key needs an id of 4 characters and 32 bytes.")
    return masters, index_root


def add_master_key(path: Path) -> str:
    """Put one more master key at the end of the key ring in `path`; its id.

    It encrypts from now on, in other processes too. Raises ConfigurationError.
    """
    text = path.read_text(encoding="utf-8")
    masters, _ = _read_ring(text, str(path))
    names = (f"k{number:03d}" for number in range(1, MOST_MASTERS + 1))
    fresh = next((name for name in names if name not in masters), None)
    if fresh is None:
        raise ConfigurationError(
            "The key ring is full.", remedy="Take out old keys that nothing is under any more."
        )
    ring = json.loads(text)
    ring["masters"][fresh] = _new_key()
    write_secret(path, json.dumps(ring))
    return fresh


def write_secret(path: Path, text: str) -> None:
    """Write a file of mode 0600 whole or not at all, in a folder of mode 0700.

    One that takes the place of another belongs to whom that belonged.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            if path.exists() and os.geteuid() == 0:
                owner = path.stat()
                os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    _keep_name(path.parent)


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
        _keep_name(path.parent)
    return path.read_text(encoding="utf-8")


def _keep_name(folder: Path) -> None:
    """Have the names of `folder` outlive a power cut: data under a lost key would be lost."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(MASTER_BYTES)).decode()
