"""The mail address of a member of staff: given, confirmed from the mailbox, changed, taken away.

It is confirmed by a code that is mailed to it and works only for the one who asked, signed in:
an address signs its owner in and gets the code for a lost password, so that one mistyped and
confirmed by whoever got the mail would hand over the account.
"""

import datetime as dt
import re

from sqlalchemy import update

from placement import clock
from placement.accounts.models import EMAIL_INDEX_PLACE, EMAIL_PLACE, AddressCode, User
from placement.accounts.operations.users import code_hash, new_code_text
from placement.accounts.queries import is_address_taken, live_address_code
from placement.audit.operations import record_event
from placement.db import SQL_NOW, db
from placement.errors import InvalidValueError, NotVisibleError
from placement.keys import DataKey, keyring

CONFIRM_HOURS = 24
_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)


class BadAddressError(InvalidValueError):
    """This cannot be a mail address."""

    code = "bad_address"


class AddressTakenError(InvalidValueError):
    """Another account signs in with this address."""

    code = "address_taken"


def give_address(user: User, address: str, *, actor_id: int | None) -> bytes:
    """Write down the address that an administrator gave; its blind index.

    It waits to be confirmed, which the code of an activation does that was mailed to it. Raises
    BadAddressError.
    """
    address = _read(address)
    user.email_sealed = key_of(user).seal(address, EMAIL_PLACE, user.uid)
    user.email_index = None
    record_event("address.given", actor_id=actor_id, subject=user)
    return index_of(address)


def ask_to_confirm(user: User, address: str) -> tuple[str, str]:
    """Make the code that confirms a new address within a day: the address as read, and the code.

    Codes issued before it stop working; the address in force stays until then. Raises
    BadAddressError.
    """
    address = _read(address)
    _end_codes(user.id)
    code = new_code_text()
    db.session.add(
        AddressCode(
            user_id=user.id,
            code_hash=code_hash(code),
            email_sealed=key_of(user).seal(address, EMAIL_PLACE, user.uid),
            expires_at=clock.now() + dt.timedelta(hours=CONFIRM_HOURS),
        )
    )
    record_event("address.asked", actor_id=user.id, subject=user)
    return address, code


def confirm_address(user: User, code: str) -> None:
    """Take the address over to which this code was mailed; it works once.

    Raises NotVisibleError for a code that is unknown, used, expired or somebody else's, all
    alike, and AddressTakenError where another account signs in with the address.
    """
    found = live_address_code(user.id, code_hash=code_hash(code))
    if found is None:
        raise NotVisibleError(
            "This link does not work: it is used, too old, or belongs to another account.",
            remedy="Enter the address once more to get a new one.",
        )
    index = index_of(key_of(user).open(found.email_sealed, EMAIL_PLACE, user.uid))
    if is_address_taken(index, user.id):
        raise AddressTakenError(
            "Another account signs in with this address.",
            remedy="Give another one, or take it away there first.",
        )
    user.email_sealed, user.email_index = found.email_sealed, index
    found.used_at = clock.now()
    record_event("address.confirmed", actor_id=user.id, subject=user)


def remove_address(user: User) -> None:
    """Write no more to a member of staff, who signs in by user name alone again."""
    user.email_sealed = user.email_index = None
    _end_codes(user.id)
    record_event("address.removed", actor_id=user.id, subject=user)


def waiting_address(user: User) -> str | None:
    """The new address of a user that waits to be confirmed."""
    found = live_address_code(user.id)
    if found is None:
        return None
    return key_of(user).open(found.email_sealed, EMAIL_PLACE, user.uid)


def key_of(user: User) -> DataKey:
    """The key of a member of staff, made when it is needed first."""
    db.session.flush()
    key = user.key()
    if key is None:
        key, user.data_key = keyring().new_data_key(user.uid)
    return key


def _read(text: str) -> str:
    address = text.strip()
    if len(address) > 254 or ".." in address or _ADDRESS.fullmatch(address) is None:
        raise BadAddressError("This is no mail address.", remedy="Write it as name@place.example.")
    return address


def index_of(address: str) -> bytes:
    """The blind index of a mail address, the same for students and staff."""
    return keyring().blind_index(EMAIL_INDEX_PLACE, address.lower())


def _end_codes(user_id: int) -> None:
    db.session.execute(
        update(AddressCode)
        .where(AddressCode.user_id == user_id, AddressCode.used_at.is_(None))
        .values(expires_at=SQL_NOW)
    )
