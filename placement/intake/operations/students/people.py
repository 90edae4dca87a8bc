"""What of a student is kept under cipher: made for new people, made anew where it changed."""

import uuid
from dataclasses import dataclass
from typing import Any

from placement.intake.operations.students.comparing import StudentChange
from placement.intake.operations.students.entry import StudentEntry
from placement.intake.operations.students.known import KnownStudent
from placement.keys import DataKey, keyring

SEALED = (
    "id_type",
    "id_number_sealed",
    "id_number_index",
    "id_tail_index",
    "mobile_sealed",
    "mobile_index",
    "email_sealed",
    "email_index",
)
"""The columns of `students` that follow from the ID number, the mobile and the e-mail."""

_COLUMNS_OF = {"id_number": SEALED[:4], "mobile": SEALED[4:6], "email": SEALED[6:]}


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The blind indexes of a row, by which it is compared without opening a cipher."""

    id_number: bytes
    mobile: bytes | None
    email: bytes | None


def fingerprints(entry: StudentEntry) -> Fingerprints:
    """Return the blind indexes of a row."""
    ring = keyring()
    return Fingerprints(
        ring.blind_index("students.id_number", entry.id_number),
        None if entry.mobile is None else ring.blind_index("students.mobile", entry.mobile),
        None if entry.email is None else ring.blind_index("students.email", entry.email),
    )


def changed_contacts(
    entry: StudentEntry, prints: Fingerprints, known: KnownStudent, columns: frozenset[str]
) -> tuple[set[str], set[str]]:
    """Which of ID number, mobile and e-mail change, and which the student confirmed and keeps.

    A mobile or an address that the student has confirmed is theirs: the file does not replace it.
    """
    row = known.row
    changed: set[str] = set()
    kept: set[str] = set()
    if (entry.id_type, prints.id_number) != (row.id_type, row.id_number_index):
        changed.add("id_number")
    for name, new, old, confirmed in (
        ("mobile", prints.mobile, row.mobile_index, row.mobile_confirmed_at),
        ("email", prints.email, row.email_index, row.email_confirmed_at),
    ):
        if name in columns and new != old:
            (kept if confirmed is not None else changed).add(name)
    return changed, kept


@dataclass(frozen=True, slots=True)
class Person:
    """The identity of a student in the database and the values that are kept under cipher."""

    uid: uuid.UUID
    data_key: bytes
    sealed: tuple[Any, ...]
    """In the order of `SEALED`."""


def seal_person(change: StudentChange, prints: Fingerprints) -> Person:
    """Seal what is new of a person under the person's key, and keep what is not."""
    row = None if change.known is None else change.known.row
    if row is None:
        uid = uuid.uuid4()
        key, wrapped = keyring().new_data_key(uid)
        return Person(uid, wrapped, _sealed_whole(key, uid, change.entry, prints))
    uid, wrapped = row.uid, row.data_key
    if wrapped is None:
        key, wrapped = keyring().new_data_key(uid)
    else:
        key = keyring().data_key(uid, wrapped)
    if change.is_new:
        return Person(uid, wrapped, _sealed_whole(key, uid, change.entry, prints))
    kept = tuple(getattr(row, column) for column in SEALED)
    anew = {column for name in change.changed for column in _COLUMNS_OF.get(name, ())}
    if not anew:
        return Person(uid, wrapped, kept)
    fresh = _sealed_whole(key, uid, change.entry, prints)
    chosen = zip(SEALED, fresh, kept, strict=True)
    return Person(
        uid, wrapped, tuple(new if column in anew else old for column, new, old in chosen)
    )


def _sealed_whole(
    key: DataKey, uid: uuid.UUID, entry: StudentEntry, prints: Fingerprints
) -> tuple[Any, ...]:
    number, mobile, email = entry.id_number, entry.mobile, entry.email
    return (
        entry.id_type,
        key.seal(number, "students.id_number", uid),
        prints.id_number,
        keyring().blind_index("students.id_tail", number[-4:]),
        key.seal(mobile, "students.mobile", uid) if mobile else None,
        prints.mobile,
        key.seal(email, "students.email", uid) if email else None,
        prints.email,
    )
