"""Keys and ciphers: what is most sensitive is unreadable in a dump and can be erased for good.

AES-GCM with the key's id in front. Each ciphertext is bound to its table, column and row, so
that it cannot be moved to another. Each person has a data key, itself encrypted by the master
key: to erase a person is to destroy one key. Blind indexes are HMAC-SHA-256 under a key of
their own per column, and serve exact search only.
"""

from placement.keys.ring import (
    DataKey,
    Keyring,
    WrongKeyError,
    keyring,
    use_keyring,
)
from placement.keys.secret_files import (
    add_master_key,
    find_keyring,
    key_file,
    load_keyring,
    make_secret,
    write_secret,
)

__all__ = [
    "DataKey",
    "Keyring",
    "WrongKeyError",
    "add_master_key",
    "find_keyring",
    "key_file",
    "keyring",
    "load_keyring",
    "make_secret",
    "use_keyring",
    "write_secret",
]
